using System.Globalization;

namespace Lottery.Networks.Descriptions;

/// <summary>The settings of a layer in a word of a description: <c>(64,3,stride=2,no-bias)</c>.</summary>
/// <param name="word">The word of the layer's kind.</param>
/// <param name="name">The layer's name; null if it has none of its own.</param>
/// <param name="values">What stands in the brackets.</param>
internal sealed class DescribedSettings(LayerWord word, string? name, string[] values) : ILayerSettings
{
    /// <summary>The words that stand for switches that are off.</summary>
    public const string NoBias = "no-bias", Unpruned = "unpruned";

    public string? Name => name;

    /// <summary>A size in a description.</summary>
    /// <exception cref="FormatException">It is not an integer of at least 1.</exception>
    public static int Size(string text) => Size(text, least: 1);

    public int Whole(string key, int? fallback = null, int least = 1) =>
        Value(key) is { } text ? Size(text, least) : fallback ?? throw Incomplete();

    public bool Truth(string key) => !values.Contains(key == "bias" ? NoBias : Unpruned);

    public double Fraction(string key)
    {
        string text = Value(key) ?? throw Incomplete();
        return double.TryParse(text, CultureInfo.InvariantCulture, out double fraction)
            ? fraction
            : throw new FormatException($"its network has the fraction '{NetworkReader.Short(text)}', which is no number");
    }

    public Action<NetworkBuilder> Layers(string key) => throw Incomplete();

    public bool Has(string key) => Value(key) is not null;

    /// <summary>The value with that key, or at the key's position.</summary>
    private string? Value(string key)
    {
        if (values.FirstOrDefault(value => value.StartsWith(key, StringComparison.Ordinal) && value.AsSpan(key.Length).StartsWith("=")) is { } stated)
            return stated[(key.Length + 1)..];
        int index = word.Keys.IndexOf(key);
        return index < values.Length && !values[index].Contains('=') && values[index] is not (NoBias or Unpruned) ? values[index] : null;
    }

    private static int Size(string text, int least) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least
            ? number
            : throw new FormatException($"its network has the size '{NetworkReader.Short(text)}', which is not an integer from {least} to {int.MaxValue}");

    private FormatException Incomplete() => NetworkReader.Unknown(string.Concat(name is null ? "" : name + "=", word.Described));
}
