using System.Collections.Immutable;
using Lottery.Networks;

namespace Lottery.Formats.Onnx;

/// <summary>
/// Folds units and channels without inputs into what comes after them. Such a unit has the same value for every example, that of
/// its bias: the next layer takes it as part of its own bias, and its weights become 0. A convolution that pads its image with
/// zeros takes only channels of 0. Residual blocks stay as they are.
/// </summary>
internal sealed class ConstantUnits : ILayerVisitor<double?[]>
{
    private const double NormalizationEpsilon = 1e-5;

    private readonly Weights _weights;

    /// <summary>For each channel or value, the number that it is for every example, or null.</summary>
    private double?[] _constants;
    private Shape _shape;

    private ConstantUnits(Weights weights) =>
        (_weights, _constants, _shape) = (weights.Clone(), new double?[weights.Network.Input.Channels], weights.Network.Input);

    /// <summary>Weights of the same network with the same scores, of which those that pass a constant on are 0.</summary>
    public static Weights Folded(Weights weights)
    {
        var units = new ConstantUnits(weights);
        foreach (Layer layer in weights.Network.Layers)
        {
            units._constants = layer.Accept(units);
            units._shape = layer.Output(units._shape);
        }
        return units._weights;
    }

    public double?[] Visit(Linear layer) => Weighted(layer.Parameters, canFold: true);

    public double?[] Visit(Convolution layer) => Weighted(layer.Parameters, canFold: layer.Padding == 0);

    public double?[] Visit(DepthwiseConvolution layer)
    {
        ReadOnlySpan<float> weights = Of(layer.Parameters[0]);
        double?[] outputs = new double?[layer.Channels];
        int area = weights.Length / layer.Channels;
        for (int c = 0; c < layer.Channels; c++)
            if (_constants[c] == 0 || !weights.Slice(c * area, area).ContainsAnyExcept(0f)) outputs[c] = layer.Parameters.Length > 1 ? Of(layer.Parameters[1])[c] : 0;
        return outputs;
    }

    public double?[] Visit(BatchNormalization layer)
    {
        ReadOnlySpan<float> scale = Of(layer.Parameters[0]), shift = Of(layer.Parameters[1]), mean = Of(layer.Parameters[2]), variance = Of(layer.Parameters[3]);
        double?[] outputs = new double?[_constants.Length];
        for (int c = 0; c < outputs.Length; c++) outputs[c] = (_constants[c] - mean[c]) / Math.Sqrt(variance[c] + NormalizationEpsilon) * scale[c] + shift[c];
        return outputs;
    }

    public double?[] Visit(Relu layer) => Array.ConvertAll(_constants, value => value is { } known ? Math.Max(known, 0) : value);

    public double?[] Visit(Flatten layer) => [.. _constants.SelectMany(value => Enumerable.Repeat(value, _shape.Height * _shape.Width))];

    public double?[] Visit(MaxPool layer) => _constants;

    public double?[] Visit(AveragePool layer) => _constants;

    public double?[] Visit(GlobalAveragePool layer) => _constants;

    public double?[] Visit(Dropout layer) => _constants;

    public double?[] Visit(ZeroPad layer) => new double?[layer.Channels];

    public double?[] Visit(Residual layer) => new double?[layer.Output(_shape).Channels];

    private Span<float> Of(Parameter parameter) => _weights[_weights.Network.IndexOf(parameter.Name)];

    private double?[] Weighted(ImmutableArray<Parameter> parameters, bool canFold)
    {
        Span<float> weights = Of(parameters[0]), bias = parameters.Length > 1 ? Of(parameters[1]) : [];
        double?[] outputs = new double?[parameters[0].Shape[0]];
        int inputs = _constants.Length, area = weights.Length / outputs.Length / inputs;
        for (int o = 0; o < outputs.Length; o++)
        {
            Span<float> row = weights.Slice(o * inputs * area, inputs * area);
            double sum = 0;
            for (int i = 0; i < inputs; i++)
            {
                if (_constants[i] is not { } value || (value != 0 && (!canFold || bias.IsEmpty))) continue;
                foreach (ref float weight in row.Slice(i * area, area))
                {
                    sum += value * weight;
                    weight = 0;
                }
            }
            if (!bias.IsEmpty) bias[o] = (float)(bias[o] + sum);
            if (!row.ContainsAnyExcept(0f)) outputs[o] = bias.IsEmpty ? 0 : bias[o];
        }
        return outputs;
    }
}
