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
            "ed61524f00f9a2bd2d6c38d2cbc9ca048493a90dc4be77af0b640c9986a77998",
            Dense),
        new("another seed",
            "a5fa63caa0cbf7537c24ff52ae038f9e552582a60abedd03a5bd3634b3c7b33a",
            Dense with { Seed = 1 }),
        new("the largest seed",
            "169991dc0cfca8cd83659264aebcfd947e65f4b55a61eafe76e544d2dbb90d7e",
            Dense with { Seed = ulong.MaxValue }),
        new("a small network",
            "045e4467b1545533494134f70e64fed01cee40b590c6624a25202aa94f128631",
            Dense with { Network = NetworkCatalogue.Get("mlp:784-20-10") }),
        new("another distribution",
            "253ec7b1137e5508cc7fc747062cdbda57d431672d0c52bf54221e08b3c79514",
            Dense with { Network = new("", 784, Network.Lenet300100.Layers, InitialDistribution.HeUniform) }),
        new("a standard deviation",
            "5d12f98dad54d2093cc3b1c75b79fe0df5dc61cebca4bb3b5dc2f27ea92fd2e8",
            Dense with { Network = Network.Lenet300100.With(InitialDistribution.Normal(0.05)) }),
        new("other data",
            "3ead30da960d0de8a8bc46c6c0f783eed969a0bb56b930cbcf809e35253c28f2",
            Dense with { Data = Dense.Data with { Sha256 = new('f', 64) } }),
        new("another validation set",
            "580b068367547352a308e7f1677022721566d90dd3e239ac60fe0643df5a895c",
            Dense with { Data = Dense.Data with { Validation = 10_000, SplitSeed = 7 } }),
        new("standardized",
            "4a74e597fb7d564e1fba8e3fcd2e1873d6b62f9160e527e32165b065d57e8682",
            Dense with { Data = Dense.Data with { Scale = Scaling.MeanStd } }),
        new("cropped",
            "791ed5511a967c77ace93c519cee08e20ebd998941ef3f654fe39ce75cb1ef81",
            Dense with { Data = Dense.Data with { Augment = Augmentation.Crop } }),
        new("standardized, cropped and flipped",
            "402383ac9b10bdb06554317dcc707842aaf0affe894251795ca688d9acdc67df",
            Dense with { Data = Dense.Data with { Scale = Scaling.MeanStd, Augment = Augmentation.Crop | Augmentation.Flip } }),
        new("the split of each run",
            "ce4dd23f7d024f868ab2d28776c9d2c74409882f645be674e230d9906e1cd372",
            Dense with { Data = Dense.Data with { SplitSeed = null } }),
        new("another order",
            "779426459c051261dfc7babf9c84250a7bcdada3454f76e3aec91633321c22e8",
            Dense with { Training = new() { Steps = 50_380, OrderSeed = 3 } }),
        new("tested on the way, training accuracy on all examples",
            "52d1f23becbd2ddcceaf904273985e62e68bbc2bbf57558ae3b6a1efe955876a",
            Dense with { Training = new() { Steps = 50_380, Measurements = new() { TestAt = [20_000, 40_000], TrainingSample = null } } }),
        new("other steps",
            "013d029a1cdddf39e3fcb5f441a6240b9badf3c2f5b5cf15b10515affd9c3084",
            Dense with { Training = new() { Steps = 1_800, Evaluate = 50, Batch = 128 } }),
        new("another rate",
            "7f80ef4d0e3c052bb283f94f70e661b3070cf2afd9c2d83f3b7c12ccefe5e7ef",
            Dense with { Training = new() { Steps = 50_380, Optimizer = Optimizer.Adam(2e-4) } }),
        new("other moments",
            "a7135d788b22c70d3dcb61022005e4cfd10b0e1a36ab56c04d00981c9a5925f7",
            Dense with { Training = new() { Steps = 50_380, Optimizer = new Adam(1.2e-3, 0.8, 0.99, 1e-6) } }),
        new("sgd",
            "cc1244bf37d01554164b3007adeba35db81c775ebd528a089a5d54bf85b1c1aa",
            Dense with { Training = new() { Steps = 50_380, Optimizer = Optimizer.Sgd(0.1, 0.9, 1e-4) } }),
        new("Nesterov's momentum",
            "a9a867ca9b017175d8197c7914a5e856bcf490848dd80a833b42767612070d68",
            Dense with { Training = new() { Steps = 50_380, Optimizer = Optimizer.Sgd(0.1, 0.9, 1e-4, nesterov: true) } }),
        new("adamw",
            "9299517b251b4455b0de85a2a2029aa51be0a39e116b451404f8903f8b1e71cb",
            Dense with { Training = new() { Steps = 50_380, Optimizer = Optimizer.AdamW(1.2e-3) } }),
        new("a cosine",
            "123a21c39996e80a5cf8927cd33a5ef83a75dac66e948e456bb287d6d8819be5",
            Dense with { Training = new() { Steps = 50_380, Schedule = new() { Cosine = 0 } } }),
        new("a schedule",
            "12f81b0d9a667e3d50db266ec5188d07e5170363482b8bd2cb90d7d39fb0d328",
            Dense with
            {
                Training = new()
                {
                    Steps = 50_380,
                    Schedule = new() { At = [20_000, 25_000], Factor = 0.1, WarmUp = 1_000 },
                },
            }),
        new("level 1",
            "783953b676d0182f87e27c68850c98ae7461e0702d6fc8c18f6db43211e0f831",
            First),
        new("level 2",
            "ae856b1b36db7ce9166f0d6a6a968e820ce148be311570c68aed6f651c8e9cf2",
            First with { Level = 2, Parent = First }),
        new("reinitialized",
            "54fcf0f6f0cf359a9035d11bd33e3f974117b75fb3398cc94c9fb198c3094060",
            First with { Control = Control.Reinit, Parent = First }),
        new("random mask",
            "5473258c0b1a05852d6477d6d13efda5d428db2467c316b21fa202c1b66b52e5",
            First with { Control = Control.RandomMask, Parent = First }),
        new("another draw of a random mask",
            "f5cfc104d25426f44ee89947723546fe1ca0c8935bc97f995bbb100c69a85537",
            First with { Control = Control.RandomMask, Draw = 3, Parent = First }),
        new("other rates",
            "34e24ac522fb246c7102e1e8f76f23a8adae8796a073665d9fd49a6aba907c7d",
            First with { Prune = Prune with { Rates = new(0.15m, 0.36m, 0.19m) } }),
        new("one-shot, network scope",
            "f3f7876e8ce7defaa97a93f425cb9a41c40b7c003e7e16cdedba69366c635e5e",
            First with { Prune = Prune with { Scope = PruneScope.Network, Schedule = PruneSchedule.OneShot } }),
        new("late rewinding",
            "8a250d6a73f15a5da32a9354cb4796ce04bf9506f406f875491057580b10c4be",
            First with { Actions = Rewind with { RewindTo = 500 } }),
        new("an expression",
            "a9dd24716d6c044154fa6ac8aec8ebc23624f4ebf1850c49dae187b6fed9e9be",
            First with
            {
                Prune = Prune with { Criterion = "abs(wf) - 0.5*abs(wi)" },
                Actions = new("reinit", "initial", 0),
            }),
        new("an initial mask",
            "0bb4ac188042abab8fbaa48f721b64b400d7b46f4a4e369d14d5aae2b70eb7a3",
            Masked),
        new("a level below an initial mask",
            "043305b655f1947b6d865c3cff891adeb1623c4b64b20e1dc713dc6f90906ad4",
            First with { Start = Masked.Start, Parent = Masked }),
        new("initial weights",
            "b52db2dc712ab26f7c323f2605b8a963c5b578ceec88550d165160f93a99a8d0",
            Dense with { Start = new(Initial: Initial) }),
        new("pretrained weights",
            "94a01405056f53a99f72bc7cd8fb366fcd1cb57caab1403e13fce4dbfd910f3c",
            Dense with { Start = new(null, Initial, Pretrained), Training = new() { Steps = 0 } }),
        new("pretrained weights, fine-tuned",
            "c76618448b45557687339f494952bdbe5a1b30ac581848d0967d4967be5e359b",
            Dense with { Start = new(Pretrained: Pretrained), Training = new() { Steps = 0 } }),
        new("a level below pretrained weights",
            "0f1dfbf7b958fda67d4213149f25e498490421b0c3bb01e33e637829383019d3",
            First with { Start = new(null, Initial, Pretrained), Parent = Dense with { Start = new(null, Initial, Pretrained) } }),
        new("an initial mask and weights",
            "f6d780ba362a30e57a17199523d9573f3f6e30c6eb89a6f7b58facb04b2bacb7",
            Masked with { Start = new(Mask, Initial) }),
        new("a threshold",
            "4a9e724c1ea4b327d1a38a3019ff140d2dac8c14be91b996df79ebd4d76aef6f",
            First with { Prune = Prune with { Threshold = 0.02, Rates = PruneRates.None } }),
        new("convolutions",
            "d9b78101106dcfddf6a213886db23dbe41d2d72c44352524334dbef1954791a2",
            Convolutional),
        new("pruned convolutions",
            "239fbd289066aae7ca75184f5745cba310f345c9bbf0c0c099bc0fafe26aa5c7",
            Convolutional with { Level = 1, Parent = Convolutional, Prune = Prune with { Rates = new(0.1m, 0.2m, 0.1m) } }),
        new("a residual network, augmented",
            "823621608005d77e3ce93c25622cf13ecd85a9389bc212a1815a23c079011f0d",
            Residual),
        new("all layers of a residual network competing",
            "3f03b0f874fe7bd04e0da595a61ad0cac341e9b294ba3b2ad51aa40b743f40cc",
            Residual with { Level = 1, Parent = Residual, Prune = Prune with { Rates = new(0.2m, 0m, 0m), Scope = PruneScope.Network } }),
        new("very deep convolutions",
            "f3bbda857f37ca02d0ad497eb82bad4c26129f0240c95bcc23bb210eaee0f330",
            Residual with { Network = NetworkCatalogue.Get("vgg-19") }),
        new("a learned supermask",
            "12613c0e687908bf11a8f839a71ce51a75247c59f4f3b8aa6646fc546bf72012",
            Dense with { Training = Scores, Supermask = new() }),
        new("a learned supermask, rescaled",
            "dedcf599c59060ca04ea80a23514c8f3fd8e407efff2ea468a70d22b17cbb158",
            Dense with { Training = Scores, Supermask = new() { Rescale = true } }),
        new("a learned supermask on signed constants",
            "17b88916c367f8e54f7ad67c32436aa717a10b9737a94e787aa37b168f0399df",
            Dense with { Training = Scores, Supermask = new() { Weights = SupermaskWeights.SignedConstant } }),
    ];
}

/// <summary>A specification and the id that it has for good.</summary>
internal sealed record GoldenId(string Name, string Id, RunSpecification Run);
