using Lottery.Kernels;
using Lottery.Networks;
using Lottery.Plans;

namespace Lottery.Prediction;

/// <summary>
/// One example at a time: kept weights of linear layers are gathered eight rows at once, images lie as rows of pixels.
/// Every sum has the order that it has among many, so that scores have the same bits; where a sum is zero, its sign may
/// differ, since some ways skip zeros and some do not, so that a score of −0 becomes +0 here and there.
/// </summary>
internal sealed class AlonePlan : IDisposable
{
    private readonly AloneStep[] _steps;
    private readonly IReadOnlyList<int> _lengths;
    private readonly int _output, _classes;
    private readonly Plane _input;
    private readonly KernelSet _kernels;

    /// <summary>The plan, from one for many that has its values.</summary>
    public AlonePlan(NetworkPlan plan, Mask mask, Weights weights)
    {
        var draft = new AloneDraft(plan, mask, weights);
        (_steps, _lengths, _input, _output) = ([.. draft.Steps], draft.Lengths, draft.Input, draft.Output);
        (_classes, _kernels) = (plan.Network.Outputs, plan.Kernels);
    }

    /// <summary>Room for one thread.</summary>
    public AloneRoom Room() => new(_kernels, _lengths);

    /// <summary>The scores of one example.</summary>
    public void Scores(AloneRoom room, ReadOnlySpan<float> inputs, Span<float> scores)
    {
        Span<float> x = room[0];
        int channels = Math.Max(1, _input.Channels), each = inputs.Length / channels;
        for (int channel = 0; channel < channels; channel++)
            inputs.Slice(channel * each, each).CopyTo(x[(channel * _input.Channel)..]);
        Scores(room, scores);
    }

    /// <summary>The scores of one image.</summary>
    public void Scores(AloneRoom room, ReadOnlySpan<byte> image, ByteValues values, Span<float> scores)
    {
        Span<float> x = room[0];
        // Plain units may be those of an image, whose channels the scale knows.
        bool isFlat = _input.Channels == 0;
        int channels = isFlat ? values.Scale.Channels : _input.Channels, each = image.Length / channels;
        for (int channel = 0; channel < channels; channel++)
            values.Of(channel, image.Slice(channel * each, each), x[(channel * (isFlat ? each : _input.Channel))..]);
        Scores(room, scores);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (AloneStep step in _steps) step.Dispose();
    }

    private void Scores(AloneRoom room, Span<float> scores)
    {
        foreach (AloneStep step in _steps) step.Run(room);
        Span<float> y = room[_output];
        for (int c = 0; c < _classes; c++) scores[c] = y[c] + 0f;
    }
}
