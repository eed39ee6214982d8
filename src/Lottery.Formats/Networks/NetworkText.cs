using System.Collections.Immutable;
using Lottery.Networks;
using Lottery.Networks.Descriptions;

namespace Lottery.Formats.Networks;

/// <summary>A network as the YAML that <see cref="NetworkFile"/> reads.</summary>
internal static class NetworkText
{
    /// <summary>The lines.</summary>
    public static IEnumerable<string> Lines(Network network) =>
    [
        $"network: {network.Name.Replace(':', '-')}", $"input: {network.Input}", $"initial: {network.Initial.Name}", "layers:",
        .. Lines(network.Layers, "  "),
    ];

    private static IEnumerable<string> Lines(ImmutableArray<Layer> layers, string indent) => layers.SelectMany(layer => Lines(layer, indent));

    private static IEnumerable<string> Lines(Layer layer, string indent) => layer is Residual block
        ?
        [
            $"{indent}- residual:", $"{indent}    body:", .. Lines(block.Body, indent + "      "),
            .. block.Shortcut.IsEmpty ? [] : (string[])[$"{indent}    shortcut:", .. Lines(block.Shortcut, indent + "      ")],
        ]
        : [$"{indent}- {Line(layer.Text)}"];

    /// <summary>The word alone, with the value of its first setting, or with a map of those that have another value than by default.</summary>
    private static string Line(LayerText layer)
    {
        string[] settings =
        [
            .. layer.Settings.Skip(1).Where(setting => !setting.IsDefault).Select(setting => $"{setting.Key}: {setting.Value}"),
            .. layer.OwnName is { } name ? (string[])[$"name: {name}"] : [],
        ];
        return layer.Settings switch
        {
            [] => settings.Length == 0 ? layer.Word.Name : $"{layer.Word.Name}: {{ {settings[0]} }}",
            [var first, ..] => settings.Length == 0
                ? $"{layer.Word.Name}: {first.Value}"
                : $"{layer.Word.Name}: {{ {first.Key}: {first.Value}, {string.Join(", ", settings)} }}",
        };
    }
}
