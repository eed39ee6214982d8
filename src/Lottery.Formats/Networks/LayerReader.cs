using Lottery.Formats.Yaml;
using Lottery.Networks;

namespace Lottery.Formats.Networks;

/// <summary>Adds the layers of a list to a network.</summary>
internal sealed class LayerReader(NetworkBuilder builder)
{
    private static readonly string[] Kinds =
    [
        "conv", "depthwise-conv", "fc", "output", "batch-norm", "relu", "max-pool", "average-pool", "global-average-pool", "flatten", "dropout",
        "residual", "zero-pad",
    ];

    /// <summary>Adds them, first to last.</summary>
    public void Read(YamlList layers)
    {
        foreach (YamlNode layer in layers.Items)
        {
            (string kind, YamlNode settings) = layer switch
            {
                YamlScalar word => (word.Value, new YamlMap([], word.Location)),
                YamlMap { Entries: [var only] } => (only.Key.Value, only.Value),
                _ => throw NetworkFile.Wrong(layer, "a layer is a word, as in 'relu', or a word with its settings, as in 'conv: 64'"),
            };
            NetworkFile.Built(layer, () => Add(layer, kind, settings));
        }
    }

    private NetworkBuilder Add(YamlNode layer, string kind, YamlNode settings) => kind switch
    {
        "conv" => Convolution(Keys.OfLayer(settings, kind, "channels", "kernel", "stride", "padding", "bias", "prune", "name")),
        "depthwise-conv" => Depthwise(Keys.OfLayer(settings, kind, "kernel", "stride", "padding", "bias", "prune", "name")),
        "fc" => Linear(Keys.OfLayer(settings, kind, "units", "prune", "name")),
        "output" => Output(Keys.OfLayer(settings, kind, "classes", "prune", "name")),
        "batch-norm" => builder.BatchNormalization(Keys.Of(settings, kind, "name").Name),
        "relu" => Plain(settings, kind, builder.Relu),
        "flatten" => Plain(settings, kind, builder.Flatten),
        "global-average-pool" => Plain(settings, kind, builder.GlobalAveragePool),
        "max-pool" => builder.MaxPool(Keys.OfLayer(settings, kind, "size").Whole("size")),
        "average-pool" => builder.AveragePool(Keys.OfLayer(settings, kind, "size").Whole("size")),
        "dropout" => Dropout(Keys.OfLayer(settings, kind, "rate", "name")),
        "zero-pad" => ZeroPad(Keys.OfLayer(settings, kind, "channels", "stride")),
        "residual" => Residual(Keys.Of(settings, kind, "body", "shortcut"), settings),
        _ => throw NetworkFile.Wrong(layer, Suggestion.Nearest(kind, Kinds) is { } nearest
            ? $"there is no layer '{kind}'; did you mean '{nearest}'?"
            : $"there is no layer '{kind}': take {string.Join(", ", Kinds)}"),
    };

    private static NetworkBuilder Plain(YamlNode settings, string kind, Func<NetworkBuilder> add) =>
        settings is YamlMap { Entries.Length: 0 } ? add() : throw NetworkFile.Wrong(settings, $"{kind} has no settings: leave them out");

    private NetworkBuilder Convolution(Keys keys)
    {
        int kernel = keys.Whole("kernel", 3);
        return builder.Convolution(
            keys.Whole("channels"), kernel, keys.Whole("stride", 1), keys.Whole("padding", (kernel - 1) / 2, least: 0),
            keys.Truth("bias", true), keys.Truth("prune", true), keys.Name);
    }

    private NetworkBuilder Depthwise(Keys keys)
    {
        int kernel = keys.Whole("kernel", 3);
        return builder.DepthwiseConvolution(
            kernel, keys.Whole("stride", 1), keys.Whole("padding", (kernel - 1) / 2, least: 0), keys.Truth("bias", true),
            keys.Truth("prune", true), keys.Name);
    }

    private NetworkBuilder Linear(Keys keys) => builder.Linear(keys.Whole("units"), keys.Truth("prune", true), keys.Name);

    private NetworkBuilder Output(Keys keys) => builder.Output(keys.Whole("classes"), keys.Truth("prune", true), keys.Name);

    private NetworkBuilder Dropout(Keys keys) => builder.Dropout(keys.Share("rate"), keys.Name);

    private NetworkBuilder ZeroPad(Keys keys) => builder.ZeroPad(keys.Whole("channels"), keys.Whole("stride", 1));

    private NetworkBuilder Residual(Keys keys, YamlNode settings)
    {
        if (keys["body"] is not YamlList body) throw NetworkFile.Wrong(settings, "residual needs its body: write a list of layers");
        if (keys["shortcut"] is not (null or YamlList)) throw NetworkFile.Wrong(settings, "the shortcut of residual is a list of layers");
        return builder.Residual(
            inside => new LayerReader(inside).Read(body),
            keys["shortcut"] is YamlList shortcut ? inside => new LayerReader(inside).Read(shortcut) : null);
    }
}
