using System.Collections.Immutable;
using Lottery.Networks;

namespace Lottery.Formats.Onnx;

/// <summary>Turns the steps of a model into the layers of a network, and its constants into their weights.</summary>
internal sealed partial class OnnxLowering
{
    private readonly OnnxConstants _constants;
    private readonly OnnxShapes _shapes;
    private readonly OnnxNames _names;
    private readonly OnnxNode? _lastLinear;
    private readonly Dictionary<string, float[]> _values = [];
    private readonly List<string> _notes = [];
    private readonly string _inputName;
    private NetworkBuilder _builder;
    private Shape _input;

    public OnnxLowering(OnnxConstants constants, OnnxSteps steps, ImmutableArray<OnnxStep> path)
    {
        (_constants, _shapes, _names) = (constants, new(constants, steps), new(path, constants));
        _lastLinear = OnnxNames.NodesOf(path).LastOrDefault(node => node.Type is "Gemm" or "MatMul");
        _inputName = steps.Input.Name;
        _input = InputOf(steps.Input);
        _builder = new(_input);
    }

    /// <summary>Sentences on what differs from the model.</summary>
    public ImmutableArray<string> Notes => [.. _notes];

    /// <summary>The network of the steps.</summary>
    /// <exception cref="InvalidDataException">A step is none that networks here have; the message names its node.</exception>
    public Network Lower(ImmutableArray<OnnxStep> path, string name)
    {
        _shapes.Set(_inputName, new OnnxFlow(_input).Dims);
        OnnxFlow end = Lower(WithoutEnd(path), new(_input), isTop: true);
        if (!end.Shape.IsFlat) throw new InvalidDataException($"it ends with images of {end.Shape}, and networks here end with one score for each class");
        if (end.Flattened is { Height: > 1 } or { Width: > 1 }) throw new InvalidDataException("it ends with an image flattened with channels last, of which no layer is made");
        try
        {
            return _builder.Build(name);
        }
        catch (ArgumentException wrong)
        {
            throw new InvalidDataException(wrong.Message.TrimEnd('.'), wrong);
        }
    }

    /// <summary>The values of every parameter.</summary>
    public Weights WeightsOf(Network network)
    {
        var weights = new Weights(network);
        for (int p = 0; p < network.Parameters.Length; p++)
        {
            Parameter parameter = network.Parameters[p];
            float[] values = _values[parameter.Name];
            for (int i = 0; i < values.Length; i++)
                weights[p][i] = float.IsFinite(values[i]) ? values[i] + 0.0f : throw new InvalidDataException(
                    $"its {parameter.Name} has a value at index {i} that is not finite: its training diverged");
        }
        return weights;
    }

    /// <summary>The steps without a Softmax at the end, which changes no order of classes, and is part of the loss here.</summary>
    private ImmutableArray<OnnxStep> WithoutEnd(ImmutableArray<OnnxStep> path)
    {
        while (path is [.., { Node.Type: "Identity" or "Cast" }]) path = path[..^1];
        if (path is not [.., { Node.Type: "Softmax" or "LogSoftmax" } end]) return path;
        _notes.Add($"The {end.Node.Type} at the end is left out: networks here end with scores, of which training and prediction make probabilities.");
        return path[..^1];
    }

    private Shape InputOf(ValueInfoProto input)
    {
        TensorShapeProto.Types.Dimension[] dims = [.. input.Type?.TensorType?.Shape?.Dim ?? []];
        if (dims.Length is < 2 or > 4) throw new InvalidDataException($"its input '{OnnxNode.Short(input.Name)}' has {dims.Length} dimensions; networks here take [N, values] or [N, channels, rows, columns]");
        int[] sizes = [.. dims.Skip(1).Select(dim => dim.DimValue is > 0 and <= 1 << 20 ? (int)dim.DimValue
            : throw new InvalidDataException($"its input '{OnnxNode.Short(input.Name)}' has a dimension without a length; export it with a fixed size (only the number of examples may vary)"))];
        if (sizes.Aggregate(1L, (product, size) => product * size) > 1 << 26) throw new InvalidDataException("an example of its input has more values than are possible");
        return sizes switch { [var values] => Shape.Flat(values), [var rows, var columns] => new(1, rows, columns), [var c, var h, var w] => new(c, h, w), _ => default };
    }

    private OnnxFlow Lower(ImmutableArray<OnnxStep> steps, OnnxFlow flow, bool isTop)
    {
        for (int i = 0; i < steps.Length; i++)
        {
            (OnnxNode node, int at) = (steps[i].Node, i);
            if (!node.IsStandard) throw node.Wrong("is of an extension; only operators of ONNX itself are read");
            try
            {
                flow = steps[i].Body is { } body ? Block(steps[i], body, flow) : One(steps.AsSpan()[i..], ref i, flow, isTop);
            }
            catch (Exception wrong) when (wrong is ArgumentException or OverflowException)
            {
                throw node.Wrong(wrong is OverflowException ? "has a size that is too large" : $"does not fit: {wrong.Message.TrimEnd('.')}");
            }
            // Steps that were taken together have one value: that of the last.
            for (; at <= i; at++) _shapes.Set(steps[at].Node.Outputs[0], flow.Dims);
        }
        return flow;
    }

