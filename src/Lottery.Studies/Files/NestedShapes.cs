using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Lottery.Formats.Yaml;

namespace Lottery.Studies.Files;

/// <summary>A key of a map.</summary>
/// <param name="Name">The key.</param>
/// <param name="Shape">What its value may be.</param>
/// <param name="About">A few words for editors.</param>
/// <param name="IsRequired">Whether a file must have it.</param>
internal sealed record Key(string Name, Shape Shape, string About, bool IsRequired = false);

/// <summary>A map with known keys.</summary>
/// <param name="Keys">The keys.</param>
/// <param name="Alternatives">Keys of which one rules out the others.</param>
internal sealed record MapShape(ImmutableArray<Key> Keys, params ImmutableArray<string> Alternatives) : Shape
{
    /// <summary>The key of that name, or null.</summary>
    public Key? this[string name] => Keys.FirstOrDefault(key => key.Name == name);

    public override void Check(YamlNode node, string path)
    {
        if (node is not YamlMap map) throw Wrong(node, path, $"a map of {Names}");
        foreach ((YamlScalar key, YamlNode value) in map.Entries)
        {
            Key known = this[key.Value] ?? throw Unknown(key, path);
            known.Shape.Check(value, path.Length == 0 ? key.Value : $"{path}.{key.Value}");
        }
        YamlEntry[] either = [.. map.Entries.Where(entry => Alternatives.Contains(entry.Key.Value))];
        if (either.Length > 1)
            throw new UserException(
                $"{either[1].Key.Place}: {path} has both {either[0].Key.Value} and {either[1].Key.Value}; keep one.");
        if (Keys.FirstOrDefault(key => key.IsRequired && map[key.Name] is null) is { } missing)
            throw new UserException($"{map.Place}: {(path.Length == 0 ? "the study" : path)} has no {missing.Name}; add it.");
    }

    public override JsonObject Schema()
    {
        JsonObject schema = new()
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = new JsonObject(Keys.Select(key => KeyValuePair.Create(key.Name, (JsonNode?)Described(key)))),
        };
        if (Keys.Any(key => key.IsRequired))
            schema["required"] = Array(Keys.Where(key => key.IsRequired).Select(key => key.Name));
        if (Alternatives.Length > 1) schema["not"] = new JsonObject { ["required"] = Array(Alternatives) };
        return schema;
    }

    public override MapShape Partial() =>
        new([.. Keys.Select(key => key with { Shape = key.Shape.Partial(), IsRequired = false })], Alternatives);

    private string Names => string.Join(", ", Keys.Select(key => key.Name));

    private UserException Unknown(YamlScalar key, string path) => new(
        $"{key.Place}: there is no key '{key.Value}' in {(path.Length == 0 ? "a study" : path)}"
        + (Suggestion.Nearest(key.Value, Keys.Select(known => known.Name)) is { } nearest ? $"; did you mean '{nearest}'?"
            : Keys.Length > 12 ? "; see `lottery study schema`." : $": it takes {Names}."));

    private static JsonObject Described(Key key)
    {
        JsonObject schema = key.Shape.Schema();
        schema["description"] = key.About;
        return schema;
    }

    private static JsonArray Array(IEnumerable<string> words) => new([.. words.Select(word => (JsonNode)word)]);
}

/// <summary>A map whose keys are names of one's own.</summary>
internal sealed record NamedShape(Shape Of) : Shape
{
    public override void Check(YamlNode node, string path)
    {
        if (node is not YamlMap map) throw Wrong(node, path, "a map of names");
        foreach ((YamlScalar key, YamlNode value) in map.Entries) Of.Check(value, $"{path}.{key.Value}");
    }

    public override JsonObject Schema() => new() { ["type"] = "object", ["additionalProperties"] = Of.Schema() };
}

/// <summary>A list of at least one, no value twice.</summary>
internal sealed record ListShape(Shape Of) : Shape
{
    public override void Check(YamlNode node, string path)
    {
        if (node is not YamlList { Items.Length: > 0 } list) throw Wrong(node, path, "a list with something in it");
        var lines = new HashSet<string>();
        foreach (YamlNode item in list.Items)
        {
            Of.Check(item, path);
            if (!lines.Add(item.Text)) throw new UserException($"{item.Place}: {path} has {item.Text} a second time; keep one.");
        }
    }

    public override JsonObject Schema() => new() { ["type"] = "array", ["minItems"] = 1, ["items"] = Of.Schema() };
}

/// <summary>A single value of one shape, or a list or map of another.</summary>
internal sealed record EitherShape(Shape Scalar, Shape Nested) : Shape
{
    public override void Check(YamlNode node, string path) => (node is YamlScalar ? Scalar : Nested).Check(node, path);

    public override JsonObject Schema() => new() { ["anyOf"] = new JsonArray(Scalar.Schema(), Nested.Schema()) };

    public override Shape Partial() => new EitherShape(Scalar, Nested.Partial());
}

/// <summary>A shape that the schema writes once and names elsewhere.</summary>
/// <param name="Name">What the schema calls it.</param>
/// <param name="Of">The shape.</param>
internal sealed record SharedShape(string Name, Shape Of) : Shape
{
    public override void Check(YamlNode node, string path) => Of.Check(node, path);

    public override JsonObject Schema() => new() { ["$ref"] = $"#/definitions/{Name}" };
}
