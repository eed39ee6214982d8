using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Lottery.Formats.Yaml;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using static Lottery.Studies.Settings.SettingNodes;

namespace Lottery.Studies.Settings;

/// <summary>
/// Controls: a name, a list of names, or a map from names to how many draws of each; as an option
/// <c>reinit=3,random-mask</c>.
/// </summary>
/// <param name="IsAxis">Whether it is a value of an axis, which is one control.</param>
internal sealed record ControlsShape(bool IsAxis = false) : ValueShape
{
    private const int MostDraws = 1_000;

    private static readonly ChoiceShape s_name = SettingRegistry.Choice<Control>();

    private static readonly ListShape s_list = new(s_name);

    private static readonly MapShape s_map = new([.. Enum.GetValues<Control>().Where(control => control != Control.None)
        .Select(control => new Setting(KebabCase.Of(control), new IntegerShape(1, MostDraws), $"Draws of the control {KebabCase.Of(control)}."))]);

    /// <summary>The names of the controls.</summary>
    public static ImmutableArray<string> Names => s_name.Names;

    public override string ValueName => $"{s_name.ValueName}[=N][,…]";

    /// <summary>The controls of a checked value, in their order.</summary>
    public static ImmutableArray<ControlDraws> Read(YamlNode value) =>
    [
        .. (value is YamlMap map ? map.Entries.Select(entry => new ControlDraws(KebabCase.Parse<Control>(entry.Key.Value), entry.Value.Integer()))
            : value.Items().Select(item => new ControlDraws(item.Choice<Control>())))
            .Where(one => one.Control != Control.None).OrderBy(one => one.Control),
    ];

    /// <summary>The value that states <paramref name="controls"/>.</summary>
    public static YamlNode Write(ImmutableArray<ControlDraws> controls) => controls.IsEmpty ? Write(Control.None)
        : controls.All(one => one.Draws == 1) ? WriteList(controls.Select(one => Write(one.Control)))
        : WriteMap(controls.Select(one => (KebabCase.Of(one.Control), (YamlNode?)SettingNodes.Write(one.Draws))));

    public override void Check(YamlNode node, string path)
    {
        ValueShape shape = node switch { YamlMap => s_map, YamlList when !IsAxis => s_list, _ => s_name };
        shape.Check(node, path);
        if (node is YamlMap map && (map.Entries.IsEmpty || (IsAxis && map.Entries.Length > 1)))
            throw Wrong(node, path, IsAxis ? "one control, as in { random-mask: 10 }" : "a map of at least one control, as in { reinit: 3 }");
    }

    public override YamlNode Parse(string text, SourceLocation location) => !text.Contains('=', StringComparison.Ordinal)
        ? text.Contains(',', StringComparison.Ordinal) ? s_list.Parse(text, location) : s_name.Parse(text, location)
        : s_map.Parse(string.Join(',', text.Split(',').Select(part => part.Contains('=', StringComparison.Ordinal) ? part : $"{part}=1")), location);

    public override string Format(YamlNode node) => node switch
    {
        YamlMap => s_map.Format(node),
        YamlList => s_list.Format(node),
        _ => node.Text,
    };

    public override JsonObject Schema()
    {
        JsonObject map = s_map.Schema();
        map["minProperties"] = 1;
        if (IsAxis) map["maxProperties"] = 1;
        return new() { ["anyOf"] = IsAxis ? new JsonArray(s_name.Schema(), map) : new JsonArray(s_name.Schema(), s_list.Schema(), map) };
    }

    private static YamlNode Write(Control control) => SettingNodes.Write(control);
}
