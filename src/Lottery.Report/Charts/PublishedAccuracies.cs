using Lottery.Studies.Store;

namespace Lottery.Report.Charts;

/// <summary>Accuracies that Zhou et al. 2019 report, for runs that follow their protocol.</summary>
internal static class PublishedAccuracies
{
    private const string SameSign = "large-final-same-sign", Rewound = "rewind", SignedConstant = "constant-same-sign";

    /// <summary>What the paper reports for masks like those of <paramref name="run"/>; null where it reports nothing.</summary>
    public static double? Of(RunRecord run) => run.Supermask is null ? Untrained(run) : Learned(run);

    /// <summary>Learned masks, without and with dynamic weight rescaling (section 5.2, table 1).</summary>
    private static double? Learned(RunRecord run) => (run.Network, run.Data, run.Supermask, run.Rescale) switch
    {
        ("lenet-300-100", "mnist", "initial", false) => 0.953,
        ("lenet-300-100", "mnist", "signed-constant", false) => 0.964,
        ("lenet-300-100", "mnist", "initial", true) => 0.978,
        ("lenet-300-100", "mnist", "signed-constant", true) => 0.980,
        ("conv-2", "cifar-10", "initial", false) => 0.644,
        ("conv-2", "cifar-10", "signed-constant", false) => 0.663,
        ("conv-2", "cifar-10", "initial", true) => 0.650,
        ("conv-2", "cifar-10", "signed-constant", true) => 0.660,
        ("conv-4", "cifar-10", "initial", false) => 0.654,
        ("conv-4", "cifar-10", "signed-constant", false) => 0.662,
        ("conv-4", "cifar-10", "initial", true) => 0.717,
        ("conv-4", "cifar-10", "signed-constant", true) => 0.725,
        ("conv-6", "cifar-10", "initial", false) => 0.653,
        ("conv-6", "cifar-10", "signed-constant", false) => 0.654,
        ("conv-6", "cifar-10", "initial", true) => 0.763,
        ("conv-6", "cifar-10", "signed-constant", true) => 0.765,
        _ => null,
    };

    /// <summary>Masks at initialization, best over the ladder of densities (section 5 and table 1); null where none is reported.</summary>
    private static double? Untrained(RunRecord run) => (run.Network, run.Data, run.Criterion, run.Mask1, run.Control) switch
    {
        ("lenet-300-100", "mnist", "large-final", Rewound, "none") => 0.40,
        ("lenet-300-100", "mnist", SameSign, Rewound, "none") => 0.793,
        ("lenet-300-100", "mnist", SameSign, SignedConstant, "none") => 0.863,
        ("conv-2", "cifar-10", SameSign, Rewound, "none") => 0.223,
        ("conv-2", "cifar-10", SameSign, SignedConstant, "none") => 0.374,
        ("conv-4", "cifar-10", SameSign, Rewound, "none") => 0.237,
        ("conv-4", "cifar-10", SameSign, SignedConstant, "none") => 0.397,
        ("conv-6", "cifar-10", SameSign, Rewound, "none") => 0.240,
        ("conv-6", "cifar-10", SameSign, SignedConstant, "none") => 0.410,
        _ => null,
    };
}
