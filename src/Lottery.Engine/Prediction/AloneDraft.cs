using Lottery.Kernels.Convolution;
using Lottery.Kernels.Normalization;
using Lottery.Kernels.Prediction;
using Lottery.Kernels.Sparse;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Plans;

namespace Lottery.Prediction;

/// <summary>Lays a plan's layers out for one example: a step each, and the buffers that they need.</summary>
internal sealed class AloneDraft
{
    /// <summary>Behind the last value of a buffer: what kernels round up to, and a zero for those that need one.</summary>
    private const int Slack = 64;

    private readonly NetworkPlan _plan;
    private readonly Mask _mask;
    private readonly Weights _weights;
    private readonly List<AloneStep> _steps = [];
    private readonly List<int> _lengths = [];
    private readonly (int Buffer, Plane Plane)[] _places;

    public AloneDraft(NetworkPlan plan, Mask mask, Weights weights)
    {
        (_plan, _mask, _weights) = (plan, mask, weights);
        _places = new (int, Plane)[plan.Signals.Length];
        Input = PlaneOf(plan.Input);
        _places[0] = (New(plan.Input.Shape.IsFlat ? plan.Input.Shape.Count : Input.Length), Input);
        foreach (LayerPlan layer in plan.Layers) Add(layer);
    }

    public IReadOnlyList<AloneStep> Steps => _steps;

    public IReadOnlyList<int> Lengths => _lengths;

    /// <summary>The buffer that the scores end in.</summary>
    public int Output => _places[^1].Buffer;

    /// <summary>How an image lies in the first buffer; plain units lie one after the other.</summary>
    public Plane Input { get; }

    private static Plane PlaneOf(Signal signal) => signal.Shape.IsFlat
        ? default
        : Plane.Of(signal.Present.Length, signal.Shape.Height, signal.Shape.Width);

    private int New(int length)
    {
        _lengths.Add(length + Slack);
        return _lengths.Count - 1;
    }

    /// <summary>A new place for a signal.</summary>
    private (int Buffer, Plane Plane) Place(Signal signal) => Place(signal, PlaneOf(signal));

    private (int Buffer, Plane Plane) Place(Signal signal, Plane plane) =>
        _places[signal.Index] = (New(signal.Shape.IsFlat ? signal.Present.Length : plane.Length), plane);

    /// <summary>Where each unit of a flat signal lies: the input as it is given, others without what has left the plan.</summary>
    private int[] UnitsOf(Signal signal)
    {
        int[] units = [.. Enumerable.Range(0, signal.Shape.Count)];
        for (int i = 0; i < signal.Present.Length && signal != _plan.Input; i++) units[signal.Present[i]] = i;
        return units;
    }

    private void Add(LayerPlan layer)
    {
        (int from, Plane plane) = _places[layer.Input.Index];
        switch (layer)
        {
            case ForkPlan fork:
                _places[fork.Output.Index] = _places[fork.Shortcut.Index] = _places[fork.Input.Index];
                break;
            case DropoutPlan:
                _places[layer.Output.Index] = _places[layer.Input.Index];
                break;
            case KeptLayerPlan kept:
                _steps.Add(new KeptUnits(Table(kept), from, Place(kept.Output).Buffer, kept.Relu));
                break;
            case DenseLayerPlan dense:
                int bits = New((dense.Layer.Inputs + 63) / 64 * 2), to = Place(dense.Output).Buffer;
                _steps.Add(new DenseUnits(_weights[dense.Weight], _weights[dense.Bias], (from, to), bits, dense.Relu));
                break;
            case ConvolutionPlan convolution:
                Convolve(convolution, from, plane);
                if (convolution is PooledConvolutionPlan pooled) MaxPool(pooled.Made, pooled.Output, pooled.Table.Pooled.Windows.Size);
                break;
            case NormalizationPlan normalization:
                _steps.Add(new AloneNormalization(plane, Constants(normalization), from, Place(normalization.Output, plane).Buffer));
                break;
            case MaxPoolPlan pool:
                MaxPool(pool.Input, pool.Output, pool.Windows.Size);
                break;
            case AveragePoolPlan pool:
                (to, Plane target) = Place(pool.Output);
                _steps.Add(new AloneAverage(plane, target, (pool.Windows.Size, pool.Windows.Size), from, to));
                break;
            case GlobalAveragePlan:
                to = Place(layer.Output).Buffer;
                _steps.Add(new AloneAverage(plane, new(plane.Channels, 1, 1, 1, 1), (plane.Rows, plane.Columns), from, to));
                break;
            case FlattenPlan flatten:
                _steps.Add(new Pick(Pixels(flatten, plane), from, Place(flatten.Output).Buffer));
                break;
            case JoinPlan join:
                (int shortcut, Plane other) = _places[join.Shortcut.Index];
                (to, target) = Place(join.Output, plane);
                _steps.Add(new AloneSum(target, other, (from, shortcut, to), join.Output.Rectified));
                break;
            case ZeroPadPlan pad:
                (to, target) = Place(pad.Output);
                _steps.Add(new AloneZeroPad(plane, target, (pad.Targets[0], pad.Shape.Stride), from, to));
                break;
            case ReluPlan:
                to = Place(layer.Output, plane).Buffer;
                _steps.Add(new AloneRectify(layer.Input.Shape.IsFlat ? layer.Input.Present.Length : plane.Length, from, to));
                break;
            default:
                throw new ArgumentException($"There is no way for one example through {layer.GetType().Name}.", nameof(layer));
        }
    }

