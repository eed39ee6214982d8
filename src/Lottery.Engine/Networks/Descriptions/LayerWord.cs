using System.Collections.Immutable;
using System.Globalization;

namespace Lottery.Networks.Descriptions;

/// <summary>
/// The word of one kind of layer in a network's description and in YAML, the keys of its settings, and how they add the layer
/// to a network. Each layer states it next to its definition; <see cref="LayerWords"/> lists them.
/// </summary>
/// <param name="Name">The word in YAML: <c>conv</c>.</param>
/// <param name="Numbered">What the layer is called by default, before its number: <c>conv</c> in <c>conv1</c>.</param>
/// <param name="Keys">
/// The keys of its settings. The first is the one that YAML may state without a key (<c>conv: 64</c>). The key <c>name</c> is
/// the layer's own: in a description its word then begins with it, as in <c>conv1=conv(64,3)</c>.
/// </param>
/// <param name="Add">Adds the layer that settings state to a network.</param>
internal sealed record LayerWord(
    string Name, string Numbered, ImmutableArray<string> Keys, Func<NetworkBuilder, ILayerSettings, NetworkBuilder> Add)
{
    /// <summary>The word in a description; null if the description has brackets for the layer.</summary>
    public string? Described { get; init; } = Name;

    /// <summary>True if YAML may state the first setting as the only value.</summary>
    public bool TakesValue => Described is not null && Keys is [not "name", ..];

    /// <summary>True if the layer has a name of its own.</summary>
    public bool IsNamed => Keys.Contains("name");
}

/// <summary>The settings of a layer in a text; what is wrong with them is an error that says where.</summary>
internal interface ILayerSettings
{
    /// <summary>The layer's name; null for its kind and a number.</summary>
    string? Name { get; }

    /// <summary>An integer of at least <paramref name="least"/>; required if there is no <paramref name="fallback"/>.</summary>
    int Whole(string key, int? fallback = null, int least = 1);

    /// <summary>A switch that is on by default.</summary>
    bool Truth(string key);

    /// <summary>A fraction, required.</summary>
    double Fraction(string key);

    /// <summary>The layers inside the layer, as what adds them.</summary>
    Action<NetworkBuilder> Layers(string key);

    /// <summary>Whether a setting is stated.</summary>
    bool Has(string key);
}

/// <summary>The settings of a layer as texts, in the order in which they are written.</summary>
/// <param name="word">The word of the layer's kind.</param>
/// <param name="name">The layer's name.</param>
internal sealed class LayerText(LayerWord word, string name)
{
    /// <summary>One setting.</summary>
    /// <param name="Key">Its key.</param>
    /// <param name="Value">Its value.</param>
    /// <param name="Described">How a description states it; empty if it does not.</param>
    /// <param name="IsDefault">True if YAML need not state it.</param>
    internal readonly record struct Setting(string Key, string Value, string Described, bool IsDefault);

    private readonly List<Setting> _settings = [];

    /// <summary>The word of the layer's kind.</summary>
    public LayerWord Word => word;

    /// <summary>The settings so far.</summary>
    public IReadOnlyList<Setting> Settings => _settings;

    /// <summary>The layer in a description: <c>conv1=conv(64,3,stride=2)</c>.</summary>
    public string Description
    {
        get
        {
            string[] values = [.. _settings.Select(setting => setting.Described).Where(value => value.Length > 0)];
            return (word.IsNamed ? name + "=" : "") + word.Described + (values.Length == 0 ? "" : $"({string.Join(',', values)})");
        }
    }

    /// <summary>The name, unless it is the default one with any number.</summary>
    public string? OwnName => !word.IsNamed
        || name.StartsWith(word.Numbered, StringComparison.Ordinal) && name.AsSpan(word.Numbered.Length).IndexOfAnyExceptInRange('0', '9') < 0 ? null : name;

    /// <summary>A number that a description states by its position.</summary>
    public LayerText With<T>(string key, T value, T? byDefault = null) where T : struct, IFormattable =>
        Add(key, Text(value), Text(value), value.Equals(byDefault));

    /// <summary>A number that a description states by its key.</summary>
    public LayerText WithKey(string key, int value, int? byDefault = null) =>
        Add(key, Text(value), value == byDefault ? "" : $"{key}={Text(value)}", value == byDefault);

    /// <summary>A switch, which a description states by a word where it is off.</summary>
    public LayerText WithSwitch(string key, bool value, string off) => Add(key, value ? "true" : "false", value ? "" : off, value);

    private LayerText Add(string key, string value, string described, bool isDefault)
    {
        _settings.Add(new(key, value, described, isDefault));
        return this;
    }

    private static string Text<T>(T value) where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
