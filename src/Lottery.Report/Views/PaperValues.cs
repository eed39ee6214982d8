using Lottery.Studies.Store;

namespace Lottery.Views;

/// <summary>Accuracies that Zhou et al. 2019 report, for runs that follow their protocol.</summary>
internal static class PaperValues
{
    private const string SameSign = "large-final-same-sign", Rewound = "rewind", SignedConstant = "constant-same-sign";

    /// <summary>Masks at initialization, best over the ladder of densities (section 5 and table 1); null where none is reported.</summary>
    public static double? Untrained(RunRecord run) => (run.Network, run.Data, run.Criterion, run.Mask1, run.Control) switch
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
