using Lottery.Actions;
using Lottery.Networks;
using Lottery.Specifications;

namespace Lottery.Studies.Execution;

/// <summary>
/// How long runs will take, before any is measured: multiply-adds at a middling rate for one core, and what a step costs
/// besides. Good to a factor of two; once runs are under way their own pace is used instead.
/// </summary>
internal static class WorkEstimate
{
    private const double MultiplyAddsPerSecond = 25e9, SecondsPerStep = 25e-6;

    /// <summary>What a run costs that is not training: pruning, hashing, and a folder that is safe on disk.</summary>
    private const double SecondsPerRun = 20e-3, SecondsPerWeight = 60e-9;

    /// <summary>The seconds of one thread for <paramref name="run"/>.</summary>
    /// <param name="run">The run.</param>
    /// <param name="tested">Examples in the test set.</param>
    public static double Seconds(RunSpecification run, int tested) =>
        MultiplyAdds(run, tested) / MultiplyAddsPerSecond + (run.Training.Steps - run.FirstStep) * SecondsPerStep
        + SecondsPerRun + run.Network.PrunableCount * SecondsPerWeight;

    /// <summary>The seconds of one thread for training a dense run to a step that is rewound to.</summary>
    public static double SecondsTo(int step, RunSpecification dense) =>
        MultiplyAddsTo(step, dense) / MultiplyAddsPerSecond + step * SecondsPerStep + dense.Network.PrunableCount * SecondsPerWeight;

    /// <summary>The multiply-adds of training a dense run to a step that is rewound to.</summary>
    public static double MultiplyAddsTo(int step, RunSpecification dense) => (double)step * dense.Training.Batch * Products(dense).Step;

    /// <summary>The multiply-adds of <paramref name="run"/>, by the fraction of the weights that its level keeps.</summary>
    /// <param name="run">The run.</param>
    /// <param name="tested">Examples in the test set.</param>
    public static double MultiplyAdds(RunSpecification run, int tested)
    {
        (double step, double kept) = Products(run);
        TrainingSpecification training = run.Training;
        int steps = training.Steps - run.FirstStep;
        double evaluations = 1 + Math.Ceiling((double)steps / training.Evaluate);
        return (double)steps * training.Batch * step
            + (evaluations * run.Data.Validation + Tests(run) * (tested + (training.Measurements.TrainingSample ?? tested))
                + Masks(run) * training.Measurements.TestAt.Length * tested) * kept;
    }

    /// <summary>The multiply-adds of one example in a training step, and in an evaluation.</summary>
    private static (double Step, double Evaluation) Products(RunSpecification run)
    {
        double kept = 0, twice = 0;
        foreach (LayerSummary layer in NetworkSummary.Of(run.Network).Layers.Where(layer => layer.MultiplyAdds > 0))
        {
            double rate = layer.Prunable ? (double)Rate(run, layer.Kind!.Value) : 0;
            double products = layer.MultiplyAdds * Math.Pow(1 - rate, run.Level);
            // The first layer needs no gradient of its input.
            twice += kept == 0 ? products : 2 * products;
            kept += products;
        }
        return (kept + twice, kept);
    }

    /// <summary>The best and the final weights; of a learned supermask also the thresholded mask.</summary>
    private static double Tests(RunSpecification run) => 2 * Masks(run);

    /// <summary>Of a learned supermask, ten samples and the thresholded mask; else one.</summary>
    private static double Masks(RunSpecification run) => run.Supermask is null ? 1 : 11;

    private static decimal Rate(RunSpecification run, LayerKind kind) => (run.Prune?.Rates, kind) switch
    {
        (null, _) => 0,
        // Frozen weights act in the network, so it costs what a dense one does.
        _ when !Mask0.Get(run.Actions!.Mask0).IsZero => 0,
        ({ } rates, LayerKind.Conv) => rates.Conv,
        ({ } rates, LayerKind.Fc) => rates.Fc,
        ({ } rates, _) => rates.Output,
    };
}
