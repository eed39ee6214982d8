using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Lottery.Formats.Yaml;

namespace Lottery.Studies.Settings;

/// <summary>A map with known keys.</summary>
/// <param name="Settings">One a key.</param>
/// <param name="Alternatives">Keys of which a map has one at most.</param>
internal sealed record MapShape(ImmutableArray<Setting> Settings, params ImmutableArray<string> Alternatives) : ValueShape
{
    /// <summary>Another group of keys of which a map has one at most.</summary>
    public ImmutableArray<string> OtherAlternatives { get; init; } = [];

    /// <summary>The keys that exclude <paramref name="key"/>, itself among them; none for a key that excludes none.</summary>
    public ImmutableArray<string> GroupOf(string key) => Alternatives.Contains(key) ? Alternatives : OtherAlternatives.Contains(key) ? OtherAlternatives : [];

    /// <summary>True for a choice between named maps, as in <c>adam: { lr: 0.001 }</c>: as an option, the name.</summary>
    public bool IsBranch => Alternatives.Length == Settings.Length && Settings.All(setting => setting.Shape is MapShape);

    public override string ValueName => IsBranch ? string.Join('|', Alternatives) : "KEY=VALUE,…";

    /// <summary>The setting of that key, or null.</summary>
    public Setting? this[string key] => Settings.FirstOrDefault(setting => setting.Key == key);

    public override void Check(YamlNode node, string path)
    {
        if (node is not YamlMap map) throw Wrong(node, path, $"a map of {Keys}");
        foreach ((YamlScalar key, YamlNode value) in map.Entries)
        {
            Setting known = this[key.Value] ?? throw Unknown(key, path);
            known.Shape.Check(value, path.Length == 0 ? key.Value : $"{path}.{key.Value}");
        }
        foreach (ImmutableArray<string> group in (ImmutableArray<string>[])[Alternatives, OtherAlternatives])
            if (map.Entries.Select(entry => entry.Key).Where(key => group.Contains(key.Value)).ToArray() is { Length: > 1 } either)
                throw new UserException(either[1].Location.IsOption
                    ? $"{either[0].Location} and {either[1].Location} are both given; give one of them."
                    : $"{either[1].Location}: {path} has both {either[0].Value} and {either[1].Value}; keep one.");
    }

    /// <summary>
    /// Checks that a map and the maps in it have every key that they must have. Apart from <see cref="Check"/>, because a key can
    /// be given by an axis, so that only a whole cell has to be complete.
    /// </summary>
    /// <param name="map">A checked map.</param>
    /// <exception cref="UserException">A key is missing; the sentence names the innermost map that is written somewhere.</exception>
    public void RequireComplete(YamlMap map) => RequireComplete(map, "", map.Location, "");

    private void RequireComplete(YamlMap map, string path, SourceLocation stated, string statedPath)
    {
        if (!map.Location.IsDefault || path.Length == 0) (stated, statedPath) = (map.Location, path);
        foreach (Setting setting in Settings)
        {
            string key = path.Length == 0 ? setting.Key : $"{path}.{setting.Key}";
            if (map[setting.Key] is null && setting.IsRequired)
                throw new UserException($"{stated.Subject(statedPath.Length == 0 ? "the study" : statedPath)} has no "
                    + $"{(statedPath.Length == 0 ? key : key[(statedPath.Length + 1)..])}; add it.");
            if (map[setting.Key] is YamlMap inner && setting.MapOf() is { } shape) shape.RequireComplete(inner, key, stated, statedPath);
        }
    }

    public override YamlNode Parse(string text, SourceLocation location)
    {
        if (IsBranch) return StudyTree.Path([text], new YamlMap([], location));
        var entries = ImmutableArray.CreateBuilder<YamlEntry>();
        foreach (string part in text.Split(','))
        {
            if (part.Split('=') is not [string key, string value])
                throw new UserException($"{location} is '{text}', but must be written as in {string.Join(',', Settings.Select(setting => $"{setting.Key}=0.1"))}.");
            if (this[key] is null)
                throw new UserException($"{location} has no key '{key}'; "
                    + (Suggestion.Nearest(key, Settings.Select(setting => setting.Key)) is { } nearest ? $"did you mean '{nearest}'?" : $"use {Keys}."));
            SourceLocation own = location with { Source = $"{location} {key}" };
            if (entries.Any(entry => entry.Key.Value == key)) throw new UserException($"{location} has {key} twice; keep one.");
            entries.Add(new(new(key, false, own), new YamlScalar(value, false, own)));
        }
        return new YamlMap(entries.ToImmutable(), location);
    }

    public override string Format(YamlNode node) => node is not YamlMap map ? node.Text
        : string.Join(',', map.Entries.Select(entry => IsBranch ? entry.Key.Value : $"{entry.Key.Value}={entry.Value.Text}"));

