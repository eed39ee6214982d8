using System.Collections.Immutable;
using Lottery.Networks;
using Lottery.Specifications;

namespace Lottery.TestSupport.Samples;

/// <summary>
/// Specifications and their ids. None of these should change: a changed id means that nobody's finished runs are found
/// any more. Where a change is meant, the format of the specification rises, or a kernel's version.
/// </summary>
internal static class GoldenIds
{
    private static readonly RunSpecification Dense = new()
    {
        Network = Network.Lenet300100,
        Data = new()
        {
            Sha256 = string.Concat(Enumerable.Repeat("0123456789abcdef", 4)),
            Validation = 5_000,
            SplitSeed = 0,
        },
        Seed = 0,
        Training = new() { Steps = 50_380 },
    };

    private static readonly PruneSpecification Prune = new()
    {
        Criterion = "large-final",
        Mask1 = "rewind",
        Mask0 = "zero",
        Rates = new(0.10m, 0.20m, 0.10m),
    };

    private static readonly TrainingSpecification Scores =
        new() { Optimizer = Optimizer.Sgd(100, 0.9), Batch = 250, Steps = 440_000 };

    private static readonly RunSpecification First = Dense with { Level = 1, Parent = Dense, Prune = Prune };

    private static readonly GivenMask Given = new(string.Concat(Enumerable.Repeat("fedcba9876543210", 4)), new("constant", "zero", 0));

    private static readonly GivenWeights Weights =
        new(string.Concat(Enumerable.Repeat("76543210fedcba98", 4)), string.Concat(Enumerable.Repeat("89abcdef01234567", 4)));

    private static readonly RunSpecification Convolutional =
        Dense with { Network = NetworkCatalogue.Get("conv-2"), Training = new() { Optimizer = Optimizer.Adam(2e-4), Steps = 20_250 } };

    private static readonly RunSpecification Residual = Dense with
    {
        Network = NetworkCatalogue.Get("resnet-20"),
        Data = Dense.Data with { Scale = Scaling.MeanStd, Augment = Augmentation.Crop | Augmentation.Flip },
        Training = new()
        {
            Optimizer = Optimizer.Sgd(0.01, 0.9, 1e-4), Batch = 128, Steps = 30_000,
            Schedule = new() { At = [20_000, 25_000], Factor = 0.1, WarmUp = 1_000 },
        },
    };

