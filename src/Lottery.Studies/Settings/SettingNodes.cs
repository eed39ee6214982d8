using System.Collections.Immutable;
using System.Globalization;
using Lottery.Formats.Yaml;
using Lottery.Studies.Identity;

namespace Lottery.Studies.Settings;

/// <summary>Checked values of settings, converted in both directions.</summary>
internal static class SettingNodes
{
    private static readonly SourceLocation s_written = new("written");

    public static int Integer(this YamlNode node) => int.Parse(node.Text, CultureInfo.InvariantCulture);

    public static ulong Unsigned(this YamlNode node) => ulong.Parse(node.Text, CultureInfo.InvariantCulture);

    public static double Number(this YamlNode node) => double.Parse(node.Text, CultureInfo.InvariantCulture);

    public static decimal Decimal(this YamlNode node) => decimal.Parse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture);

    public static bool Boolean(this YamlNode node) => node.Text == "true";

    public static T Choice<T>(this YamlNode node) where T : struct, Enum => KebabCase.Parse<T>(node.Text);

    /// <summary>The items of a list, or the one value.</summary>
    public static ImmutableArray<YamlNode> Items(this YamlNode node) => node is YamlList list ? list.Items : [node];

    public static YamlNode Write(string text) => new YamlScalar(text, false, s_written);

    public static YamlNode Write(long value) => Write(value.ToString(CultureInfo.InvariantCulture));

    public static YamlNode Write(ulong value) => Write(value.ToString(CultureInfo.InvariantCulture));

    public static YamlNode Write(double value) => Write(value.ToString("R", CultureInfo.InvariantCulture));

    public static YamlNode Write(decimal value) => Write(value.ToString("0.############################", CultureInfo.InvariantCulture));

    public static YamlNode Write(bool value) => Write(value ? "true" : "false");

    public static YamlNode Write<T>(T value) where T : struct, Enum => Write(KebabCase.Of(value));

    public static YamlNode WriteList(IEnumerable<YamlNode> items) => new YamlList([.. items], s_written);

    /// <summary>A map of the entries that have a value.</summary>
    public static YamlMap WriteMap(params IEnumerable<(string Key, YamlNode? Value)> entries) => new(
        [.. entries.Where(entry => entry.Value is not null).Select(entry => new YamlEntry(new(entry.Key, false, s_written), entry.Value!))], s_written);

    /// <summary>The same value with another location throughout.</summary>
    public static YamlNode At(this YamlNode node, SourceLocation location) => node switch
    {
        YamlMap map => new YamlMap([.. map.Entries.Select(entry => new YamlEntry(entry.Key with { Location = location }, entry.Value.At(location)))], location),
        YamlList list => new YamlList([.. list.Items.Select(item => item.At(location))], location),
        _ => node with { Location = location },
    };
}
