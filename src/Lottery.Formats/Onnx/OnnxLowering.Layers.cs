using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Lottery.Formats.Safetensors;
using Lottery.Networks;

namespace Lottery.Formats.Onnx;

/// <content>Layers with weights.</content>
internal sealed partial class OnnxLowering
{
    private OnnxFlow Convolution(ReadOnlySpan<OnnxStep> steps, ref int i, OnnxFlow flow, int padding)
    {
        OnnxNode node = steps[0].Node;
        Shape image = ImageOf(node, flow);
        ImmutableArray<int> shape = ShapeOf(node, 1, rank: 4);
        (int outputs, int kernel, long groups) = (shape[0], shape[2], node.Int("group", 1));
        if (shape[3] != kernel || node.Ints("kernel_shape") is { } stated && !stated.SequenceEqual([kernel, kernel]))
            throw node.Wrong($"has a kernel of {shape[2]}×{shape[3]}; kernels here are square");
        RequireNoDilation(node);
        int stride = Equal(node, node.Ints("strides"), 1, "strides");
        padding = checked(padding + Padding(node, image, kernel, stride));
        bool isDepthwise = groups == image.Channels && groups > 1 && outputs == groups;
        if (groups != 1 && !isDepthwise)
            throw node.Wrong($"has {groups} groups of {shape[1]} channels each; a convolution here takes all channels, or each by itself, and a layer of grouped convolutions would be needed");
        if (shape[1] != (isDepthwise ? 1 : image.Channels)) throw node.Wrong($"takes {shape[1] * groups} channels, but the layer before it gives images of {image}");

        float[] weights = Floats(node, 1, _constants[node.Input(1)].Count), bias = new float[outputs];
        bool hasBias = node.Input(2).Length > 0;
        if (hasBias) bias = Floats(node, 2, outputs);
        if (!hasBias && BiasAfter(steps, node, outputs, isImage: true) is { } added)
        {
            (bias, hasBias) = (added, true);
            i++;
        }
        string? name = _names.Of(node);
        Shape output = Added(node, flow, () => isDepthwise
            ? _builder.DepthwiseConvolution(kernel, stride, padding, hasBias, name: name)
            : _builder.Convolution(outputs, kernel, stride, padding, hasBias, name: name));
        Keep("weight", weights);
        if (hasBias) Keep("bias", bias);
        return new(output);
    }

    private OnnxFlow Linear(ReadOnlySpan<OnnxStep> steps, ref int i, OnnxFlow flow)
    {
        OnnxNode node = steps[0].Node;
        if (!flow.Shape.IsFlat) throw node.Wrong("multiplies images by a matrix; flatten them first");
        ImmutableArray<int> shape = ShapeOf(node, 1, rank: 2);
        bool isGemm = node.Type == "Gemm", isOutputsFirst = isGemm && node.Int("transB", 0) != 0;
        if (isGemm && node.Int("transA", 0) != 0) throw node.Wrong("transposes its input, which mixes examples");
        (int inputs, int outputs) = isOutputsFirst ? (shape[1], shape[0]) : (shape[0], shape[1]);
        if (inputs != flow.Shape.Channels) throw node.Wrong($"takes {inputs} values, but the layer before it gives {flow.Shape.Channels}");
        float[] weights = Floats(node, 1, (long)inputs * outputs), bias = new float[outputs];
        if (!isOutputsFirst) weights = OnnxWeights.Transposed(weights, inputs, outputs);
        if (flow.Selected is { } selected)
        {
            (weights, inputs) = (OnnxWeights.Spread(weights, outputs, selected, _input.Channels), _input.Channels);
            flow = new(_input);
        }
        if (flow.Flattened is { } image) weights = OnnxWeights.ChannelsFirst(weights, outputs, image);
        weights = OnnxWeights.Scaled(weights, isGemm ? node.Float("alpha", 1) : 1);
        if (isGemm && node.Input(2).Length > 0)
        {
            float[] given = Floats(node, 2, _constants.Contains(node.Input(2)) && _constants[node.Input(2)].Count == 1 ? 1 : outputs);
            bias = OnnxWeights.Scaled(given.Length == outputs ? given : [.. Enumerable.Repeat(given[0], outputs)], node.Float("beta", 1));
        }
        else if (BiasAfter(steps, node, outputs, isImage: false) is { } added)
        {
            bias = added;
            i++;
            steps = steps[1..];
        }
        if (steps is [_, { Node: { Type: "BatchNormalization" } normalization }, ..])
        {
            OnnxWeights.Fold(weights, bias, Floats(normalization, 1, outputs), Floats(normalization, 2, outputs),
                Floats(normalization, 3, outputs), Floats(normalization, 4, outputs), normalization.Float("epsilon", 1e-5f));
            _notes.Add($"The normalization of {normalization} is part of the weights before it: normalization here is of images.");
            i++;
        }
        string? name = _names.Of(node);
        Shape output = Added(node, flow, () => node == _lastLinear ? _builder.Output(outputs, name: name) : _builder.Linear(outputs, name: name));
        Keep("weight", weights);
        Keep("bias", bias);
        return new(output);
    }

