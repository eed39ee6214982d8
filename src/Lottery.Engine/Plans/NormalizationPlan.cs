using Lottery.Kernels;
using Lottery.Kernels.Normalization;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Plans;

/// <summary>
/// Batch normalization, and the ReLU that follows. Its values: gains, biases, running means, running variances, each
/// rounded up to a multiple of 16; in each, first the channels that are present, then those that have left the plan. The
/// thread team's threads share the channels out.
/// </summary>
internal sealed class NormalizationPlan : LayerPlan
{
    private readonly int[] _places, _parameters;
    private readonly AlignedBuffer<float> _mean, _inverseDeviation;
    private readonly Action<int, int> _channel;
    private Activations? _x;
    private bool _training;

    public NormalizationPlan(BatchNormalization layer, Network network, (Signal Input, Signal Output) ends, int offset)
        : base(ends.Input, ends.Output, offset)
    {
        int[] present = ends.Input.Present;
        _places = [.. present, .. Enumerable.Range(0, layer.Channels).Except(present)];
        _parameters = [.. layer.Parameters.Select(parameter => network.IndexOf(parameter.Name))];
        Part = Padded(layer.Channels);
        Shape = new(ends.Input.Layout, ends.Output.Layout);
        (_mean, _inverseDeviation) = (new(Part), new(Part));
        _channel = (channel, _) => Channel(_x!, channel);
    }

    /// <summary>The tiles before and after.</summary>
    public NormalizationShape Shape { get; }

    /// <summary>Values of each of the four parts: the optimizer moves the first two.</summary>
    public int Part { get; }

    public override int Length => 4 * Part;

    public override void Forward(Activations x, Pass pass)
    {
        (_x, _training) = (x, pass.Training);
        x.Plan.ThreadTeam.Run(Shape.Input.Channels, _channel);
    }

    /// <summary>Gains, biases and figures of every channel.</summary>
    public ChannelNormalization Of(NetworkPlan plan)
    {
        Span<float> values = plan.ValuesOf(this);
        return new()
        {
            Scale = values[..Part], Bias = values.Slice(Part, Part), RunningMean = values.Slice(2 * Part, Part),
            RunningVariance = values.Slice(3 * Part, Part), Mean = _mean.Span, InverseStandardDeviation = _inverseDeviation.Span,
        };
    }

    public override void Load(Weights weights, Span<float> values)
    {
        values.Clear();
        for (int part = 0; part < _parameters.Length; part++)
            for (int k = 0; k < _places.Length; k++) values[part * Part + k] = weights[_parameters[part]][_places[k]];
    }

    public override void Save(ReadOnlySpan<float> values, Weights weights)
    {
        for (int part = 0; part < _parameters.Length; part++)
            for (int k = 0; k < _places.Length; k++) weights[_parameters[part]][_places[k]] = values[part * Part + k];
    }

    public override void Dispose()
    {
        _mean.Dispose();
        _inverseDeviation.Dispose();
    }

    private void Channel(Activations x, int channel)
    {
        ChannelNormalization normalization = Of(x.Plan);
        KernelSet kernels = x.Plan.Kernels;
        if (_training)
            normalization.Train(kernels, Shape, channel, x.Tiles.Live, x.All(Input), x.All(Output), Output.Rectified);
        else
            normalization.Evaluate(kernels, Shape, channel, x.Tiles.ImageTiles, x.All(Input), x.All(Output), Output.Rectified);
    }
}
