using Lottery.Data;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Specifications;

namespace Lottery.TestSupport.Samples;

/// <summary>
/// A search that takes milliseconds and has all there is: dense layers, densities of 30, 9 and 3 %, an output layer of
/// one weight, both controls, batches of one tile and of two, an incomplete last batch, widths that are no multiple of 16.
/// </summary>
internal static class SmallSearch
{
    public static Network Network { get; } = NetworkCatalogue.Get("mlp:37-24-11-5");

    public static SplitDataset Data { get; } =
        SmallData.Split(train: 920, validation: 100, test: 200, features: 37, classes: 5);

    public static PruningSettings Pruning { get; } = new() { Levels = 3, Fc = 0.7m, Output = 0.9m };

    public static TrainingSpecification WithAdam { get; } =
        new() { Optimizer = Optimizer.Adam(5e-3), Steps = 40, Evaluate = 10 };

    public static TrainingSpecification WithSgd { get; } = new()
    {
        Optimizer = Optimizer.Sgd(0.2, momentum: 0.9, weightDecay: 1e-3), Batch = 70, Steps = 35, Evaluate = 10,
        Schedule = new() { WarmUp = 6, At = [20, 30], Factor = 0.5 },
    };

    /// <summary>A rate so high that the validation loss goes up and down: the best weights are early ones.</summary>
    public static TrainingSpecification Restless { get; } =
        new() { Optimizer = Optimizer.Sgd(2, momentum: 0.9), Steps = 60, Evaluate = 5 };

    public static TicketSearch Of(
        TrainingSpecification training, IRunStore? runs = null, PruningSettings? pruning = null) => new(Network, Data)
    {
        Pruning = pruning ?? Pruning, Training = training, Controls = [Control.Reinit, Control.RandomMask],
        Runs = runs ?? new MemoryRunStore(),
    };

    /// <summary>All of a search's runs, in order.</summary>
    public static IReadOnlyList<RunResult> Results(
        this TicketSearch search, ulong seed = 1, CancellationToken cancellation = default) =>
        [.. search.Run(seed, cancellation).SelectMany(level => (RunResult[])[level.Ticket, .. level.Controls])];

    /// <summary>The bits of both searches.</summary>
    public static string Fingerprint() => TestSupport.Fingerprint.Of([.. Of(WithAdam).Results(), .. Of(WithSgd).Results()]);
}
