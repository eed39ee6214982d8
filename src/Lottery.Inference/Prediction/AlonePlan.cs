using Lottery.Kernels;
using Lottery.Networks;
using Lottery.Plans;

namespace Lottery.Prediction;

/// <summary>
/// One example at a time: kept weights of linear layers are gathered eight rows at once, pictures lie as rows of pixels.
/// Every sum has the order that it has among many, so that scores have the same bits; where a sum is zero, its sign may
/// differ, since some ways skip zeros and some do not, so that a score of −0 becomes +0 here and there.
/// </summary>
internal sealed class AlonePlan : IDisposable
{
    private readonly AloneStep[] _steps;
    private readonly IReadOnlyList<int> _lengths;
    private readonly int _output, _classes;
    private readonly KernelSet _kernels;

    /// <summary>The plan, from one for many that has its values.</summary>
    public AlonePlan(NetworkPlan plan, Mask mask, Weights weights)
    {
        var draft = new AloneDraft(plan, mask, weights);
        (_steps, _lengths, _output) = ([.. draft.Steps], draft.Lengths, draft.Output);
        (_classes, _kernels) = (plan.Network.Outputs, plan.Kernels);
    }

    /// <summary>Room for one thread.</summary>
    public AloneRoom Room() => new(_kernels, _lengths);

    /// <summary>From the input, which the caller writes to the room's first buffer, to the scores.</summary>
    public void Scores(AloneRoom room, Span<float> scores)
    {
        foreach (AloneStep step in _steps) step.Run(room);
        Span<float> y = room[_output];
        for (int c = 0; c < _classes; c++) scores[c] = y[c] + 0f;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (AloneStep step in _steps) step.Dispose();
    }
}
