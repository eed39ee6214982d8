using System.Collections.Immutable;
using Lottery.Networks;

namespace Lottery.Formats.Networks;

/// <summary>A network as the YAML that <see cref="NetworkFile"/> reads.</summary>
public static class NetworkText
{
    /// <summary>The lines.</summary>
    public static IEnumerable<string> Lines(Network network) =>
    [
        $"network: {network.Name.Replace(':', '-')}", $"input: {network.Input}", $"initial: {network.Initial.Name()}", "layers:",
        .. Lines(network.Layers, "  "),
    ];

    private static IEnumerable<string> Lines(ImmutableArray<Layer> layers, string indent) => layers.SelectMany(layer => Lines(layer, indent));

    private static IEnumerable<string> Lines(Layer layer, string indent) => layer is Residual block
        ?
        [
            $"{indent}- residual:", $"{indent}    body:", .. Lines(block.Body, indent + "      "),
            .. block.Shortcut.IsEmpty ? [] : (string[])[$"{indent}    shortcut:", .. Lines(block.Shortcut, indent + "      ")],
        ]
        : [$"{indent}- {Line(layer)}"];

    private static string Line(Layer layer) => layer switch
    {
        Linear { Kind: LayerKind.Output } output => $"output: {Settings("classes", output.Outputs, Prune(output.Prunable), Name(layer, "output"))}",
        Linear linear => $"fc: {Settings("units", linear.Outputs, Prune(linear.Prunable), Name(layer, "fc"))}",
        Convolution convolution => $"conv: {Settings(convolution)}",
        BatchNormalization when Name(layer, "bn") is { } name => $"batch-norm: {{ {name} }}",
        MaxPool pool => $"max-pool: {pool.Size}",
        AveragePool pool => $"average-pool: {pool.Size}",
        Dropout dropout => FormattableString.Invariant($"dropout: {dropout.Rate}"),
        ZeroPad pad => $"zero-pad: {{ channels: {pad.Channels}, stride: {pad.Stride} }}",
        BatchNormalization => "batch-norm",
        _ => layer.Description,
    };

    private static string Settings(Convolution layer) => Settings("channels", layer.Outputs,
        layer.Kernel == 3 ? null : $"kernel: {layer.Kernel}", layer.Stride == 1 ? null : $"stride: {layer.Stride}",
        layer.Padding == (layer.Kernel - 1) / 2 ? null : $"padding: {layer.Padding}", layer.Bias ? null : "bias: false",
        Prune(layer.Prunable), Name(layer, "conv"));

    /// <summary>A number alone, or a map where more is to be said.</summary>
    private static string Settings(string first, int value, params string?[] others) => others.All(other => other is null)
        ? FormattableString.Invariant($"{value}")
        : FormattableString.Invariant($"{{ {first}: {value}, {string.Join(", ", others.OfType<string>())} }}");

    private static string? Prune(bool prunable) => prunable ? null : "prune: false";

    /// <summary>The name, where it is not the kind and a number.</summary>
    private static string? Name(Layer layer, string kind) =>
        layer.Name.StartsWith(kind, StringComparison.Ordinal) && layer.Name[kind.Length..].All(char.IsAsciiDigit) ? null : $"name: {layer.Name}";
}
