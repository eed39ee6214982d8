using System.Collections.Immutable;

namespace Lottery.Data;

/// <summary>A known set on this machine: where it was found, if anywhere, and its files.</summary>
/// <param name="Set">The set.</param>
/// <param name="Place">The first place that holds any of its files; null if none does.</param>
/// <param name="Files">Its files there; empty where there is no place.</param>
public sealed record DatasetStatus(KnownSet Set, DataPlace? Place, ImmutableArray<FileStatus> Files)
{
    /// <summary>Bytes on disk, compressed as they are.</summary>
    public long Bytes => Files.Sum(file => file.Bytes);

    /// <summary>Found, with no file missing or known to be damaged.</summary>
    public bool IsWhole => Place is not null && Files.All(file => file.Fault is null);
}

/// <summary>One file of a set on this machine.</summary>
/// <param name="Name">Its name without <c>.gz</c>.</param>
/// <param name="Path">Where it is; null if it is missing.</param>
/// <param name="Bytes">Bytes on disk; 0 if it is missing.</param>
/// <param name="Fault">What was expected and what was found instead; null where nothing wrong was seen.</param>
public sealed record FileStatus(string Name, string? Path, long Bytes, string? Fault);
