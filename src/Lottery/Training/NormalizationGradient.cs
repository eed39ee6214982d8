using Lottery.Numerics;
using Lottery.Plans;

namespace Lottery.Training;

/// <summary>The way back through batch normalization: the thread team's threads share the channels out.</summary>
internal sealed class NormalizationGradient : LayerGradient
{
    private readonly NormalizationPlan _layer;
    private readonly AlignedBuffer<float> _gradient;
    private readonly Action<int, int> _channel;
    private Flow _flow;

    public NormalizationGradient(NormalizationPlan layer)
    {
        _layer = layer;
        _gradient = new(2 * layer.Part);
        _channel = (channel, _) => Channel(_flow, channel);
    }

    public override void Back(Flow flow, Pass pass, OptimizerState optimizer)
    {
        _flow = flow;
        flow.Plan.ThreadTeam.Run(_layer.Shape.Input.Channels, _channel);
        optimizer.Apply(_layer.Offset, _gradient.Span);
    }

    public override void Dispose() => _gradient.Dispose();

    private void Channel(Flow flow, int channel)
    {
        Span<float> dx = flow.Wants(_layer.Input) ? flow.Dx.All(_layer.Input) : default;
        (float scale, float bias) = _layer.Of(flow.Plan).Backward(
            flow.Plan.Kernels, _layer.Shape, channel, flow.Tiles.Live, flow.X.All(_layer.Input), flow.Gradients(_layer.Output), dx,
            _layer.Input.Rectified);
        (_gradient.Span[channel], _gradient.Span[_layer.Part + channel]) = (scale, bias);
    }
}
