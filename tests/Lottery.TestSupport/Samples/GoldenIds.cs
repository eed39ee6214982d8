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
            "7d7ce4a827f42a9460e8458e45069df1bbde1074802ee80c968ec2491974d72b",
            Dense),
        new("another seed",
            "44c27d2586033483172fe4cf81ada9438ee23a9c099575887e474bdf738d0bc7",
            Dense with { Seed = 1 }),
        new("the largest seed",
            "56464b0d0f715160f0c43a8a7ca8d005cf6daf60a1fbff04b2a0c9a21c286cbd",
            Dense with { Seed = ulong.MaxValue }),
        new("a small network",
            "b25b16f9857899db50d76dc97bba97cb064d5f86fa4462ac55726c8b685de5b3",
            Dense with { Network = NetworkCatalogue.Get("mlp:784-20-10") }),
        new("another distribution",
            "751662fec4fa889c925d7af15295a5c897aa3738cec2c88070c8887602e2b2db",
            Dense with { Network = new("", 784, Network.Lenet300100.Layers, InitialDistribution.HeUniform) }),
        new("other data",
            "e3cbde3ee5de2a03177ec8e4becc52e7df4d6937d78f2549338ab484bf4edc60",
            Dense with { Data = Dense.Data with { Sha256 = new('f', 64) } }),
        new("another validation set",
            "b283cf692e5c57a89ac31ab81fdef5f3fa2476dde51b29434342a7f09130936f",
            Dense with { Data = Dense.Data with { Validation = 10_000, SplitSeed = 7 } }),
        new("standardized",
            "1a8d237e24f6ccd732fbb7fc656834dd043b96f92d83a7c9aebf82c787cf85d8",
            Dense with { Data = Dense.Data with { Scale = Scaling.MeanStd } }),
        new("cropped",
            "911230acf4199f6db939a9a452d8187b26622e040cc376216cf80d623621b9a2",
            Dense with { Data = Dense.Data with { Augment = Augmentation.Crop } }),
        new("standardized, cropped and flipped",
            "002351b352b723c158f10e13c65589f038fa51d806573447129bb10d0e95cd1c",
            Dense with { Data = Dense.Data with { Scale = Scaling.MeanStd, Augment = Augmentation.Crop | Augmentation.Flip } }),
        new("the split of each run",
            "5064099f5bdf1a6c90845c17fad2a2cf537f1fd34b5e1e6128c1679aff51a34f",
            Dense with { Data = Dense.Data with { SplitSeed = null } }),
        new("another order",
            "089a4cb7e27ca957d3568757ac73273f0cde18f358470de63fd8880f8420dd5e",
            Dense with { Training = new() { Steps = 50_380, OrderSeed = 3 } }),
        new("tested on the way, training accuracy on all examples",
            "b46ce25ea83faf107495b6a6897a4cac5babbd3596eff6c68bfd476532d85fe8",
            Dense with { Training = new() { Steps = 50_380, Measurements = new() { TestAt = [20_000, 40_000], TrainingSample = null } } }),
        new("other steps",
            "c04c2dbf49bd734e9ce76b7c9822c774d5179112afc626cd04f72f6b1d84febb",
            Dense with { Training = new() { Steps = 1_800, Evaluate = 50, Batch = 128 } }),
        new("another rate",
            "86d351682fd0f5131e04a0c7b13641136ea15feeb96dd1fa54eb204ece8693a8",
            Dense with { Training = new() { Steps = 50_380, Optimizer = Optimizer.Adam(2e-4) } }),
        new("other moments",
            "91a6a49957ce59eba89d816a68387ed2a4946c3bfed1e8ce4bb05b8cd64a4cf4",
            Dense with { Training = new() { Steps = 50_380, Optimizer = new Adam(1.2e-3, 0.8, 0.99, 1e-6) } }),
        new("sgd",
            "7d6847f602bdc4ab4981d778aabe729a206956443da08156e2f40865c04d16dd",
            Dense with { Training = new() { Steps = 50_380, Optimizer = Optimizer.Sgd(0.1, 0.9, 1e-4) } }),
        new("a schedule",
            "3634afed8e2383722a707387779d14ffe6edc7dfa89c5af30799bd7bcc01efb5",
            Dense with
            {
                Training = new()
                {
                    Steps = 50_380,
                    Schedule = new() { At = [20_000, 25_000], Factor = 0.1, WarmUp = 1_000 },
                },
            }),
        new("level 1",
            "dd7ab08f971814dff6ec31544d328433bc4a75224261c9c49e045cb2130adbde",
            First),
        new("level 2",
            "c6bb6b75d68a5ee924fd29d0e18e22d22eee6155d58e5cbcca8d2d8194e7f507",
            First with { Level = 2, Parent = First }),
        new("reinitialized",
            "f166bb88e24008ccbf7bf9fa7919ac276927c14482c169f0aff0773a8771c0a6",
            First with { Control = Control.Reinit, Parent = First }),
        new("random mask",
            "848567c40c8bd9b3bc2c279b6bc86f9abf80e20e80990d11361f0ca9eb67e533",
            First with { Control = Control.RandomMask, Parent = First }),
        new("another draw of a random mask",
            "196d2adf3f49800e59f0039276b91ea769e9db30551b30695084c927f29a4441",
            First with { Control = Control.RandomMask, Draw = 3, Parent = First }),
        new("other rates",
            "eb6a8c116604ad50451b92157ac9b4a46a9817ff6c98d6e1b2e366d0d7030d0c",
            First with { Prune = Prune with { Rates = new(0.15m, 0.36m, 0.19m) } }),
        new("one-shot, network scope",
            "968e915af1109f1b617faa17e1f337205acd35b79c1d79367fe3104683c5afc0",
            First with { Prune = Prune with { Scope = PruneScope.Network, Schedule = PruneSchedule.OneShot } }),
        new("late rewinding",
            "54a859cf784e7614f1c08b85fad03739c46436702fcfb0dc406fd6005e97e4c3",
            First with { Actions = Rewind with { RewindTo = 500 } }),
        new("an expression",
            "b89adf4c4097e89bd8dffa01e64ab0061c76b0aed4a8ab51813f9673301df1f8",
            First with
            {
                Prune = Prune with { Criterion = "abs(wf) - 0.5*abs(wi)" },
                Actions = new("reinit", "initial", 0),
            }),
        new("an initial mask",
            "3a5b3583848ba0b0c87fbbafa4ba0e58cf0f5ad001488be99ada99da35d73a9a",
            Masked),
        new("a level below an initial mask",
            "cec26d91d8289df1e43e4c5fb6afbe470c232c139102c2b0862e23e67cc388ef",
            First with { Start = Masked.Start, Parent = Masked }),
        new("initial weights",
            "0221954989193793e45c2bb526f7801c246f1ca7eeb11f70ae44e6f839c04b91",
            Dense with { Start = new(Initial: Initial) }),
        new("pretrained weights",
            "8c92ae49f4fbeae254de43096dfdd2711faa61691858f038296d1f70e3e1ada5",
            Dense with { Start = new(null, Initial, Pretrained), Training = new() { Steps = 0 } }),
        new("pretrained weights, fine-tuned",
            "2fec2996b329a1ef64fd7742955cad3e163750cde567d02cac7e751df643a923",
            Dense with { Start = new(Pretrained: Pretrained), Training = new() { Steps = 0 } }),
        new("a level below pretrained weights",
            "4fbd0ffebeba58f928ce3337722324d536e16cf778b6952a044a20629e50704a",
            First with { Start = new(null, Initial, Pretrained), Parent = Dense with { Start = new(null, Initial, Pretrained) } }),
        new("an initial mask and weights",
            "21050c051b748dbddd0603d5accfb08c4d8b5a6953114ae064b3fb1c14172d7c",
            Masked with { Start = new(Mask, Initial) }),
        new("a threshold",
            "b0a06e63344263351aaeabcc1d05c4fa5e6aae051cc0a66476d079a6b1ce1871",
            First with { Prune = Prune with { Threshold = 0.02, Rates = PruneRates.None } }),
        new("convolutions",
            "32ef0db28d9ced68ac51916476d530164eaeecb92579238110c5220be864642a",
            Convolutional),
        new("pruned convolutions",
            "e08deda34b550170a9fb4d98f1e820f9d6df95d43d99c0cf0d2cf99d0a5f8a02",
            Convolutional with { Level = 1, Parent = Convolutional, Prune = Prune with { Rates = new(0.1m, 0.2m, 0.1m) } }),
        new("a residual network, augmented",
            "cfff99dec154399342b2c5c39d96a521d5bc61c5530cd8591ee0b8dfb163e68f",
            Residual),
        new("all layers of a residual network competing",
            "2705e64d0db76cf53005e2adef756dce89b2b04e532d121c6367c7dadcd201bb",
            Residual with { Level = 1, Parent = Residual, Prune = Prune with { Rates = new(0.2m, 0m, 0m), Scope = PruneScope.Network } }),
        new("very deep convolutions",
            "3029ec48640b947c5c43bb2a9cbdab22a90275d602ae857980c5d60611f2d7e1",
            Residual with { Network = NetworkCatalogue.Get("vgg-19") }),
        new("a learned supermask",
            "902b32d12eceae3a713111a56fec13086317fe2b260490c537a5f92fd4a04b0f",
            Dense with { Training = Scores, Supermask = new() }),
        new("a learned supermask, rescaled",
            "815a33b0e6f34acce0db1d9ce1ecf4aff2a7f031fa48fb329483fed8ed281b69",
            Dense with { Training = Scores, Supermask = new() { Rescale = true } }),
        new("a learned supermask on signed constants",
            "de32924e1f205fc03879fd201b01cefd026eb55c4f6799c64cc5e3e257162272",
            Dense with { Training = Scores, Supermask = new() { Weights = SupermaskWeights.SignedConstant } }),
    ];
}

/// <summary>A specification and the id that it has for good.</summary>
internal sealed record GoldenId(string Name, string Id, RunSpecification Run);
