using System.Collections.Immutable;

namespace Lottery.Formats.Tensors;

/// <summary>
/// Which tensors of a file are which of a network, as a user states it: <c>net.0=fc1,net.2=output</c>. A name stands for a tensor,
/// or for all tensors of a layer; with nothing after the sign, it is left out.
/// </summary>
internal sealed class NameMap
{
    private readonly ImmutableArray<(string Theirs, string Ours)> _pairs;

    private NameMap(ImmutableArray<(string, string)> pairs) => _pairs = pairs;

    /// <summary>The map that names nothing.</summary>
    public static NameMap Empty { get; } = new([]);

    /// <summary>Reads a map.</summary>
    /// <exception cref="UserException">It is not written as it must be.</exception>
    public static NameMap Parse(string? text)
    {
        if (text is null) return Empty;
        var pairs = ImmutableArray.CreateBuilder<(string, string)>();
        foreach (string part in text.Split(','))
            pairs.Add(part.Split('=') is [{ Length: > 0 } theirs, var ours] && pairs.All(pair => pair.Item1 != theirs)
                ? (theirs, ours)
                : throw new UserException($"The map '{text}' must be written as in net.0=fc1,net.2=output, each name of the file once."));
        return new(pairs.ToImmutable());
    }

    /// <summary>The map of names without the prefixes that are stripped.</summary>
    public NameMap Stripped() => new([.. _pairs.Select(pair => (StateDictionary.Strip(pair.Theirs, []), pair.Ours))]);

    /// <summary>The entries under the names that the map gives them, the others under their own; and those that the map names.</summary>
    /// <exception cref="UserException">The map names something that the file does not have.</exception>
    public (ImmutableArray<StateEntry> Named, ImmutableArray<StateEntry> Others) Apply(string path, ImmutableArray<StateEntry> entries)
    {
        if (_pairs.FirstOrDefault(pair => !entries.Any(entry => Renamed(entry, pair) is not null)) is { Theirs: { } unknown })
            throw new UserException(Suggestion.Nearest(unknown, entries.SelectMany(entry => (string[])[entry.Name, entry.Layer]).Distinct()) is { } nearest
                ? $"{path} has no '{unknown}', which the map names; did you mean '{nearest}'?"
                : $"{path} has no '{unknown}', which the map names; it has {string.Join(", ", entries.Take(12).Select(entry => entry.Name))}.");
        var named = ImmutableArray.CreateBuilder<StateEntry>();
        var rest = ImmutableArray.CreateBuilder<StateEntry>();
        foreach (StateEntry entry in entries)
        {
            string? name = _pairs.Select(pair => Renamed(entry, pair)).FirstOrDefault(one => one is not null);
            if (name is null) rest.Add(entry);
            else if (name.Length > 0) named.Add(entry with { Name = name });
        }
        return (named.ToImmutable(), rest.ToImmutable());
    }

    private static string? Renamed(StateEntry entry, (string Theirs, string Ours) pair) =>
        entry.Name == pair.Theirs ? pair.Ours
        : entry.Name.StartsWith(pair.Theirs + ".", StringComparison.Ordinal) ? pair.Ours.Length == 0 ? "" : pair.Ours + entry.Name[pair.Theirs.Length..]
        : null;
}
