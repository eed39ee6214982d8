using Lottery.Kernels;
using Lottery.Networks;
using Lottery.Operations;
using Lottery.Plans;

namespace Lottery.Prediction;

/// <summary>
/// Predicts one example: kept weights of linear layers are gathered eight rows at once, images lie as rows of pixels. Every
/// sum has the order that it has in a batch, so scores have the same bits; only the sign of a zero may differ, since some
/// kernels skip zeros and some do not, and a score of −0 is returned as +0.
/// </summary>
internal sealed class SinglePlan : IDisposable
{
    private readonly SingleStep[] _steps;
    private readonly IReadOnlyList<int> _lengths;
    private readonly int _output, _classes;
    private readonly Plane _input;
    private readonly KernelSet _kernels;

    /// <summary>The steps of a plan; neither its values nor its tables are needed, so that they are not made.</summary>
    public SinglePlan(CompiledPlan plan, Mask mask, Weights weights)
    {
        var builder = new SinglePlanBuilder(plan.Tensors, mask, weights, plan.Kernels);
        foreach (Operation operation in plan.Operations) operation.AddTo(builder);
        (_steps, _lengths, _input, _output) = ([.. builder.Steps], builder.Lengths, builder[plan.Input].Plane, builder[plan.Output].Buffer);
        (_classes, _kernels) = (plan.Network.Outputs, plan.Kernels);
    }

    /// <summary>The buffers of one thread.</summary>
    public SingleBuffers Allocate() => new(_kernels, _lengths);

    /// <summary>The scores of one example whose values are scaled.</summary>
    public void Scores(SingleBuffers buffers, ReadOnlySpan<float> inputs, Span<float> scores)
    {
        Span<float> x = buffers[0];
        int channels = Math.Max(1, _input.Channels), each = inputs.Length / channels;
        for (int channel = 0; channel < channels; channel++)
            inputs.Slice(channel * each, each).CopyTo(x[(channel * _input.Channel)..]);
        Scores(buffers, scores);
    }

    /// <summary>The scores of one image.</summary>
    public void Scores(SingleBuffers buffers, ReadOnlySpan<byte> image, ByteValues values, Span<float> scores)
    {
        Span<float> x = buffers[0];
        // Features may be those of an image, whose channels the scale knows.
        bool isFlat = _input.Channels == 0;
        int channels = isFlat ? values.Scale.Channels : _input.Channels, each = image.Length / channels;
        for (int channel = 0; channel < channels; channel++)
            values.Of(channel, image.Slice(channel * each, each), x[(channel * (isFlat ? each : _input.Channel))..]);
        Scores(buffers, scores);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SingleStep step in _steps) step.Dispose();
    }

    private void Scores(SingleBuffers buffers, Span<float> scores)
    {
        foreach (SingleStep step in _steps) step.Run(buffers);
        Span<float> y = buffers[_output];
        for (int c = 0; c < _classes; c++) scores[c] = y[c] + 0f;
    }
}
