using Lottery.Data;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Plans;
using Lottery.Specifications;

namespace Lottery.Training;

/// <summary>Weights and biases are moved themselves; pruned ones that act stay where they are.</summary>
internal sealed class TrainedWeights : TrainedValues
{
    private readonly NetworkPlan _plan;

    /// <summary>The training of what <paramref name="plan"/> holds.</summary>
    /// <param name="optimizer">How it is moved.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="mask">What is moved, where the rest acts but is frozen; null where nothing acts that is not moved.</param>
    public TrainedWeights(Optimizer optimizer, NetworkPlan plan, Mask? mask)
    {
        _plan = plan;
        Optimizer = OptimizerState.Of(optimizer, plan);
        if (mask is not null) Optimizer = new FreezingState(Optimizer, plan, mask);
    }

    public override OptimizerState Optimizer { get; }

    public override AlignedBuffer<float> Values => _plan.Values;

    public override void Prepare(int step)
    {
    }

    public override void Load(Weights weights, Span<float> values) => _plan.Load(weights, values);

    public override Evaluation Look(Evaluator evaluator, SplitDataset data, int step)
    {
        TestMetrics seen = evaluator.Run(data.Dataset.Train, data.Validation.Span);
        return new(step, seen.Loss, seen.Accuracy, double.NaN);
    }

    public override (TestMetrics Tested, TestMetrics? Thresholded) Test(Evaluator evaluator, Examples test, ReadOnlySpan<int> all) =>
        (evaluator.Run(test, all), null);
}
