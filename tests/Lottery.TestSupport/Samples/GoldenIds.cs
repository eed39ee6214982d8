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
            "e5edce403c187c92a2b35458f75296144003da0dcfc2ade13e25091b7e17c258",
            Dense),
        new("another seed",
            "0f6b73bcfb87657025115ea869fe861e6316df70bf3c7e1dae8bb6b0126e767e",
            Dense with { Seed = 1 }),
        new("the largest seed",
            "d7f320be2714255105166b9dbd05a7f175b5bcc93dd3ad152c1d8543e4e97827",
            Dense with { Seed = ulong.MaxValue }),
        new("a small network",
            "b22581d11f41cd1156a781d26fa433228e87f5533c2f3a74c71fb8697d8004e5",
            Dense with { Network = NetworkCatalogue.Get("mlp:784-20-10") }),
        new("another distribution",
            "ac369db8ec3f8534125e6f57642ecd47a4270efa3070066998e5f7905fa0b46b",
            Dense with { Network = new("", 784, Network.Lenet300100.Layers, InitialDistribution.HeUniform) }),
        new("a standard deviation",
            "d40fd3a290a676f18e31455a6af3f3590a2b947cd724f718118cf9f5db701bf6",
            Dense with { Network = Network.Lenet300100.With(InitialDistribution.Normal(0.05)) }),
        new("other data",
            "c0fc8bacb6099252c60ceb85d7e8ee495fe4ced394b3111d24e2e6af1bb14fb0",
            Dense with { Data = Dense.Data with { Sha256 = new('f', 64) } }),
        new("another validation set",
            "f7fb1b3fcd6149f0c908bd8f20c1fdd22fea370543f093d836c54bfae2cc82b1",
            Dense with { Data = Dense.Data with { Validation = 10_000, SplitSeed = 7 } }),
        new("standardized",
            "12ca0df67a6c53d77f1449a20ab06e195a9d34458bd4e59842983044543b0782",
            Dense with { Data = Dense.Data with { Scale = Scaling.MeanStd } }),
        new("cropped",
            "42268c05769bda046a9d34527e85ca631c06084c97fa90acd1f20af9b93d86b7",
            Dense with { Data = Dense.Data with { Augment = Augmentation.Crop } }),
        new("standardized, cropped and flipped",
            "4171ed72e2788ce96d8a80b9a6a694f44618a38e07fd0f002fc1ce9d43783690",
            Dense with { Data = Dense.Data with { Scale = Scaling.MeanStd, Augment = Augmentation.Crop | Augmentation.Flip } }),
        new("the split of each run",
            "b97ec9610cac1afbbe175a452838159b0ebeccff2fe06b27dd7a62ed2e22284e",
            Dense with { Data = Dense.Data with { SplitSeed = null } }),
        new("another order",
            "1638134ef91df26757ceed73b52595d2096d374a9b35191a8b024784589e280b",
            Dense with { Training = new() { Steps = 50_380, OrderSeed = 3 } }),
        new("tested on the way, training accuracy on all examples",
            "e7c8df37e1417aa8414bf1317810f4993ad19d1fa939c3f3d48a60bada88afcf",
            Dense with { Training = new() { Steps = 50_380, Measurements = new() { TestAt = [20_000, 40_000], TrainingSample = null } } }),
        new("other steps",
            "d9844e0bba2236e17942122f0d7a2014b5c58c4dbdeff619848ebc09d8495aa9",
            Dense with { Training = new() { Steps = 1_800, Evaluate = 50, Batch = 128 } }),
        new("another rate",
            "1b0f75074fe3a784476c56894ba7ca29dbcd91e34bf56255c448e552e44a236d",
            Dense with { Training = new() { Steps = 50_380, Optimizer = Optimizer.Adam(2e-4) } }),
        new("other moments",
            "2e86e78f3cb5ae7e3e7c7c7806d7a60338c11f96e99681caa6ae469c31ace079",
            Dense with { Training = new() { Steps = 50_380, Optimizer = new Adam(1.2e-3, 0.8, 0.99, 1e-6) } }),
        new("sgd",
            "c3a32f7cce816c43f74b130b9ff8f8ba35b0b633496102536657326fdf0f81fa",
            Dense with { Training = new() { Steps = 50_380, Optimizer = Optimizer.Sgd(0.1, 0.9, 1e-4) } }),
        new("Nesterov's momentum",
            "82e9064934be74be4b94f9ebaf14bf0dcbcb211488d2a765f68b6cb712509a82",
            Dense with { Training = new() { Steps = 50_380, Optimizer = Optimizer.Sgd(0.1, 0.9, 1e-4, nesterov: true) } }),
        new("adamw",
            "21226813e00f1c0c20191fdc646a91f63595fcef8c332de2b9c993e0e6d63147",
            Dense with { Training = new() { Steps = 50_380, Optimizer = Optimizer.AdamW(1.2e-3) } }),
        new("a cosine",
            "246626ef59a745f4c7585e2659805e5995c6d0e81e6eaebb20470c02abb183d7",
            Dense with { Training = new() { Steps = 50_380, Schedule = new() { Cosine = 0 } } }),
        new("a schedule",
            "a31310934e1d31d22f9a1c59fc435c8aa6c1f0bf361eab8252dce2027c88b071",
            Dense with
            {
                Training = new()
                {
                    Steps = 50_380,
                    Schedule = new() { At = [20_000, 25_000], Factor = 0.1, WarmUp = 1_000 },
                },
            }),
        new("level 1",
            "1348d73fe8b545e85044f8a709bb18775d53755f1a54b04886db4f41e2936afe",
            First),
        new("level 2",
            "d6d7d5773218ee5e02965a2272a8787f9aee1b622576eaf7083fbee466a3bce5",
            First with { Level = 2, Parent = First }),
        new("reinitialized",
            "0224ff1f73d372d93a72637d887d63d1553dc5bd7ab87aec9daf4336e028f29a",
            First with { Control = Control.Reinit, Parent = First }),
        new("random mask",
            "02af89c5ec51a68bbd1682a544abf83dcb6382f82c5c065cca3fd04a8e7adf45",
            First with { Control = Control.RandomMask, Parent = First }),
        new("another draw of a random mask",
            "bbe100e7d9dd4f330cd9d8415e94305c7e414e1040ec3e01d5b0186531603471",
            First with { Control = Control.RandomMask, Draw = 3, Parent = First }),
        new("other rates",
            "b87acec58914aa5abd1e7b1fddaca8388db2710f138ff1a83ca56e20d026465a",
            First with { Prune = Prune with { Rates = new(0.15m, 0.36m, 0.19m) } }),
        new("one-shot, network scope",
            "35a5b18847bcfe36ee284a2a22af659630ad7958c47488d7fc3ee9328ae4dbd1",
            First with { Prune = Prune with { Scope = PruneScope.Network, Schedule = PruneSchedule.OneShot } }),
        new("late rewinding",
            "f2e436a69934c1064b5ee076f0072dd8d97c4840a0885dd0103a98fef7a02ee9",
            First with { Actions = Rewind with { RewindTo = 500 } }),
        new("an expression",
            "acbd39de028f2c4d6583268713fadc442e866e1ef73bcddfa0bfaf75668e5f11",
            First with
            {
                Prune = Prune with { Criterion = "abs(wf) - 0.5*abs(wi)" },
                Actions = new("reinit", "initial", 0),
            }),
        new("an initial mask",
            "e0401b7e2833f338f2b1218547bace4c61da496315946aec1f660869602b9614",
            Masked),
        new("a level below an initial mask",
            "988363b9d1cba4174ca8c886ab32f93510208a8e1f4553d8931aac7435163428",
            First with { Start = Masked.Start, Parent = Masked }),
        new("initial weights",
            "5bef30abbcb08c8e330cdfd3dbfda9791b71df75721cf0ddbde821faf42efa1a",
            Dense with { Start = new(Initial: Initial) }),
        new("pretrained weights",
            "f3950d747f8d0617ad79f9b1864bfd0ea3680defa2162c08787b06bae9b36f32",
            Dense with { Start = new(null, Initial, Pretrained), Training = new() { Steps = 0 } }),
        new("pretrained weights, fine-tuned",
            "d9c1fbdf469bc88f51eeda776e7797a9015749418303a65cf9b55e50645cea3f",
            Dense with { Start = new(Pretrained: Pretrained), Training = new() { Steps = 0 } }),
        new("a level below pretrained weights",
            "887039801fc9a55725081e60875a1d1efcf77cdfa5937e9eca714e051216844b",
            First with { Start = new(null, Initial, Pretrained), Parent = Dense with { Start = new(null, Initial, Pretrained) } }),
        new("an initial mask and weights",
            "2fd0776c5004746c8f9da4bd3a1abe9e3ade2c7eb8fa57e3132fb90edad1ebf6",
            Masked with { Start = new(Mask, Initial) }),
        new("a threshold",
            "70ac8e6be641c6b455a188b8c99d7ae93658c863d7bdf01a1fdf8581ba8d0754",
            First with { Prune = Prune with { Threshold = 0.02, Rates = PruneRates.None } }),
        new("convolutions",
            "891712fe6c4501947c5218be262b50c86ba1abd8abee4cc481564b7696f69ce5",
            Convolutional),
        new("pruned convolutions",
            "c6fc448c4c195fe2fd1acb8bbb4afca2bac72f7504dd4b2b3e325c388508effc",
            Convolutional with { Level = 1, Parent = Convolutional, Prune = Prune with { Rates = new(0.1m, 0.2m, 0.1m) } }),
        new("a residual network, augmented",
            "fa5dbee20e6e08536a88d606561e9e9009df9cc007a9b4f0195223a46e6b985a",
            Residual),
        new("all layers of a residual network competing",
            "d2a097ff43a923606020064f50d47af3027235720e8a35c63a06fdccd499da20",
            Residual with { Level = 1, Parent = Residual, Prune = Prune with { Rates = new(0.2m, 0m, 0m), Scope = PruneScope.Network } }),
        new("very deep convolutions",
            "76dbf7e814092c357b19157fbb2150de8e61ca79fbd8b6f8d99b0b94723266b4",
            Residual with { Network = NetworkCatalogue.Get("vgg-19") }),
        new("a learned supermask",
            "6ab80df4fab1b18d6d024c6dc90eefbe36e5c896b280e9f726251f4814469239",
            Dense with { Training = Scores, Supermask = new() }),
        new("a learned supermask, rescaled",
            "c161867ba775a6ae2df86fd83ade5717b0653035895bb3da7a8d20fba4308815",
            Dense with { Training = Scores, Supermask = new() { Rescale = true } }),
        new("a learned supermask on signed constants",
            "b075acfde7545de159260937e5b94aeec49c438f45c04f77a92373ef7cfca227",
            Dense with { Training = Scores, Supermask = new() { Weights = SupermaskWeights.SignedConstant } }),
    ];
}

/// <summary>A specification and the id that it has for good.</summary>
internal sealed record GoldenId(string Name, string Id, RunSpecification Run);