    private OnnxFlow Block(OnnxStep step, ImmutableArray<OnnxStep> body, OnnxFlow flow)
    {
        ImmutableArray<OnnxStep> shortcut = step.Shortcut!.Value;
        // The identity, or what has fewer layers with weights, is the shortcut.
        if (Size(body).CompareTo(Size(shortcut)) < 0) (body, shortcut) = (shortcut, body);
        if (flow.Shape.IsFlat) throw step.Node.Wrong("adds two branches of features; residual blocks here are of images");
        NetworkBuilder outer = _builder;
        OnnxFlow end = flow, other = flow;
        Action<NetworkBuilder> Inside(ImmutableArray<OnnxStep> branch, Action<OnnxFlow> set) => inside =>
        {
            _builder = inside;
            set(Lower(branch, flow, isTop: false));
        };
        outer.Residual(Inside(body, one => end = one), shortcut.IsEmpty ? null : Inside(shortcut, one => other = one));
        _builder = outer;
        if (outer.Layers[^1] is Residual added && added.Body.Concat(added.Shortcut).All(layer => layer is Dropout)) throw step.Node.Wrong("adds a value to itself; a branch here has layers");
        return end.IsLast == other.IsLast ? end : throw step.Node.Wrong("adds branches with channels in different places");
    }

    private static (int Weighted, int Steps) Size(ImmutableArray<OnnxStep> branch) =>
        (OnnxNames.NodesOf(branch).Count(node => node.Type == "Conv"), branch.Length);

    private OnnxFlow One(ReadOnlySpan<OnnxStep> steps, ref int i, OnnxFlow flow, bool isTop)
    {
        OnnxNode node = steps[0].Node;
        switch (node.Type)
        {
            case "Identity" or "Cast": return flow;
            case "Relu":
                _builder.Relu();
                return flow;
            case "Dropout":
                double rate = node["ratio"]?.F ?? (_constants.Contains(node.Input(1)) ? _constants[node.Input(1)].Floats() is [var one] ? one : 0 : 0.5);
                if (rate is > 0 and < 1) _builder.Dropout(rate);
                return flow;
            case "Conv": return Convolution(steps, ref i, flow, padding: 0);
            case "Gemm" or "MatMul": return Linear(steps, ref i, flow);
            case "BatchNormalization": return Normalization(node, flow);
            case "MaxPool" or "AveragePool": return Pool(node, flow);
            case "GlobalAveragePool": return GlobalPool(steps, ref i, flow);
            case "ReduceMean": return Mean(steps, ref i, flow);
            case "Pad" or "Slice": return Padded(steps, ref i, flow);
            case "Flatten" or "Reshape" or "Squeeze" or "Unsqueeze": return Reshaped(node, flow, isTop);
            case "Gather" when isTop && flow is { Shape.IsFlat: true, Selected: null } && _builder.Layers.IsEmpty && _constants.Contains(node.Input(1)): return Selected(node, flow);
            case "Transpose": return Moved(node, flow, isTop);
            default: throw node.Wrong($"cannot be imported: {Needed(node.Type)}");
        }
    }

    /// <summary>What an operator would need.</summary>
    private static string Needed(string type) => type switch
    {
        "Sigmoid" or "Tanh" or "LeakyRelu" or "Elu" or "Selu" or "Gelu" or "PRelu" or "Clip" or "HardSwish" or "HardSigmoid" or "Softplus" or "Mish" or "Erf" =>
            "ReLU is the only activation here; train the model with ReLU",
        "Concat" => "layers here are joined by addition alone, and a network with concatenation would need a layer that joins channels",
        "Add" or "Mul" or "Sub" or "Div" => "a constant that scales or shifts values is read only as a bias, right after Conv, MatMul or Gemm; scale the input by --scale instead",
        "ConvTranspose" or "Resize" or "Upsample" => "networks here classify, and have no layers that enlarge images",
        "LSTM" or "GRU" or "RNN" or "Attention" or "LayerNormalization" or "InstanceNormalization" or "GroupNormalization" or "LRN" =>
            "networks here are feed-forward, with batch normalization; such a layer would have to be added to the engine",
        "QuantizeLinear" or "DequantizeLinear" or "QLinearConv" or "QLinearMatMul" or "ConvInteger" or "MatMulInteger" => "quantized models cannot be trained; export it before quantization",
        "Softmax" or "LogSoftmax" => "a Softmax is read only at the end",
        _ => "there is no such layer here (docs/networks.md lists them)",
    };

    /// <summary>The values of a constant that a node takes, of a given shape or number.</summary>
    private float[] Floats(OnnxNode node, int input, long count)
    {
        string name = node.Input(input);
        if (!_constants.Contains(name)) throw node.Wrong($"takes '{OnnxNode.Short(name)}' where a constant is expected");
        return _constants[name].Count == count
            ? [.. _constants[name].Floats()]
            : throw node.Wrong($"takes '{OnnxNode.Short(name)}' of [{string.Join(", ", _constants[name].Shape)}], where {count:N0} values are expected");
    }

    private ImmutableArray<int> ShapeOf(OnnxNode node, int input, int rank)
    {
        string name = node.Input(input);
        if (!_constants.Contains(name)) throw node.Wrong($"takes weights '{OnnxNode.Short(name)}' that are computed, not constant");
        ImmutableArray<int> shape = _constants[name].Shape;
        return shape.Length == rank && shape.All(size => size > 0) ? shape
            : throw node.Wrong($"has weights of [{string.Join(", ", shape)}], and {rank} dimensions are expected");
    }

    private static Shape ImageOf(OnnxNode node, OnnxFlow flow)
    {
        if (flow.Shape.IsFlat) throw node.Wrong("takes an image, and the layer before it gives features");
        return flow.IsLast ? throw node.Wrong("takes images with channels last; export the model with channels first") : flow.Shape;
    }
}
