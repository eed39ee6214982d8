using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Lottery.Formats.Yaml;

namespace Lottery.Studies.Settings;

/// <summary>An integer.</summary>
/// <param name="Least">The smallest.</param>
/// <param name="Most">The largest.</param>
/// <param name="Word">A word that may be there instead; null for none.</param>
internal sealed record IntegerShape(ulong Least, ulong Most = int.MaxValue, string? Word = null) : ValueShape
{
    public override string ValueName => Word is null ? "N" : $"N|{Word}";

    public override void Check(YamlNode node, string path)
    {
        if (Word is not null && node is YamlScalar word && word.Value == Word) return;
        bool isOne = node is YamlScalar { IsQuoted: false } scalar
            && ulong.TryParse(scalar.Value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value)
            && value >= Least && value <= Most;
        if (isOne) return;
        // The limit is named to those who meet it.
        bool isTooLarge = node is YamlScalar { Value: { Length: > 0 } digits } && digits.All(char.IsAsciiDigit) && digits.TrimStart('0').Length >= Most.ToString(CultureInfo.InvariantCulture).Length;
        throw Wrong(node, path, Most == int.MaxValue && !isTooLarge
            ? $"an integer of at least {Least}{(Word is null ? "" : $", or {Word}")}"
            : $"an integer from {Least} to {Most}{(Word is null ? "" : $", or {Word}")}");
    }

    public override JsonObject Schema()
    {
        JsonObject schema = new() { ["type"] = "integer", ["minimum"] = Least, ["maximum"] = Most };
        return Word is null ? schema : new() { ["anyOf"] = new JsonArray(schema, new JsonObject { ["enum"] = new JsonArray(Word) }) };
    }
}

/// <summary>True or false; as an option, a flag.</summary>
internal sealed record BooleanShape : ValueShape
{
    public override string ValueName => "true|false";

    public override void Check(YamlNode node, string path)
    {
        if (node is not YamlScalar { IsQuoted: false, Value: "true" or "false" }) throw Wrong(node, path, "true or false");
    }

    public override JsonObject Schema() => new() { ["type"] = "boolean" };
}

/// <summary>A finite number.</summary>
/// <param name="Least">The smallest number; null for any.</param>
/// <param name="Below">All numbers are below it; null for any.</param>
/// <param name="IsPositive">Whether 0 and negative numbers are refused.</param>
/// <param name="Word">A word that may stand in its place; null for none.</param>
internal sealed record NumberShape(double? Least = null, double? Below = null, bool IsPositive = false, string? Word = null) : ValueShape
{
    public static NumberShape Positive { get; } = new(IsPositive: true);

    public override string ValueName => Word is null ? "X" : $"X|{Word}";

    public override void Check(YamlNode node, string path)
    {
        if (Word is not null && node is YamlScalar word && word.Value == Word) return;
        bool isOne = node is YamlScalar { IsQuoted: false } scalar
            && double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && double.IsFinite(value) && !(value < Least) && !(value >= Below) && (!IsPositive || value > 0);
        if (isOne) return;
        string[] bounds = [.. new[] { IsPositive ? "above 0" : Least is { } least ? Text($"of at least {least}") : null, Below is { } limit ? Text($"below {limit}") : null }.OfType<string>()];
        throw Wrong(node, path, (bounds.Length == 0 ? "a number" : $"a number {string.Join(" and ", bounds)}") + (Word is null ? "" : $", or {Word}"));
    }

    public override JsonObject Schema()
    {
        JsonObject schema = new() { ["type"] = "number" };
        if (IsPositive) schema["exclusiveMinimum"] = 0;
        if (Least is { } least) schema["minimum"] = least;
        if (Below is { } limit) schema["exclusiveMaximum"] = limit;
        return Word is null ? schema : new() { ["anyOf"] = new JsonArray(schema, new JsonObject { ["enum"] = new JsonArray(Word) }) };
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}

/// <summary>Any text that is not empty.</summary>
/// <param name="Name">What the help calls it.</param>
internal sealed record TextShape(string Name = "TEXT") : ValueShape
{
    public override string ValueName => Name;

    public override void Check(YamlNode node, string path)
    {
        if (node is not YamlScalar { Value.Length: > 0 }) throw Wrong(node, path, "a text");
    }

    public override JsonObject Schema() => new() { ["type"] = "string", ["minLength"] = 1 };
}

/// <summary>One of some names.</summary>
internal sealed record ChoiceShape(ImmutableArray<string> Names) : ValueShape
{
    public override string ValueName => string.Join('|', Names);

    public override void Check(YamlNode node, string path)
    {
        if (node is not YamlScalar scalar) throw Wrong(node, path, $"one of {string.Join(", ", Names)}");
        if (Names.Contains(scalar.Value)) return;
        throw new UserException($"{node.Location.Subject(path)} cannot be '{scalar.Value}'; "
            + (Suggestion.Nearest(scalar.Value, Names) is { } nearest ? $"did you mean '{nearest}'?" : $"use one of {string.Join(", ", Names)}."));
    }

    public override JsonObject Schema() => new() { ["enum"] = new JsonArray([.. Names.Select(name => (JsonNode)name)]) };
}

/// <summary>A name that the library looks up, or what else it accepts there.</summary>
/// <param name="Name">What the help calls it.</param>
/// <param name="Names">Names for editors to offer.</param>
/// <param name="Find">Looks one up; throws a sentence for the user where there is none.</param>
internal sealed record NameShape(string Name, ImmutableArray<string> Names, Action<string> Find) : ValueShape
{
    public override string ValueName => Name;

    public override void Check(YamlNode node, string path)
    {
        if (node is not YamlScalar { Value.Length: > 0 } scalar) throw Wrong(node, path, "a name");
        try
        {
            Find(scalar.Value);
        }
        catch (UserException unknown)
        {
            throw new UserException(node.Location.Sentence(unknown.Message), unknown);
        }
    }

    public override JsonObject Schema() => Names.Length == 0 ? new TextShape().Schema() : new()
    {
        ["anyOf"] = new JsonArray(new ChoiceShape(Names).Schema(), new TextShape().Schema()),
    };
}
