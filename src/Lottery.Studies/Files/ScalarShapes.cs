using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Lottery.Formats.Yaml;

namespace Lottery.Studies.Files;

/// <summary>A whole number.</summary>
internal sealed record WholeShape(ulong Least, ulong Most = int.MaxValue) : Shape
{
    public override void Check(YamlNode node, string path)
    {
        bool isOne = node is YamlScalar { IsQuoted: false } scalar
            && ulong.TryParse(scalar.Value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value)
            && value >= Least && value <= Most;
        if (isOne) return;
        throw Wrong(node, path, Most == int.MaxValue
            ? $"a whole number of at least {Least}"
            : $"a whole number from {Least} to {Most}");
    }

    public override JsonObject Schema() => new() { ["type"] = "integer", ["minimum"] = Least, ["maximum"] = Most };
}

/// <summary>True or false.</summary>
internal sealed record TruthShape : Shape
{
    public override void Check(YamlNode node, string path)
    {
        if (node is not YamlScalar { IsQuoted: false, Value: "true" or "false" }) throw Wrong(node, path, "true or false");
    }

    public override JsonObject Schema() => new() { ["type"] = "boolean" };
}

/// <summary>Any number, negative ones too.</summary>
internal sealed record AnyNumberShape : Shape
{
    public override void Check(YamlNode node, string path)
    {
        bool isOne = node is YamlScalar { IsQuoted: false } scalar
            && double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value);
        if (!isOne) throw Wrong(node, path, "a number");
    }

    public override JsonObject Schema() => new() { ["type"] = "number" };
}

/// <summary>A number above zero, or of at least zero and below a limit.</summary>
internal sealed record NumberShape(bool ZeroToo = false, double? Below = null) : Shape
{
    public override void Check(YamlNode node, string path)
    {
        bool isOne = node is YamlScalar { IsQuoted: false } scalar
            && double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && double.IsFinite(value) && (ZeroToo ? value >= 0 : value > 0) && !(value >= Below);
        string least = ZeroToo ? "a number of at least 0" : "a number above 0";
        if (!isOne)
            throw Wrong(node, path, least + (Below is { } limit ? FormattableString.Invariant($" and below {limit}") : ""));
    }

    public override JsonObject Schema()
    {
        JsonObject schema = new() { ["type"] = "number", [ZeroToo ? "minimum" : "exclusiveMinimum"] = 0 };
        if (Below is { } limit) schema["exclusiveMaximum"] = limit;
        return schema;
    }
}

/// <summary>Any text that is not empty.</summary>
internal sealed record TextShape : Shape
{
    public override void Check(YamlNode node, string path)
    {
        if (node is not YamlScalar { Value.Length: > 0 }) throw Wrong(node, path, "a text");
    }

    public override JsonObject Schema() => new() { ["type"] = "string", ["minLength"] = 1 };
}

/// <summary>One of some names.</summary>
internal sealed record ChoiceShape(ImmutableArray<string> Names) : Shape
{
    public override void Check(YamlNode node, string path)
    {
        if (node is not YamlScalar scalar) throw Wrong(node, path, $"one of {string.Join(", ", Names)}");
        if (Names.Contains(scalar.Value)) return;
        throw new UserException(Suggestion.Nearest(scalar.Value, Names) is { } nearest
            ? $"{node.Place}: {path} cannot be '{scalar.Value}'; did you mean '{nearest}'?"
            : $"{node.Place}: {path} cannot be '{scalar.Value}'; take one of {string.Join(", ", Names)}.");
    }

    public override JsonObject Schema() => new() { ["enum"] = new JsonArray([.. Names.Select(name => (JsonNode)name)]) };
}

/// <summary>A name that the library looks up, or what else it takes there.</summary>
/// <param name="Names">Names for editors to offer.</param>
/// <param name="Find">Looks one up; throws what to tell the user where there is none.</param>
internal sealed record NameShape(ImmutableArray<string> Names, Action<string> Find) : Shape
{
    public override void Check(YamlNode node, string path)
    {
        if (node is not YamlScalar { Value.Length: > 0 } scalar) throw Wrong(node, path, "a name");
        try
        {
            Find(scalar.Value);
        }
        catch (UserException unknown)
        {
            throw new UserException($"{node.Place}: {unknown.Message}", unknown.ExitCode, unknown);
        }
    }

    public override JsonObject Schema() => Names.Length == 0 ? new TextShape().Schema() : new()
    {
        ["anyOf"] = new JsonArray(new ChoiceShape(Names).Schema(), new TextShape().Schema()),
    };
}