    private SingleSparseTable Table(KeptLayerPlan layer)
    {
        int[] units = UnitsOf(layer.Input);
        int each = layer.Layer.Inputs;
        BitSet kept = _mask[layer.Weight]!;
        float[] bias = _weights[layer.Bias].ToArray();
        (int Input, float Weight)[] Row(int output)
        {
            ReadOnlySpan<float> weight = _weights[layer.Weight].Slice(output * each, each);
            var row = new List<(int, float)>();
            for (int input = 0; input < each; input++)
                if (kept[output * each + input]) row.Add((units[input], weight[input]));
            return [.. row];
        }
        int inputs = layer.Input == _plan.Input ? each : layer.Input.Present.Length;
        return new(Array.ConvertAll(layer.Output.Present, Row), Array.ConvertAll(layer.Output.Present, output => bias[output]), inputs);
    }

    private void Convolve(ConvolutionPlan layer, int from, Plane plane)
    {
        var convolution = (Convolution)layer.Layer;
        (int kernel, int stride, int padding) = (convolution.Kernel, convolution.Stride, convolution.Padding);
        bool byWinograd = layer is DenseConvolutionPlan && DenseConvolution.UsesWinograd(layer.Shape);
        Plane output = PlaneOf(layer.Made);
        if (stride > 1 || padding > 0)
        {
            int phases = Math.Min(stride, kernel), around = (kernel - 1) / stride;
            Plane grid = Plane.Of(plane.Channels * phases * phases, output.Rows + around, output.Columns + around);
            int to = New(grid.Length);
            _steps.Add(new Arrange(plane, grid, (phases, stride, padding), from, to));
            (from, plane) = (to, grid);
        }
        if (byWinograd)
        {
            AddWinograd(layer, from, plane, output);
            return;
        }
        SingleConvolutionTable table = Table(layer, convolution, plane, output);
        _lengths[from] = Math.Max(_lengths[from], table.SourceLength);
        int target = Place(layer.Made, new(output.Channels, output.Rows, output.Columns, plane.Row, table.SpanLength)).Buffer;
        _steps.Add(new AloneConvolution(table, from, target, layer.Relu));
    }

    private void AddWinograd(ConvolutionPlan layer, int from, Plane plane, Plane output)
    {
        var packed = new AlignedBuffer<float>(DenseConvolution.PackedLength(layer.Shape, transposed: false));
        _plan.Kernels.Run(new ConvolutionPacking
        {
            Shape = layer.Shape, Weights = _plan.ValuesOf(layer), Packed = packed.Span, Transposed = false,
        });
        float[] bias = layer.Bias < 0 ? [] : _weights[layer.Bias].ToArray();
        int to = Place(layer.Made, output).Buffer;
        _steps.Add(new BlockConvolution(plane, output, layer.Shape, packed, bias, New, (from, to), layer.Relu));
    }

    private SingleConvolutionTable Table(ConvolutionPlan layer, Convolution convolution, Plane plane, Plane output)
    {
        (int kernel, int stride) = (convolution.Kernel, convolution.Stride);
        int phases = Math.Min(stride, kernel), taps = kernel * kernel, each = convolution.Inputs * taps;
        BitSet? kept = layer is KeptConvolutionPlan ? _mask[layer.Weight] : null;
        int[] inputs = layer.Input.Present, outputs = layer.Made.Present;
        int[] offsets = [.. Enumerable.Range(0, taps).Select(tap => plane.At(
            tap / kernel % stride * phases + tap % kernel % stride, tap / kernel / stride, tap % kernel / stride))];
        OffsetWeight[] Row(int target)
        {
            var row = new List<OffsetWeight>();
            for (int channel = 0; channel < inputs.Length; channel++)
                for (int tap = 0, place = outputs[target] * each + inputs[channel] * taps; tap < taps; tap++, place++)
                    if (kept is null || kept[place]) row.Add(new(channel, channel * phases * phases * plane.Channel + offsets[tap], place));
            return [.. row];
        }
        float[] bias = layer.Bias < 0 ? [] : _weights[layer.Bias].ToArray();
        int around = (kernel - 1) / stride, spread = (phases * phases - 1) * plane.Channel + around * (plane.Row + 1);
        int run = (output.Rows - 1) * plane.Row + output.Columns;
        return new([.. Enumerable.Range(0, outputs.Length).Select(Row)], _weights[layer.Weight],
            layer.Bias < 0 ? [] : Array.ConvertAll(outputs, channel => bias[channel]), inputs.Length, spread, run);
    }

    private void MaxPool(Signal input, Signal output, int size)
    {
        (int from, Plane plane) = _places[input.Index];
        int every = New(plane.Length), most = (size - 1) * (plane.Row + 1);
        _lengths[every] = (plane.Length + 15) / 16 * 16;
        _lengths[from] = Math.Max(_lengths[from], _lengths[every] + most);
        (int to, Plane target) = Place(output);
        _steps.Add(new AloneMaxPool(plane, target, size, (from, every, to)));
    }

    private NormalizeForward.Constants[] Constants(NormalizationPlan normalization)
    {
        ChannelNormalization figures = normalization.Of(_plan);
        var constants = new NormalizeForward.Constants[normalization.Input.Present.Length];
        for (int channel = 0; channel < constants.Length; channel++)
            constants[channel] = figures.Evaluating(channel, normalization.Output.Rectified);
        return constants;
    }

    private static int[] Pixels(FlattenPlan flatten, Plane plane)
    {
        int pixels = flatten.Input.Layout.Pixels;
        int[] channels = flatten.Input.Present;
        return Array.ConvertAll(flatten.Output.Present, unit => plane.At(
            Array.BinarySearch(channels, unit / pixels), unit % pixels / plane.Columns, unit % plane.Columns));
    }
}
