using System.Collections.Immutable;
using Lottery.Networks;
using Lottery.Specifications;

namespace Lottery.TestSupport.Samples;

/// <summary>
/// Specifications and their ids. None of these should change: a changed id means that finished runs are not found
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
        Rates = new(0.10m, 0.20m, 0.10m),
    };

    private static readonly TrainingSpecification Scores =
        new() { Optimizer = Optimizer.Sgd(100, 0.9), Batch = 250, Steps = 440_000 };

    private static readonly ActionSpecification Rewind = new("rewind", "zero", 0);

    private static readonly RunSpecification First = Dense with { Level = 1, Parent = Dense, Prune = Prune, Actions = Rewind };

    private static readonly string Mask = string.Concat(Enumerable.Repeat("fedcba9876543210", 4)),
        Initial = string.Concat(Enumerable.Repeat("76543210fedcba98", 4)), Pretrained = string.Concat(Enumerable.Repeat("89abcdef01234567", 4));

    private static readonly RunSpecification Masked = Dense with { Start = new(Mask), Actions = new("constant", "zero", 0) };

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
            "d8c72275fae4ad532e5c16458b27ed6fb190b93b2c723637cd1d091ae6925d19",
            Dense),
        new("another seed",
            "d5dc5026a7234a673915246787698ce9ca88f0bbe57f5f76b253b826537c903a",
            Dense with { Seed = 1 }),
        new("the largest seed",
            "6d87906c11ffa3ee520a732adedf37b92f72330e6f1b5c6e1e5dc74788786386",
            Dense with { Seed = ulong.MaxValue }),
        new("a small network",
            "2e918353891e3333c7e8a83e4f9b8648632cf7e03c08cde7ec6187469035a41f",
            Dense with { Network = NetworkCatalogue.Get("mlp:784-20-10") }),
        new("another distribution",
            "cbd6a569f3b2b03486f4145c6421f938537dda2a4b71b0e0c316cbd3d63bb6a7",
            Dense with { Network = new("", 784, Network.Lenet300100.Layers, InitialDistribution.HeUniform) }),
        new("other data",
            "9248dd5b00ca730360eb1168d7d5c2e77e0fb7f20e6186b3016b52f20a008bb9",
            Dense with { Data = Dense.Data with { Sha256 = new('f', 64) } }),
        new("another validation set",
            "1b87f96190e16871ad5d022cbac15c639d92f38f7fb7fb74dcab8e16b69b1db9",
            Dense with { Data = Dense.Data with { Validation = 10_000, SplitSeed = 7 } }),
        new("standardized",
            "2b0199884f6590578012198c7c551a4cc1f51e40221041c4684e9dcea1e7dc02",
            Dense with { Data = Dense.Data with { Scale = Scaling.MeanStd } }),
        new("cropped",
            "43bb9f0e18910c5d73fd0bbca37b75cf690933b6d2d63969786ab18a51648b97",
            Dense with { Data = Dense.Data with { Augment = Augmentation.Crop } }),
        new("standardized, cropped and flipped",
            "270e3561db5ccfaf809fbdd59426e2945fde8337dcd15af2988b9591f3297bf5",
            Dense with { Data = Dense.Data with { Scale = Scaling.MeanStd, Augment = Augmentation.Crop | Augmentation.Flip } }),
        new("other steps",
            "a4b68b2c129440323348291938b05149f1fec1100ea3fcfe2275658e01141bec",
            Dense with { Training = new() { Steps = 1_800, Evaluate = 50, Batch = 128 } }),
        new("another rate",
            "ed1ff836f14f5f14db33c3c693926572f4e8801712e1d2e97d9ff00fdc088529",
            Dense with { Training = new() { Steps = 50_380, Optimizer = Optimizer.Adam(2e-4) } }),
        new("other moments",
            "f13a86723b9eeec6ae9299c86fbfa239ae9e100e38e4bb2a6d3597f6b3f35583",
            Dense with { Training = new() { Steps = 50_380, Optimizer = new Adam(1.2e-3, 0.8, 0.99, 1e-6) } }),
        new("sgd",
            "caaa9fc89e3a676efde83da2549ac84ac52f729fe34df42cadca67e82f4ad797",
            Dense with { Training = new() { Steps = 50_380, Optimizer = Optimizer.Sgd(0.1, 0.9, 1e-4) } }),
        new("a schedule",
            "21d15c56944d6f24b4218369b4777d7e9b0ab53c66de0d2645534f4a8d61d81e",
            Dense with
            {
                Training = new()
                {
                    Steps = 50_380,
                    Schedule = new() { At = [20_000, 25_000], Factor = 0.1, WarmUp = 1_000 },
                },
            }),
        new("level 1",
            "95f571f860883f2df6c15e22c7996d854ac57e56d33730fb96bc69e92a19a273",
            First),
        new("level 2",
            "37ec3582725e9dc6e8f43ed84759272804844c12599d7eaf21ed0f6dadd1fd6d",
            First with { Level = 2, Parent = First }),
        new("reinitialized",
            "49616971ad3921854edf080e77ad122ded4f93390287be20a12189cd233f16a5",
            First with { Control = Control.Reinit, Parent = First }),
        new("random mask",
            "ae1ab2d46438ae88857ebe3780b117e70b2230107afe11ad41e1aecd04f825df",
            First with { Control = Control.RandomMask, Parent = First }),
        new("other rates",
            "9883874c3faec98340d19e7a83ced5ec868a28da536e429df4cd0f8547cad739",
            First with { Prune = Prune with { Rates = new(0.15m, 0.36m, 0.19m) } }),
        new("one-shot, network scope",
            "ba146d32d691821c6c816e8478f18a804cac136317a11ec823bf0aa846060739",
            First with { Prune = Prune with { Scope = PruneScope.Network, Schedule = PruneSchedule.OneShot } }),
        new("late rewinding",
            "22457ed87ad1ea34de057083eec6d7c2638603e04745499cae87769bec390f4e",
            First with { Actions = Rewind with { RewindTo = 500 } }),
        new("an expression",
            "2bf657525a336cbf2f3b067f80ff1f04cd8257deba7696ef8ba2d32da12ea7c9",
            First with
            {
                Prune = Prune with { Criterion = "abs(wf) - 0.5*abs(wi)" },
                Actions = new("reinit", "initial", 0),
            }),
        new("an initial mask",
            "3d2627360c0595e396a88d8d6b305a447c29fede7234b0fe0d3b988dcbf0e381",
            Masked),
        new("a level below an initial mask",
            "29320ab5628def060f03ad643f937ec51089d37b0f55df8f8eb14d45bfeff37d",
            First with { Start = Masked.Start, Parent = Masked }),
        new("initial weights",
            "a458f7c7029111e364d53a4e028a2e478c56da7a6ac133f34f34f414c65c7ee0",
            Dense with { Start = new(Initial: Initial) }),
        new("pretrained weights",
            "3154cdf1fe035f7f986a97508e02e3428853cc48ee9ef05b391c9ea9874e8dcd",
            Dense with { Start = new(null, Initial, Pretrained), Training = new() { Steps = 0 } }),
        new("pretrained weights, fine-tuned",
            "5c0794c0d45075eb3167fbd3a8a0c50a1f772d993f49fddb1542ede45b91628f",
            Dense with { Start = new(Pretrained: Pretrained), Training = new() { Steps = 0 } }),
        new("a level below pretrained weights",
            "bf5b404583730140e38463e27cd6e01af387105d1a30ddaf103d34f791d005e8",
            First with { Start = new(null, Initial, Pretrained), Parent = Dense with { Start = new(null, Initial, Pretrained) } }),
        new("an initial mask and weights",
            "0056b2bd772046335b565d4b50daedc4b66dc8b06b4bc5423311f5c26df9994a",
            Masked with { Start = new(Mask, Initial) }),
        new("a threshold",
            "19ed2c96ed9ac692086a7681ea511288bfe61f96c08ed55bc67bb8b89eea26b1",
            First with { Prune = Prune with { Threshold = 0.02, Rates = PruneRates.None } }),
        new("convolutions",
            "e2e6812a95ec519b4c6091df6ccbc8403e08986338e417d0fca9f2d385f10188",
            Convolutional),
        new("pruned convolutions",
            "bb005d094f0cd6f1728576b0e26eccce9edd187866f574ad3a0e1523505dd895",
            Convolutional with { Level = 1, Parent = Convolutional, Prune = Prune with { Rates = new(0.1m, 0.2m, 0.1m) } }),
        new("a residual network, augmented",
            "bd2bf3a691ef01716b5d8d747d044cfe7e3d33fa6e8c93fc4815775ee6354bdf",
            Residual),
        new("all layers of a residual network competing",
            "dfb0beade70568426bbafcde35cbe0503a333647f09c5f1890394610cb9be73a",
            Residual with { Level = 1, Parent = Residual, Prune = Prune with { Rates = new(0.2m, 0m, 0m), Scope = PruneScope.Network } }),
        new("very deep convolutions",
            "1c5fd25ed918028518f6a2138fe86ee4146f1b530073c682a2309e66893448e0",
            Residual with { Network = NetworkCatalogue.Get("vgg-19") }),
        new("a learned supermask",
            "e6a63cfef28bc3aa7c3ff1c92a7d47e2f73a32b87e8437afcd8abd2801ff60e0",
            Dense with { Training = Scores, Supermask = new() }),
        new("a learned supermask, rescaled",
            "1c60b38d086034d47266be39717342f9f154e194cdb0cb863c96382ed48a54ed",
            Dense with { Training = Scores, Supermask = new() { Rescale = true } }),
        new("a learned supermask on signed constants",
            "8dc5366e0a71554e73ea1b196d002df5c7e0b35b3df3d9e9b02329ffa85cb3c1",
            Dense with { Training = Scores, Supermask = new() { Weights = SupermaskWeights.SignedConstant } }),
    ];
}

/// <summary>A specification and the id that it has for good.</summary>
internal sealed record GoldenId(string Name, string Id, RunSpecification Run);
