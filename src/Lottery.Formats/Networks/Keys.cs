using System.Globalization;
using Lottery.Formats.Yaml;
using Lottery.Networks;
using Lottery.Networks.Descriptions;

namespace Lottery.Formats.Networks;

/// <summary>The keys of a map, of which none is unknown, and their values as numbers, truths and words.</summary>
internal sealed class Keys : ILayerSettings
{
    private const int Most = 1 << 20;
    private readonly YamlNode _node;
    private readonly YamlMap? _map;
    private readonly string _what;

    private Keys(YamlNode node, string what) => (_node, _map, _what) = (node, node as YamlMap, what);

    public YamlNode? this[string key] => _map?[key];

    /// <summary>The keys of <paramref name="node"/>, a map that may have <paramref name="known"/> and no other.</summary>
    public static Keys Of(YamlNode node, string what, params string[] known)
    {
        if (node is not YamlMap map) throw NetworkFile.Wrong(node, $"{what} is a map with {string.Join(", ", known)}");
        foreach (YamlEntry entry in map.Entries)
            if (!known.Contains(entry.Key.Value))
                throw NetworkFile.Wrong(entry.Key, Suggestion.Nearest(entry.Key.Value, known) is { } nearest
                    ? $"{what} has no '{entry.Key.Value}'; did you mean '{nearest}'?"
                    : $"{what} has no '{entry.Key.Value}': it has {string.Join(", ", known)}");
        return new(node, what);
    }

    /// <summary>The settings of a layer: a map with its keys, one value, which is the first key's, or none.</summary>
    public static Keys Of(YamlNode node, LayerWord layer) => layer.Keys.IsEmpty
        ? node is YamlMap { Entries.Length: 0 } ? new(node, layer.Name) : throw NetworkFile.Wrong(node, $"{layer.Name} has no settings: leave them out")
        : node is YamlScalar && layer.TakesValue
            ? new(new YamlMap([new(new(layer.Keys[0], false, node.Location), node)], node.Location), layer.Name)
            : Of(node, layer.Name, [.. layer.Keys]);

    /// <summary>An integer from <paramref name="least"/>.</summary>
    public int Whole(string key, int? fallback = null, int least = 1)
    {
        if (this[key] is not { } node) return fallback ?? throw NetworkFile.Wrong(_node, $"{_what} needs its {key}");
        return node is YamlScalar { IsQuoted: false } && int.TryParse(node.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            && value >= least && value <= Most
            ? value
            : throw NetworkFile.Wrong(node, $"{key} is '{node.Text}', but must be an integer from {least} to {Most}");
    }

    /// <summary>true or false; true by default.</summary>
    public bool Truth(string key) => this[key] switch
    {
        null or YamlScalar { IsQuoted: false, Value: "true" } => true,
        YamlScalar { IsQuoted: false, Value: "false" } => false,
        { } node => throw NetworkFile.Wrong(node, $"{key} is '{node.Text}', but must be true or false"),
    };

    /// <summary>A name, if there is one.</summary>
    public string? Name => this["name"]?.Text;

    /// <summary>A fraction in [0, 1).</summary>
    public double Fraction(string key)
    {
        YamlNode node = this[key] ?? throw NetworkFile.Wrong(_node, $"{_what} needs its {key}");
        return double.TryParse(node.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && value < 1
            ? value
            : throw NetworkFile.Wrong(node, $"{key} is '{node.Text}', but must be a number from 0 to below 1");
    }

    /// <summary>The layers of a list.</summary>
    public Action<NetworkBuilder> Layers(string key) => this[key] is YamlList list
        ? inside => new LayerReader(inside).Read(list)
        : throw NetworkFile.Wrong(_node, $"the {key} of {_what} must be a list of layers");

    public bool Has(string key) => this[key] is not null;
}
