using Lottery.Search;
using Lottery.Specifications;

namespace Lottery.TestSupport.Samples;

/// <summary>Supermasks that are learned in milliseconds: both kinds of weights, rescaled and not, with either optimizer.</summary>
internal static class SmallSupermask
{
    public static TrainingSpecification WithSgd { get; } =
        new() { Optimizer = Optimizer.Sgd(20, momentum: 0.9), Batch = 70, Steps = 30, Evaluate = 7 };

    public static SupermaskSearch Of(
        SupermaskWeights weights = SupermaskWeights.Initial, bool rescale = true, IRunStore? runs = null,
        TrainingSpecification? training = null) => new(SmallSearch.Network, SmallSearch.Data)
    {
        Supermask = new() { Weights = weights, Rescale = rescale }, Training = training ?? WithSgd,
        Runs = runs ?? new MemoryRunStore(),
    };

    /// <summary>The bits of three.</summary>
    public static string Fingerprint() => TestSupport.Fingerprint.Of(
    [
        Of().Run(1), Of(SupermaskWeights.SignedConstant, rescale: false).Run(2),
        Of(training: WithSgd with { Optimizer = Optimizer.Adam(0.05), Batch = 16 }).Run(3),
    ]);
}
