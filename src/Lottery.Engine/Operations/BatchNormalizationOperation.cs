using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Lottery.Kernels.Normalization;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Operations;

/// <summary>
/// Batch normalization and the ReLU that follows it, channel by channel on any thread. Stored: scales, biases, running
/// means, running variances; of each first the live channels, then the dead ones.
/// </summary>
internal sealed class BatchNormalizationOperation : Operation
{
    private readonly int _part;
    private readonly BatchNormalization _layer;
    private readonly Network _network;
    private readonly NormalizationShape _shape;
    private readonly AlignedBuffer<float> _mean, _inverseDeviation;
    private AlignedBuffer<float>? _gradient;

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

    public override int Parts => _shape.Input.Channels;

    public override BackwardUse InputUse => BackwardUse.Batch;

    public override BackwardUse GradientUse => BackwardUse.Batch;

    public override void Forward(in ForwardContext context, int part, int worker)
    {
        ChannelNormalization normalization = Of(context.ParametersOf(this));
        if (context.Training)
            normalization.Train(
                context.Kernels, _shape, part, context.Tiles.ValidLanes, context.X.All(Input), context.X.All(Output), Output.HasRelu);
        else
            normalization.Evaluate(
                context.Kernels, _shape, part, context.Tiles.ImageTiles, context.X.All(Input), context.X.All(Output), Output.HasRelu);
    }

    public override void AllocateBackward(BatchTiles tiles, int threads) => _gradient = Allocate(2 * _part);

    public override void Backward(in BackwardContext context, int part, int worker)
    {
        Span<float> dx = context.Dx.Has(Input) ? context.Dx.All(Input) : default;
        (float scale, float bias) = Of(context.Forward.ParametersOf(this)).Backward(
            context.Kernels, _shape, part, context.Tiles.ValidLanes, context.X.All(Input), context.Dx.All(Output), dx, Input.HasRelu);
        (_gradient!.Span[part], _gradient.Span[_part + part]) = (scale, bias);
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
