using System.Collections.Immutable;
using Lottery.Networks;

namespace Lottery.Formats.Tensors;

/// <summary>Which tensor of a file is which parameter of a network: by a map, by name, or by the order and the shapes of layers.</summary>
/// <param name="Entries">The entry of each parameter that was asked for.</param>
/// <param name="Rest">The entries of no parameter.</param>
/// <param name="Notes">Sentences on what was done to names.</param>
internal sealed record ParameterMatch(ImmutableArray<StateEntry> Entries, ImmutableArray<StateEntry> Rest, ImmutableArray<string> Notes)
{
    private static readonly string[] s_parts = ["weight", "bias", "running_mean", "running_var"];

    /// <summary>Finds the entry of each parameter.</summary>
    /// <param name="file">The file.</param>
    /// <param name="wanted">The parameters.</param>
    /// <param name="map">What the user stated.</param>
    /// <param name="wrong">The error of what is wrong, given a clause.</param>
    /// <exception cref="UserException">There is none for a parameter, or it has another shape.</exception>
    public static ParameterMatch Of(NamedTensors file, ImmutableArray<Parameter> wanted, NameMap map, Func<string, UserException> wrong)
    {
        var notes = new List<string>();
        if (file.Where.Length > 0) notes.Add($"{file.Path}: the tensors under {file.Where} were read.");
        ImmutableArray<StateEntry> entries = StateDictionary.Of(file.Tensors);
        if (!wanted.All(parameter => entries.Any(entry => entry.Name == parameter.Name)) && StateDictionary.Strip(entries) is { } stripped)
        {
            entries = stripped.Entries;
            map = map.Stripped();
            notes.Add($"{file.Path}: the prefix {stripped.Stripped} was stripped from its names.");
        }
        var search = new Search(file, wanted, wrong);
        (ImmutableArray<StateEntry> named, ImmutableArray<StateEntry> rest) = map.Apply(file.Path, entries);
        search.Take(named, rest);
        if (search.MatchLayers() is { } note) notes.Add(note);
        return new([.. wanted.Select(search.EntryOf)], search.Rest, [.. notes]);
    }

    private sealed class Search(NamedTensors file, ImmutableArray<Parameter> wanted, Func<string, UserException> wrong)
    {
        private readonly Dictionary<string, StateEntry> _found = [];
        private List<StateEntry> _rest = [];

        public ImmutableArray<StateEntry> Rest => [.. _rest];

        public StateEntry EntryOf(Parameter parameter)
        {
            if (!_found.TryGetValue(parameter.Name, out StateEntry? entry)) throw wrong($"has no {parameter.Name}");
            return entry.Tensor.Shape.SequenceEqual(parameter.Shape) ? entry : throw wrong($"has {entry.Tensor.Name} in the shape [{string.Join(", ", entry.Tensor.Shape)}], but the network's is [{string.Join(", ", parameter.Shape)}]");
        }

        /// <summary>Takes the entries that a map names, then those that have a parameter's name.</summary>
        public void Take(ImmutableArray<StateEntry> named, ImmutableArray<StateEntry> rest)
        {
            foreach (StateEntry entry in named)
            {
                if (!wanted.Any(parameter => parameter.Name == entry.Name)) throw wrong($"has {entry.Tensor.Name}, which the map calls {entry.Name}");
                if (!_found.TryAdd(entry.Name, entry)) throw wrong($"has {entry.Tensor.Name} and {_found[entry.Name].Tensor.Name}, which the map both calls {entry.Name}");
            }
            foreach (StateEntry entry in rest)
                if (!wanted.Any(parameter => parameter.Name == entry.Name) || !_found.TryAdd(entry.Name, entry)) _rest.Add(entry);
        }

