using Lottery.Data;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Training;

/// <summary>The scores of a mask are moved; weights and biases stay where they are.</summary>
/// <remarks>
/// A step computes with one sample of the mask, the stream <c>supermask/step-S/NAME</c>. A look at the validation set takes
/// one, <c>look-S</c>, since it is taken often; the test takes the mean of ten, <c>test-0</c> … <c>test-9</c>, as the paper does.
/// </remarks>
internal sealed class TrainedScores(LearnedMask mask) : TrainedValues
{
    private const int Samples = 10;

    public override OptimizerState Optimizer => mask;

    public override AlignedBuffer<float> Values => mask.Scores;

    public override void Prepare(int step) => mask.Sample("step", step);

    public override void Load(Weights weights, Span<float> values) => mask.Load(weights, values);

    public override Evaluation Look(Evaluator evaluator, SplitDataset data, int step)
    {
        mask.Sample("look", step);
        TestMetrics seen = evaluator.Run(data.Dataset.Train, data.Validation.Span);
        return new(step, seen.Loss, seen.Accuracy, double.NaN) { Kept = mask.Shares() };
    }

    public override (TestMetrics Tested, TestMetrics? Thresholded) Test(Evaluator evaluator, Examples test, ReadOnlySpan<int> all)
    {
        double loss = 0, accuracy = 0;
        for (int sample = 0; sample < Samples; sample++)
        {
            mask.Sample("test", sample);
            TestMetrics seen = evaluator.Run(test, all);
            loss += seen.Loss;
            accuracy += seen.Accuracy;
        }
        mask.Threshold();
        return (new(loss / Samples, accuracy / Samples), evaluator.Run(test, all));
    }
}
