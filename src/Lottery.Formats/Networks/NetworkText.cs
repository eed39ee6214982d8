using System.Collections.Immutable;
using System.Diagnostics;
using Lottery.Networks;

namespace Lottery.Formats.Networks;

/// <summary>A network as the YAML that <see cref="NetworkFile"/> reads.</summary>
internal static class NetworkText
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
        : [$"{indent}- {layer.Accept(new Cases())}"];

    /// <summary>A number alone, or a map where more is to be said.</summary>
    private static string Settings(string first, int value, params string?[] others) => others.All(other => other is null)
        ? FormattableString.Invariant($"{value}")
        : FormattableString.Invariant($"{{ {first}: {value}, {string.Join(", ", others.OfType<string>())} }}");

    private static string? Prune(bool prunable) => prunable ? null : "prune: false";

    /// <summary>The name, where it is not the kind and a number.</summary>
    private static string? Name(Layer layer, string kind) =>
        layer.Name.StartsWith(kind, StringComparison.Ordinal) && layer.Name[kind.Length..].All(char.IsAsciiDigit) ? null : $"name: {layer.Name}";

    /// <summary>The line of each kind of layer.</summary>
    private sealed class Cases : ILayerVisitor<string>
    {
        public string Visit(Linear layer) => layer.Kind == LayerKind.Output
            ? $"output: {Settings("classes", layer.Outputs, Prune(layer.Prunable), Name(layer, "output"))}"
            : $"fc: {Settings("units", layer.Outputs, Prune(layer.Prunable), Name(layer, "fc"))}";

        public string Visit(Convolution layer) => "conv: " + Settings("channels", layer.Outputs,
            layer.Kernel == 3 ? null : $"kernel: {layer.Kernel}", layer.Stride == 1 ? null : $"stride: {layer.Stride}",
            layer.Padding == (layer.Kernel - 1) / 2 ? null : $"padding: {layer.Padding}", layer.Bias ? null : "bias: false",
            Prune(layer.Prunable), Name(layer, "conv"));

        public string Visit(DepthwiseConvolution layer) => "depthwise-conv: " + Settings("kernel", layer.Kernel,
            layer.Stride == 1 ? null : $"stride: {layer.Stride}",
            layer.Padding == (layer.Kernel - 1) / 2 ? null : $"padding: {layer.Padding}", layer.Bias ? null : "bias: false",
            Prune(layer.Prunable), Name(layer, "conv"));

        public string Visit(BatchNormalization layer) => Name(layer, "bn") is { } name ? $"batch-norm: {{ {name} }}" : "batch-norm";

        public string Visit(Relu layer) => "relu";

        public string Visit(MaxPool layer) => $"max-pool: {layer.Size}";

        public string Visit(AveragePool layer) => $"average-pool: {layer.Size}";

        public string Visit(GlobalAveragePool layer) => "global-average-pool";

        public string Visit(Flatten layer) => "flatten";

        public string Visit(Dropout layer) => FormattableString.Invariant($"dropout: {layer.Rate}");

        public string Visit(ZeroPad layer) => $"zero-pad: {{ channels: {layer.Channels}, stride: {layer.Stride} }}";

        public string Visit(Residual layer) => throw new UnreachableException("A residual block has several lines.");
    }
}
