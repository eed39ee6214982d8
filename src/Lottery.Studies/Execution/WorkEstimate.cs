using Lottery.Actions;
using Lottery.Networks;
using Lottery.Specifications;

namespace Lottery.Studies.Execution;

/// <summary>What runs take of work and of time, before any is measured; once runs are under way their own pace is used instead.</summary>
internal static class WorkEstimate
{
    /// <summary>What a run costs that is not training: pruning, hashing, and a folder that is safe on disk.</summary>
    private const double SecondsPerRun = 20e-3, SecondsPerWeight = 60e-9;

    /// <summary>The seconds of one thread for <paramref name="run"/>, on the machine that <see cref="StepTimes"/> was fitted to.</summary>
    /// <param name="run">The run.</param>
    /// <param name="tested">Examples in the test set.</param>
    /// <param name="zeros">The share of zeros among the network's inputs, 0–1.</param>
    public static double Seconds(RunSpecification run, int tested, double zeros)
    {
        (double step, double example) = StepTimes.Of(run.Network, run.Training, kind => Kept(run, kind), zeros, run.Supermask is not null);
        return (run.Training.Steps - run.FirstStep) * step + Measured(run, tested) * example + SecondsPerRun + run.Network.PrunableCount * SecondsPerWeight;
    }

    /// <summary>The seconds of one thread for training a dense run to a step that is rewound to.</summary>
    public static double SecondsTo(int step, RunSpecification dense, double zeros) =>
        step * StepTimes.Of(dense.Network, dense.Training, _ => 1, zeros).Step + dense.Network.PrunableCount * SecondsPerWeight;

    /// <summary>The multiply-adds of training a dense run to a step that is rewound to.</summary>
    public static double MultiplyAddsTo(int step, RunSpecification dense) => (double)step * dense.Training.Batch * Products(dense).Step;

    /// <summary>The multiply-adds of <paramref name="run"/>, by the fraction of the weights that its level keeps.</summary>
    /// <param name="run">The run.</param>
    /// <param name="tested">Examples in the test set.</param>
    public static double MultiplyAdds(RunSpecification run, int tested)
    {
        (double step, double kept) = Products(run);
        return (double)(run.Training.Steps - run.FirstStep) * run.Training.Batch * step + Measured(run, tested) * kept;
    }

    /// <summary>The examples that a run is evaluated and tested on, each as often as it is.</summary>
    private static double Measured(RunSpecification run, int tested)
    {
        TrainingSpecification training = run.Training;
        double evaluations = 1 + Math.Ceiling((double)(training.Steps - run.FirstStep) / training.Evaluate);
        return evaluations * run.Data.Validation + Tests(run) * (tested + (training.Measurements.TrainingSample ?? tested))
            + Masks(run) * training.Measurements.TestAt.Length * tested;
    }

    /// <summary>The multiply-adds of one example in a training step, and in an evaluation.</summary>
    private static (double Step, double Evaluation) Products(RunSpecification run)
    {
        double kept = 0, twice = 0;
        foreach (LayerSummary layer in NetworkSummary.Of(run.Network).Layers.Where(layer => layer.MultiplyAdds > 0))
        {
            double products = layer.MultiplyAdds * (layer.Prunable ? Kept(run, layer.Kind!.Value) : 1);
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

    /// <summary>The share of a layer's weights that a run multiplies.</summary>
    private static double Kept(RunSpecification run, LayerKind kind) => Math.Pow(1 - (double)Rate(run, kind), run.Level);

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
