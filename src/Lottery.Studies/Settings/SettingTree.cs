using Lottery.Formats.Yaml;
using Lottery.Networks;
using Lottery.Search;

namespace Lottery.Studies.Settings;

/// <summary>A search's settings as a tree of values, and as a definition.</summary>
internal static class SettingTree
{
    private static readonly Dictionary<string, YamlNode> s_parsed = [];

    /// <summary>The location of a value that nothing states.</summary>
    public static SourceLocation Usual { get; } = new("default") { IsDefault = true };

    /// <summary>The map that a setting holds, by itself or as the other of two shapes; null where it holds none.</summary>
    public static MapShape? MapOf(this Setting setting) => setting.Shape switch
    {
        MapShape map => map,
        EitherShape { Nested: MapShape map } => map,
        _ => null,
    };

    /// <summary>The default values.</summary>
    /// <param name="isSupermask">Whether a supermask is learned: other defaults, and no settings of pruning.</param>
    /// <param name="source">What errors about a default name; null where options state the settings, which they name then.</param>
    public static YamlMap Defaults(bool isSupermask, string? source) => Defaults(SettingRegistry.Search, isSupermask, source);

    /// <summary>The definition that checked settings state, except for the starting point.</summary>
    /// <param name="settings">Settings and defaults.</param>
    /// <param name="network">The network where the settings state none.</param>
    public static SearchDefinition Read(YamlMap settings, Network network) =>
        Read(new() { Network = network }, SettingRegistry.Search, settings);

    /// <summary>All settings that a definition states; the data set and the starting point are not part of one.</summary>
    public static YamlMap Write(SearchDefinition search) => Write(search, SettingRegistry.Search);

    /// <summary>Values that nothing states, as defaults that errors name like those of the settings.</summary>
    public static YamlMap AsDefaults(YamlMap values, string? source) => AsDefaults(values, SettingRegistry.Search, source, "");

    /// <summary>Checked settings with every length in steps.</summary>
    /// <param name="settings">Settings.</param>
    /// <param name="perEpoch">Steps of an epoch.</param>
    /// <exception cref="UserException">A length in epochs is less than a step, or cannot be counted.</exception>
    public static YamlMap InSteps(YamlMap settings, int perEpoch) => (YamlMap)InSteps(settings, SettingRegistry.Search, "", perEpoch);

    /// <summary>The value of a text in YAML, with one location throughout.</summary>
    public static YamlNode Parse(string text, SourceLocation location)
    {
        YamlNode? node;
        lock (s_parsed)
            if (!s_parsed.TryGetValue(text, out node)) s_parsed[text] = node = YamlReader.ReadText("default", text);
        return node.At(location);
    }

    private static YamlMap Defaults(MapShape shape, bool isSupermask, string? source)
    {
        YamlMap map = new([], Default(source, ""));
        foreach (Setting setting in shape.Settings)
        {
            if (isSupermask && setting.IsOfPruning) continue;
            string? text = (isSupermask ? setting.SupermaskDefault : null) ?? (source is null ? setting.Option?.Default : null) ?? setting.Default;
            YamlNode? value = text is not null ? Parse(text, Default(source, setting.Option?.Name ?? ""))
                : setting.Shape is MapShape inner && Defaults(inner, isSupermask, source) is { Entries.IsEmpty: false } values ? values : null;
            if (value is not null) map = map.With(setting.Key, value);
        }
        return map;
    }

    private static YamlMap AsDefaults(YamlMap values, MapShape shape, string? source, string option)
    {
        YamlMap map = new([], Default(source, option));
        foreach ((YamlScalar key, YamlNode value) in values.Entries)
        {
            Setting setting = shape[key.Value]!;
            string own = setting.Option?.Name ?? option;
            map = map.With(key.Value, value is YamlMap inner && setting.MapOf() is { } below ? AsDefaults(inner, below, source, own) : value.At(Default(source, own)));
        }
        return map;
    }

    private static YamlNode InSteps(YamlNode value, ValueShape shape, string path, int perEpoch) => (shape, value) switch
    {
        (LengthShape length, _) => length.InSteps(value, path, perEpoch),
        (EitherShape either, _) => InSteps(value, value is YamlScalar ? either.Scalar : either.Nested, path, perEpoch),
        (ListShape list, YamlList items) => items with { Items = [.. items.Items.Select(item => InSteps(item, list.Of, path, perEpoch))] },
        (MapShape map, YamlMap values) => values with
        {
            Entries =
            [
                .. values.Entries.Select(entry => map[entry.Key.Value] is { } setting
                    ? entry with { Value = InSteps(entry.Value, setting.Shape, path.Length == 0 ? setting.Key : $"{path}.{setting.Key}", perEpoch) } : entry),
            ],
        },
        _ => value,
    };

    private static SourceLocation Default(string? source, string option) => new(source ?? option) { IsDefault = true, IsOption = source is null };

    private static SearchDefinition Read(SearchDefinition search, MapShape shape, YamlMap values)
    {
        foreach (Setting setting in shape.Settings)
        {
            if (values[setting.Key] is not { } value) continue;
            if (setting.Read is { } read) search = read(search, value);
            else if (setting.Shape is MapShape inner) search = Read(search, inner, (YamlMap)value);
        }
        return search;
    }

    private static YamlMap Write(SearchDefinition search, MapShape shape) => SettingNodes.WriteMap(shape.Settings
        .Where(setting => search.Supermask is null || !setting.IsOfPruning)
        .Select(setting => (setting.Key, setting.Write is { } write ? write(search)
            : setting.Shape is MapShape inner && Write(search, inner) is { Entries.IsEmpty: false } values ? values : null)));
}