        /// <summary>Matches the layers of which nothing was found by name, if there is only one way to do so.</summary>
        public string? MatchLayers()
        {
            Parameter[] missing = [.. wanted.Where(parameter => !_found.ContainsKey(parameter.Name))];
            if (missing.Length == 0) return null;
            var taken = _found.Values.Select(entry => LayerOf(entry.Tensor.Name)).ToHashSet();
            Group[] ours = [.. missing.GroupBy(parameter => LayerOf(parameter.Name)).Select(layer => new Group(layer.Key, [.. layer.Select(Own)]))];
            Group[] theirs = [.. _rest.Where(entry => entry.Tensor.Count > 1).GroupBy(entry => entry.Layer)
                .Select(layer => new Group(layer.Key, [.. layer.Select(entry => new Part(entry.Part, entry.Tensor.Shape, entry))]))];
            bool isWhole = !ours.Any(layer => _found.Keys.Any(name => LayerOf(name) == layer.Name)) && !theirs.Any(layer => taken.Contains(layer.Name));
            if (!isWhole) return null;
            return Match(ours, theirs, layer => layer.Signature)
                ?? Match([.. ours.SelectMany(layer => layer.Single)], [.. theirs.SelectMany(layer => layer.Single)], part => part.Shapes);
        }

        private string? Match(Group[] ours, Group[] theirs, Func<Group, string> likeness)
        {
            bool inOrder = file.IsOrdered && ours.Select(likeness).SequenceEqual(theirs.Select(likeness));
            (Group Ours, Group Theirs)[] pairs = inOrder ? [.. ours.Zip(theirs)]
                : [.. ours.Join(theirs, likeness, likeness, (own, other) => (own, other))];
            bool isUnique = pairs.Length == ours.Length && pairs.DistinctBy(pair => pair.Ours.Name).Count() == ours.Length
                && pairs.DistinctBy(pair => pair.Theirs.Name).Count() == ours.Length;
            if (!isUnique || !pairs.All(pair => pair.Ours.Fits(pair.Theirs))) return null;
            foreach ((Group own, Group other) in pairs)
            {
                foreach (Part part in own.Parts)
                {
                    StateEntry entry = own.Parts.Length == 1 ? other.Parts[0].Entry! : other.Parts.First(one => one.Name == part.Name).Entry!;
                    _found[part.Parameter!] = entry;
                    _rest.Remove(entry);
                }
            }
            return $"{file.Path}: its layers were matched by {(inOrder ? "order and shape" : "shape")}: "
                + $"{string.Join(", ", pairs.Select(pair => $"{pair.Theirs.Name} → {pair.Ours.Name}"))}.";
        }

        private static Part Own(Parameter parameter) => new(parameter.Name[(parameter.Name.LastIndexOf('.') + 1)..], parameter.Shape, null) { Parameter = parameter.Name };
    }

    private static string LayerOf(string name) => name.Contains('.', StringComparison.Ordinal) ? name[..name.LastIndexOf('.')] : name;

    /// <summary>A tensor of a layer.</summary>
    private sealed record Part(string Name, ImmutableArray<int> Shape, StateEntry? Entry)
    {
        /// <summary>The parameter's name; null on the side of the file.</summary>
        public string? Parameter { get; init; }
    }

    /// <summary>The tensors of a layer.</summary>
    private sealed record Group(string Name, Part[] Parts)
    {
        /// <summary>The names and shapes of its tensors in an order of their own.</summary>
        public string Signature => string.Join(';', Parts.OrderBy(part => part.Name, StringComparer.Ordinal).Select(part => $"{part.Name}[{string.Join(',', part.Shape)}]"));

        /// <summary>The shapes of its tensors.</summary>
        public string Shapes => string.Join(';', Parts.Select(part => string.Join(',', part.Shape)));

        /// <summary>Its tensors one by one.</summary>
        public IEnumerable<Group> Single => Parts.Select(part => new Group(part.Parameter ?? part.Entry!.Name, [part]));

        /// <summary>False if a tensor is called a bias that would be a weight.</summary>
        public bool Fits(Group other) => Parts.Length != 1 || other.Parts.Length != 1 || Parts[0].Name == other.Parts[0].Name || !s_parts.Contains(other.Parts[0].Name);
    }
}
