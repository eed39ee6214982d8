using System.Collections.Immutable;

namespace Lottery.Data;

/// <summary>The status of a known set on this machine: its location, if it was found, and its files.</summary>
/// <param name="Set">The set.</param>
/// <param name="Location">The first location that holds any of its files; null if none does.</param>
/// <param name="Files">Its files there; empty without a location.</param>
internal sealed record DatasetStatus(KnownSet Set, DataLocation? Location, ImmutableArray<FileStatus> Files)
{
    /// <summary>Bytes on disk (compressed size, if compressed).</summary>
    public long Bytes => Files.Sum(file => file.Bytes);

    /// <summary>True if it was found and no file is missing or known to be damaged.</summary>
    public bool IsWhole => Location is not null && Files.All(file => file.Fault is null);
}

/// <summary>One file of a set on this machine.</summary>
/// <param name="Name">Its name without <c>.gz</c>.</param>
/// <param name="Path">Where it is; null if it is missing.</param>
/// <param name="Bytes">Bytes on disk; 0 if it is missing.</param>
/// <param name="Fault">What was expected and what was found; null if nothing is wrong.</param>
internal sealed record FileStatus(string Name, string? Path, long Bytes, string? Fault);
