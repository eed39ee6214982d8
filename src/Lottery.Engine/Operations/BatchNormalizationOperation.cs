using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Lottery.Kernels.Normalization;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Operations;

/// <summary>
/// Batch normalization and the ReLU that follows it. Stored: scales, biases, running means, running variances; of each first the live
/// channels, then the dead ones.
/// </summary>
/// <remarks>
/// What is found over the batch (a channel on any thread) comes before the tiles: normalizing a tile is then part of the segment that
/// reads it, and the gradient before normalization part of the segment that reads that.
/// </remarks>
internal sealed class BatchNormalizationOperation : Operation
{
    private readonly int _part;
    private readonly BatchNormalization _layer;
    private readonly Network _network;
    private readonly NormalizationShape _shape;
    private readonly AlignedBuffer<float> _mean, _inverseDeviation;
    private AlignedBuffer<float>? _gradient;
    private NormalizeBackward.Constants[] _ofValues = [];
    private Action<int, int>? _measure, _measureGradient;
    private ForwardContext _forward;
    private BackwardContext _backward;

    public BatchNormalizationOperation(BatchNormalization layer, Network network, PlanTensor input, PlanTensor output)
        : base(layer.Name, input, output)
    {
        (_layer, _network, _part) = (layer, network, Padded(layer.Channels));
        _shape = new(input.Layout, output.Layout);
        (_mean, _inverseDeviation) = (Allocate(_part), Allocate(_part));
    }

    protected override ImmutableArray<ParameterSlot> Slots()
    {
        int[] channels = [.. Input.Live, .. Enumerable.Range(0, _layer.Channels).Except(Input.Live)];
        return
        [
            .. _layer.Parameters.Select((parameter, i) =>
                new ParameterSlot(_network.IndexOf(parameter.Name), i * _part, _part, new IndexedMap(channels))),
        ];
    }

    public override bool IsTiled => true;

    public override bool BeginsWithBatch => true;

    public override BackwardUse InputUse => BackwardUse.Batch;

    public override BackwardUse GradientUse => BackwardUse.Batch;

    public override bool IsCheapToRecompute => true;

    /// <summary>The batch's mean and variance, channel by channel.</summary>
    public override void BeginForward(in ForwardContext context)
    {
        if (!context.Training) return;
        (_forward, _measure) = (context, _measure ?? Measure);
        context.Team.Run(_shape.Input.Channels, _measure);
    }

    public override void Forward(in ForwardContext context, int part, int worker)
    {
        ChannelNormalization normalization = Of(context.ParametersOf(this));
        ReadOnlySpan<float> x = context.X.At(Input, part);
        Span<float> y = context.X.At(Output, part);
        bool relu = Output.HasRelu;
        for (int channel = 0; channel < _shape.Input.Channels; channel++)
            context.Kernels.Run(new NormalizeForward
            {
                Shape = _shape, Channel = channel, LaneGroups = 1, X = x, Y = y,
                Numbers = context.Training ? normalization.Training(channel, relu) : normalization.Evaluating(channel, relu),
            });
    }

    public override void AllocateBackward(BatchTiles tiles, int threads)
    {
        _gradient = Allocate(2 * _part);
        _ofValues = new NormalizeBackward.Constants[_shape.Input.Channels];
        _measureGradient = MeasureGradient;
    }

    /// <summary>The gradient of scales and biases, channel by channel.</summary>
    public override void BeginBackward(in BackwardContext context)
    {
        _backward = context;
        context.Team.Run(_shape.Input.Channels, _measureGradient!);
    }

    public override void Backward(in BackwardContext context, int part, int worker)
    {
        if (!context.Dx.Has(Input)) return;
        ReadOnlySpan<float> x = context.X.At(Input, part), dy = context.Dx.At(Output, part);
        Span<float> dx = context.Dx.At(Input, part);
        for (int channel = 0; channel < _ofValues.Length; channel++)
            context.Kernels.Run(new NormalizeBackward
            {
                Shape = _shape, Channel = channel, ValidLanes = context.Tiles.ValidLanes.Slice(part, 1), X = x, Dy = dy, Dx = dx,
                Numbers = _ofValues[channel],
            });
    }

    public override void EndBackward(in BackwardContext context) => context.Sink.Apply(Offset, _gradient!.Span);

    public override void AddTo(SinglePlanBuilder single)
    {
        using AlignedBuffer<float> stored = single.ParametersOf(this);
        ChannelNormalization normalization = Of(stored.Span);
        var constants = new NormalizeForward.Constants[Input.Live.Length];
        for (int channel = 0; channel < constants.Length; channel++)
            constants[channel] = normalization.Evaluating(channel, Output.HasRelu);
        if (single.Steps is [.., var before] && before.Normalize(Input, constants))
        {
            single.Share(Output, Input);
            return;
        }
        (int from, Plane plane) = single[Input];
        single.Add(new Single(plane, constants, from, single.Allocate(Output, plane).Buffer));
    }

    private void Measure(int channel, int worker) => Of(_forward.ParametersOf(this)).Measure(
        _forward.Kernels, _shape, channel, _forward.Tiles.ValidLanes, _forward.X.All(Input));

    private void MeasureGradient(int channel, int worker)
    {
        ChannelGradient gradient = Of(_backward.Forward.ParametersOf(this)).MeasureGradient(
            _backward.Kernels, _shape, channel, _backward.Tiles.ValidLanes, _backward.X.All(Input), _backward.Dx.All(Output), Input.HasRelu);
        (_gradient!.Span[channel], _gradient.Span[_part + channel], _ofValues[channel]) = (gradient.Scale, gradient.Bias, gradient.OfValues);
    }

    private ChannelNormalization Of(Span<float> values) => new()
    {
        Scale = values[.._part], Bias = values.Slice(_part, _part), RunningMean = values.Slice(2 * _part, _part),
        RunningVariance = values.Slice(3 * _part, _part), Mean = _mean.Span, InverseStandardDeviation = _inverseDeviation.Span,
    };

    /// <summary>The layer for a single example, by the running mean and variance.</summary>
    private sealed class Single(Plane plane, NormalizeForward.Constants[] channels, int from, int to) : SingleStep
    {
        // To the kernel, a channel is one row of so many sixteens.
        private readonly NormalizationShape _shape =
            new(new(plane.Channels, 1, plane.Channel / 16, 0), new(plane.Channels, 1, plane.Channel / 16, 0));

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Run(SingleBuffers buffers)
        {
            for (int channel = 0; channel < channels.Length; channel++)
                buffers.Kernels.Run(new NormalizeForward
                {
                    Shape = _shape, Channel = channel, LaneGroups = 1, X = buffers[from], Y = buffers[to], Numbers = channels[channel],
                });
        }
    }
}