    public static ImmutableArray<GoldenId> All { get; } =
    [
        new("dense",
            "2cde9d7806755789fd2d4eeef5360e9a95929195da37cdfbbe020029bff582e8",
            Dense),
        new("another seed",
            "3fb7887ff9a59aebb567817e2734515dea2288b85ffdad3a3b280290fcef13d2",
            Dense with { Seed = 1 }),
        new("the largest seed",
            "0fcd8f010af20c9524810c71842be1b85046adaa9b1db165222ca50d5f2a99cc",
            Dense with { Seed = ulong.MaxValue }),
        new("a small network",
            "f005f93bf0f684dce9858a62ae7fc3dd40a16b5d090db79d1f86ac316720eca7",
            Dense with { Network = NetworkCatalogue.Get("mlp:784-20-10") }),
        new("another distribution",
            "de9b207e7c4b588785d3b7ec20d29c1bb3de9d090364a8e780e10de123c3c4ee",
            Dense with { Network = new("", 784, Network.Lenet300100.Layers, InitialDistribution.HeUniform) }),
        new("other data",
            "94ea098efe64db73f658d297e095693a7232f191b912f0d822f5f62c582cb836",
            Dense with { Data = Dense.Data with { Sha256 = new('f', 64) } }),
        new("another validation set",
            "c278f909346d7c80be9e1ba760a12dad46866b4823325d6c40d120ce8654ea6a",
            Dense with { Data = Dense.Data with { Validation = 10_000, SplitSeed = 7 } }),
        new("standardized",
            "5b77e8334456f77b0499370ea22de4c1da28a95471f46fc5d38056dfa989d0a6",
            Dense with { Data = Dense.Data with { Scale = Scaling.MeanStd } }),
        new("cropped",
            "ebfd52d44c6eba283fae68f2e82090d7650df95166a199ad5ef89fb6604b04c2",
            Dense with { Data = Dense.Data with { Augment = Augmentation.Crop } }),
        new("standardized, cropped and flipped",
            "dc1f22752683b5329cb1369c53bac1dfd48718773e8d2eb3f3f14d68df8146a8",
            Dense with { Data = Dense.Data with { Scale = Scaling.MeanStd, Augment = Augmentation.Crop | Augmentation.Flip } }),
        new("other steps",
            "bbd852d234e855ecf2690adb438c6f2c436d6ae1fb892334225428e014b6a938",
            Dense with { Training = new() { Steps = 1_800, Evaluate = 50, Batch = 128 } }),
        new("another rate",
            "b2edb9c6525d095490419ec0ce4356ac49088d13ce33525aff3c354d05c1d00a",
            Dense with { Training = new() { Steps = 50_380, Optimizer = Optimizer.Adam(2e-4) } }),
        new("other moments",
            "37e69b849e2e5f03e5047eed4d4fb8c8c6ee516c3bd83c9f431f0d160c116347",
            Dense with { Training = new() { Steps = 50_380, Optimizer = new Adam(1.2e-3, 0.8, 0.99, 1e-6) } }),
        new("sgd",
            "5e45e211c7cb0e13140a817ebfca02192ee0ac5f56dd4e45f28fecb24c3e8bde",
            Dense with { Training = new() { Steps = 50_380, Optimizer = Optimizer.Sgd(0.1, 0.9, 1e-4) } }),
        new("a schedule",
            "6d19fdc030566c1bdc5124dca18946211911b0c25f4a6065abf490ad0f7d70fb",
            Dense with
            {
                Training = new()
                {
                    Steps = 50_380,
                    Schedule = new() { At = [20_000, 25_000], Factor = 0.1, WarmUp = 1_000 },
                },
            }),
        new("level 1",
            "0c9bb73d51bebe96f2e12ce507078a29bc521a3dab07f3d1da68a0139852a74b",
            First),
        new("level 2",
            "7ec514f0a1d550cf5b63f2ce0fbd8680de12bcdd7a7cb9de70a59032f0ea7ab7",
            First with { Level = 2, Parent = First }),
        new("reinitialized",
            "a868ca1ef795f97875bdd1714954b6f0fd62c8cfd31926af95a86c9a204b54df",
            First with { Control = Control.Reinit, Parent = First }),
        new("random mask",
            "825dcecb6c77e8d4536d21b528c277818ede799504617fe01e836d482bd40f2d",
            First with { Control = Control.RandomMask, Parent = First }),
        new("other rates",
            "eb593e223c080413fc8ba7183b8cf14dedba2f2f06baf2fbbff9f39ef053f8fb",
            First with { Prune = Prune with { Rates = new(0.15m, 0.36m, 0.19m) } }),
        new("one-shot, network scope",
            "3f100354eca96139563152a08f7bba990d1ac8d6945b8c495f8e8e3794fc1fb9",
            First with { Prune = Prune with { Scope = PruneScope.Network, Schedule = PruneSchedule.OneShot } }),
        new("late rewinding",
            "473c39cbb660fccec6e1f10ec9fcd3eeb3048f21280e28cabcdba606e9d58fbd",
            First with { Prune = Prune with { RewindTo = 500 } }),
        new("an expression",
            "d48685c75abd7c314da1140ea33917b92c3543bc54a3d3aec057af25bca81168",
            First with
            {
                Prune = Prune with { Criterion = "abs(wf) - 0.5*abs(wi)", Mask1 = "reinit", Mask0 = "initial" },
            }),
        new("a given mask",
            "05c0ac10e7e82a6dba4797b349854eb449a0880ad188357fa2894863230ad0f8",
            Dense with { Given = Given }),
        new("a level below a given mask",
            "2dfcaae37c2965d21d0a40310031a324729a4489395775a1ebf0d807f594d80f",
            First with { Given = Given, Parent = Dense with { Given = Given } }),
        new("given weights",
            "1f308f47e73a5d5f8a62dd2709acb7304f1e093d410d32241c925c1041ed6b2e",
            Dense with { Weights = Weights with { Final = null } }),
        new("a network trained elsewhere",
            "fdcc6d00d301fc9a26efca0cebb9108c16641e95b9952bf454a3f978e7684109",
            Dense with { Weights = Weights, Training = new() { Steps = 0 } }),
        new("a network trained elsewhere, from unknown weights",
            "e7654a575267c7a8b03e0497238cf500dce5d902c5705d00001c53589b0381e6",
            Dense with { Weights = Weights with { Initial = null }, Training = new() { Steps = 0 } }),
        new("a level below given weights",
            "c421acc2cf0d63844f749b7fe1b28ebe47b41803c8226dc5a94b18e381f56d84",
            First with { Weights = Weights, Parent = Dense with { Weights = Weights } }),
        new("a given mask and weights",
            "36ce3327cf3610d5760e41417a11b9a968b4c8c203e9746965b1eaf8fe3cb92f",
            Dense with { Given = Given, Weights = Weights with { Final = null } }),
        new("a threshold",
            "e148f1b8cd646ec23dc3d15e466930be0f1eb47bfd0629aed852fcde5ed00a78",
            First with { Prune = Prune with { Threshold = 0.02, Rates = PruneRates.None } }),
        new("convolutions",
            "ac720fd70609c4783c75fe06b3f8c4e90f128aae3042c36b81608381bf247b02",
            Convolutional),
        new("pruned convolutions",
            "68ce4e0f3cf52cc9590ab056f842def66cc613cf3ab1e7a6c232db7f0e5fe664",
            Convolutional with { Level = 1, Parent = Convolutional, Prune = Prune with { Rates = new(0.1m, 0.2m, 0.1m) } }),
        new("a residual network, augmented",
            "a1a4043f32fdbb0ecdcc5a9a926fd2def2d19f29b6b326e9ebb73a8a1fd68287",
            Residual),
        new("all layers of a residual network competing",
            "8e0f2d28559c932defd6fa4ab8afb22144b39a245f27e00825c06adc6b9980eb",
            Residual with { Level = 1, Parent = Residual, Prune = Prune with { Rates = new(0.2m, 0m, 0m), Scope = PruneScope.Network } }),
        new("very deep convolutions",
            "8b06671897af354eb759fa2b8345f0ecac675a1767117a0fdb41104c918133ed",
            Residual with { Network = NetworkCatalogue.Get("vgg-19") }),
        new("a learned supermask",
            "8d7cdc14446bbab7b6ab66bafd2cb89eb4f1e1499142d7275c9c8cbbd2654da2",
            Dense with { Training = Scores, Supermask = new() }),
        new("a learned supermask, rescaled",
            "741c8cb2b297b534e45ee93d1446ed57ed1c8e6dfdcc0e5ec815334caa6ea799",
            Dense with { Training = Scores, Supermask = new() { Rescale = true } }),
        new("a learned supermask on signed constants",
            "a459d1af9e356531da290eee0b81555cfb1646366f5d9fbddc6fbe398b9fd407",
            Dense with { Training = Scores, Supermask = new() { Weights = SupermaskWeights.SignedConstant } }),
    ];
}

/// <summary>A specification and the id that it has for good.</summary>
internal sealed record GoldenId(string Name, string Id, RunSpecification Run);
