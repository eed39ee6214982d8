using System.Globalization;
using System.Text.Json.Nodes;
using Lottery.Formats.Yaml;

namespace Lottery.Studies.Settings;

/// <summary>A place or a length in a training: in steps, or in epochs as in <c>80ep</c> and <c>0.5ep</c>.</summary>
/// <param name="Least">The smallest number of steps.</param>
internal sealed record LengthShape(int Least) : ValueShape
{
    private const string Unit = "ep";

    public override string ValueName => "N|Nep";

    public override void Check(YamlNode node, string path)
    {
        bool isOne = node is YamlScalar { IsQuoted: false } scalar
            && (Epochs(scalar) is not null || (int.TryParse(scalar.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int steps) && steps >= Least));
        if (!isOne) throw Wrong(node, path, $"an integer of at least {Least}, or epochs as in 2ep");
    }

    public override JsonObject Schema() => new()
    {
        ["anyOf"] = new JsonArray(new IntegerShape((ulong)Least).Schema(), new JsonObject { ["type"] = "string", ["pattern"] = @"^[0-9]+(\.[0-9]+)?ep$" }),
    };

    /// <summary>The value in steps.</summary>
    /// <param name="node">A checked value.</param>
    /// <param name="path">Its key, for errors.</param>
    /// <param name="perEpoch">Steps of an epoch.</param>
    /// <exception cref="UserException">It is less than a step, or more than can be counted.</exception>
    public YamlNode InSteps(YamlNode node, string path, int perEpoch)
    {
        if (node is not YamlScalar scalar || Epochs(scalar) is not { } epochs) return node;
        decimal steps = Math.Floor(epochs * perEpoch);
        if (steps < Least || steps > int.MaxValue)
            throw new UserException($"{node.Location.Subject(path)} is {scalar.Value}, which is {steps} steps of {perEpoch} an epoch; give {(steps < Least ? "more" : "less")}.");
        return scalar with { Value = steps.ToString(CultureInfo.InvariantCulture) };
    }

    /// <summary>The number of a length, whatever its unit: what is known of it before the data are.</summary>
    public static int Number(YamlNode node) => node is YamlScalar scalar && Epochs(scalar) is { } epochs ? (int)Math.Min(int.MaxValue, Math.Ceiling(epochs)) : node.Integer();

    private static decimal? Epochs(YamlScalar scalar) => scalar.Value.EndsWith(Unit, StringComparison.Ordinal)
        && decimal.TryParse(scalar.Value.AsSpan(0, scalar.Value.Length - Unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal epochs)
        && epochs < int.MaxValue ? epochs : null;
}