    /// <summary>A choice of features, of which the next layer is the weights of those and 0 for the others.</summary>
    private OnnxFlow Selected(OnnxNode node, OnnxFlow flow)
    {
        StoredTensor indices = _constants[node.Input(1)];
        if (node.Int("axis", 0) is not (1 or -1) || indices.Type != TensorType.I64 || indices.Shape.Length != 1 || indices.Count > flow.Shape.Channels)
            throw node.Wrong("cannot be imported: only features of the input can be chosen");
        long[] selected = [.. MemoryMarshal.Cast<byte, long>(indices.Load().Bytes.Span)];
        if (selected.Length == 0 || selected.Any(feature => feature < 0 || feature >= flow.Shape.Channels) || selected.Distinct().Count() < selected.Length)
            throw node.Wrong("chooses features that the input does not have, or one twice");
        return new(Shape.Flat(selected.Length)) { Selected = selected };
    }

    private OnnxFlow Normalization(OnnxNode node, OnnxFlow flow)
    {
        if (flow.Shape.IsFlat) throw node.Wrong("normalizes features, and not right after Gemm or MatMul; normalization here is of images");
        int channels = ImageOf(node, flow).Channels;
        float[] scale = Floats(node, 1, channels), variance = Floats(node, 4, channels);
        if (variance.Any(value => value < 0)) throw node.Wrong("has a negative variance");
        float epsilon = node.Float("epsilon", 1e-5f);
        if (!(epsilon > 0)) throw node.Wrong("has an ε that is not positive");
        OnnxWeights.SetEpsilon(scale, variance, epsilon);
        if (epsilon != 1e-5f) _notes.Add($"{node} has ε {epsilon}: the running variance makes up for the difference from 1e-5, that of layers here.");
        Shape output = Added(node, flow, () => _builder.BatchNormalization(_names.Of(node)));
        Keep("weight", scale);
        Keep("bias", Floats(node, 2, channels));
        Keep("running_mean", Floats(node, 3, channels));
        Keep("running_var", variance);
        return new(output);
    }

    /// <summary>The constant that the next step adds, one value for each output; null if it adds none.</summary>
    private float[]? BiasAfter(ReadOnlySpan<OnnxStep> steps, OnnxNode node, int outputs, bool isImage)
    {
        if (steps is not [_, { Node: { Type: "Add" } add, Body: null }, ..]) return null;
        int other = add.Input(0) == node.Outputs[0] ? 1 : 0;
        if (!_constants.Contains(add.Input(other))) return null;
        ImmutableArray<int> shape = _constants[add.Input(other)].Shape;
        // One value for each channel stands before rows and columns; one for each feature stands last.
        int place = shape.Length - (isImage ? 3 : 1);
        bool fits = place >= 0 && shape.Index().All(size => size.Item == (size.Index == place ? outputs : 1));
        return fits ? Floats(add, other, outputs) : throw add.Wrong($"adds a constant of [{string.Join(", ", shape)}], where {outputs} biases are expected");
    }

    /// <summary>Adds a layer and returns the shape after it; the number of weights is bounded.</summary>
    private Shape Added(OnnxNode node, OnnxFlow flow, Func<NetworkBuilder> add)
    {
        if (_builder.Shape != flow.Shape) throw node.Wrong("takes another shape than the layer before it gives");
        return add().Shape;
    }

    /// <summary>Keeps the values of a parameter of the layer that was added last.</summary>
    private void Keep(string part, float[] values) => _values[$"{_builder.Layers[^1].Name}.{part}"] = values;

    private static void RequireNoDilation(OnnxNode node)
    {
        if (node.Ints("dilations") is { } dilations && dilations.Any(one => one != 1)) throw node.Wrong("is dilated; kernels here have no gaps");
    }

    /// <summary>One value for rows and columns.</summary>
    private static int Equal(OnnxNode node, long[]? values, int fallback, string what)
    {
        if (values is null) return fallback;
        if (values.Length != 2 || values[0] != values[1]) throw node.Wrong($"has {what} of {string.Join("×", values.Take(4))}; they are equal here for rows and columns");
        return values[0] is > 0 and <= 1 << 16 ? (int)values[0] : throw node.Wrong($"has {what} of {values[0]}");
    }

    /// <summary>The zeros on each side.</summary>
    private static int Padding(OnnxNode node, Shape image, int kernel, int stride)
    {
        string auto = node.Text("auto_pad", "NOTSET");
        long[] pads = node.Ints("pads") ?? [0, 0, 0, 0];
        if (auto is "SAME_UPPER" or "SAME_LOWER")
        {
            long Missing(int size) => Math.Max(0, ((size + stride - 1) / stride - 1L) * stride + kernel - size);
            if (Missing(image.Height) != Missing(image.Width) || Missing(image.Height) % 2 != 0)
                throw node.Wrong($"pads {image} by {Missing(image.Height)} rows and {Missing(image.Width)} columns ({auto}), which is not the same on each side");
            return (int)Missing(image.Height) / 2;
        }
        if (auto is not ("NOTSET" or "VALID")) throw node.Wrong($"has the padding {OnnxNode.Short(auto)}, which is unknown");
        if (auto == "VALID") return 0;
        if (pads.Length != 4 || pads.Any(one => one != pads[0]) || pads[0] is < 0 or > 1 << 16)
            throw node.Wrong($"pads by {string.Join(", ", pads.Take(8))}; padding here is the same on each side");
        return (int)pads[0];
    }
}