    public override JsonObject Schema()
    {
        JsonObject schema = new()
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = new JsonObject(Settings.Select(setting => KeyValuePair.Create(setting.Key, (JsonNode?)Described(setting)))),
        };
        // Only a name: every other key can be given by an axis or by a scale.
        if (Settings.Any(setting => setting is { IsRequired: true, Key: "study" })) schema["required"] = Array(["study"]);
        JsonObject[] pairs = [.. new[] { Alternatives, OtherAlternatives }.SelectMany(group => group.SelectMany((one, i) =>
            group.Skip(i + 1).Select(other => new JsonObject { ["required"] = Array([one, other]) })))];
        if (pairs.Length > 0) schema["not"] = pairs.Length == 1 ? pairs[0] : new JsonObject { ["anyOf"] = new JsonArray([.. pairs]) };
        return schema;
    }

    private string Keys => string.Join(", ", Settings.Select(setting => setting.Key));

    private UserException Unknown(YamlScalar key, string path) => new(
        (key.Location.IsOption ? $"{key.Location} cannot be '{key.Value}'" : $"{key.Location}: there is no key '{key.Value}' in {(path.Length == 0 ? "a study" : path)}")
        + (Suggestion.Nearest(key.Value, Settings.Select(setting => setting.Key)) is { } nearest ? $"; did you mean '{nearest}'?"
            : Settings.Length > 12 ? "; see `lottery study schema`." : $"; use {Keys}."));

    private static JsonObject Described(Setting setting)
    {
        JsonObject schema = setting.Shape.Schema();
        schema["description"] = setting.About;
        return schema;
    }

    private static JsonArray Array(IEnumerable<string> words) => new([.. words.Select(word => (JsonNode)word)]);
}

/// <summary>A map with free keys.</summary>
/// <param name="Of">What each value may be.</param>
internal sealed record DictionaryShape(ValueShape Of) : ValueShape
{
    public override string ValueName => "MAP";

    public override void Check(YamlNode node, string path)
    {
        if (node is not YamlMap map) throw Wrong(node, path, "a map of names");
        foreach ((YamlScalar key, YamlNode value) in map.Entries) Of.Check(value, $"{path}.{key.Value}");
    }

    public override JsonObject Schema() => new() { ["type"] = "object", ["additionalProperties"] = Of.Schema() };
}

/// <summary>A list of at least one value, each once; as an option, with commas.</summary>
/// <param name="Of">What each item may be.</param>
internal sealed record ListShape(ValueShape Of) : ValueShape
{
    public override string ValueName => $"{Of.ValueName}[,…]";

    public override void Check(YamlNode node, string path)
    {
        if (node is not YamlList { Items.Length: > 0 } list) throw Wrong(node, path, "a list of at least one value");
        var lines = new HashSet<string>();
        foreach (YamlNode item in list.Items)
        {
            Of.Check(item, path);
            if (!lines.Add(item.Text)) throw new UserException($"{item.Location.Subject(path)} has {item.Text} twice; keep one.");
        }
    }

    public override YamlNode Parse(string text, SourceLocation location) =>
        new YamlList([.. text.Split(',').Select(item => Of.Parse(item, location))], location);

    public override string Format(YamlNode node) => node is YamlList list ? string.Join(',', list.Items.Select(Of.Format)) : node.Text;

    public override JsonObject Schema() => new() { ["type"] = "array", ["minItems"] = 1, ["items"] = Of.Schema() };
}

/// <summary>A single value of one shape, or a list or map of another.</summary>
internal sealed record EitherShape(ValueShape Scalar, ValueShape Nested) : ValueShape
{
    public override string ValueName => Nested is ListShape { Of: ChoiceShape items } && Scalar is ChoiceShape single
        ? $"{string.Join('|', single.Names.Union(items.Names))}[,…]" : Scalar.ValueName;

    public override void Check(YamlNode node, string path) => (node is YamlScalar ? Scalar : Nested).Check(node, path);

    public override YamlNode Parse(string text, SourceLocation location) =>
        (Scalar is ChoiceShape choice && !choice.Names.Contains(text) ? Nested : Scalar).Parse(text, location);

    public override string Format(YamlNode node) => (node is YamlScalar ? Scalar : Nested).Format(node);

    public override JsonObject Schema() => new() { ["anyOf"] = new JsonArray(Scalar.Schema(), Nested.Schema()) };
}

/// <summary>A shape that the schema defines once and refers to elsewhere.</summary>
/// <param name="Name">What the schema calls it.</param>
/// <param name="Find">Finds the shape when it is needed, so that it can contain itself.</param>
internal sealed record SharedShape(string Name, Func<ValueShape> Find) : ValueShape
{
    /// <summary>The shape.</summary>
    public ValueShape Of => field ??= Find();

    public override string ValueName => Of.ValueName;

    public override void Check(YamlNode node, string path) => Of.Check(node, path);

    public override JsonObject Schema() => new() { ["$ref"] = $"#/definitions/{Name}" };
}
