using System.Collections.Immutable;
using Lottery.Data;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Specifications;
using Lottery.TestSupport.Cuda;
using Lottery.Training;

namespace Lottery.Gpu;

/// <summary>A short training, which must leave the same bits on a card as on the processor.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Network">The network.</param>
/// <param name="Density">The fraction of each prunable tensor that is kept.</param>
/// <param name="Batch">Examples of a batch.</param>
internal sealed record GoldenCase(string Name, Network Network, double Density, int Batch)
{
    private const ulong Seed = 7;

    /// <summary>Steps that are trained.</summary>
    public int Steps { get; init; } = 4;

    /// <summary>Batches of an epoch.</summary>
    public int Batches { get; init; } = 4;

    /// <summary>The step that training begins at.</summary>
    public int FirstStep { get; init; }

    public Optimizer Optimizer { get; init; } = Optimizer.Adam(1.2e-3);

    public Augmentation Augment { get; init; }

    /// <summary>Pruned weights keep their initial values.</summary>
    public bool IsFrozen { get; init; }

    /// <summary>Scores are trained in place of weights.</summary>
    public SupermaskSpecification? Supermask { get; init; }

    /// <summary>Numeric features in place of images.</summary>
    public bool IsNumeric { get; init; }

    /// <summary>A network with every kind of layer.</summary>
    internal static Network Small { get; } = new NetworkBuilder(new(2, 6, 6))
        .Convolution(8, 3, bias: false).BatchNormalization().Relu().Convolution(8, 3).Relu().MaxPool(2)
        .Residual(body => body.Convolution(8, 3, bias: false).BatchNormalization(), shortcut => shortcut.Convolution(8, 1, prunable: false)).Relu()
        .Dropout(0.2).Flatten().Linear(12).Relu().Dropout(0.4).Output(4).Build("small");

    /// <summary>Every network of the catalogue dense, at 20 % and at 3 %, then what a training can have besides.</summary>
    public static ImmutableArray<GoldenCase> All { get; } =
    [
        .. from name in NetworkCatalogue.Names
           from density in (double[])[1, 0.2, 0.03]
           select new GoldenCase($"{name} {100 * density:0} %", NetworkCatalogue.Get(name), density, BatchOf(name)) { Steps = 3 },
        .. Features(NetworkCatalogue.Get("lenet-300-100"), NetworkCatalogue.Get("conv-2"), NetworkCatalogue.Get("conv-2-dropout"), NetworkCatalogue.Get("resnet-20")),
    ];

    /// <summary>The same on networks that the emulator runs in seconds.</summary>
    public static ImmutableArray<GoldenCase> Emulated { get; } =
    [
        .. from network in (Network[])[NetworkCatalogue.Get("mlp:72-40-4"), Small]
           from density in (double[])[1, 0.2, 0.03]
           select new GoldenCase($"{network.Name} {100 * density:0} %", network, density, 33),
        .. Features(NetworkCatalogue.Get("mlp:72-40-4"), Small, Small, Small),
    ];

    /// <summary>The networks of the catalogue on the emulator: the convolutional ones on smaller images and with few channels.</summary>
    public static ImmutableArray<GoldenCase> EmulatedCatalogue { get; } =
    [
        .. from name in NetworkCatalogue.Names
           from density in (double[])[1, 0.2, 0.03]
           let network = SmallNetwork.Of(name)
           select new GoldenCase($"{network.Name} {100 * density:0} %", network, density, 33) { Steps = 2 },
    ];

    private static IEnumerable<GoldenCase> Features(Network flat, Network images, Network dropout, Network normalized) =>
    [
        new("AdamW, moved and flipped, dropout", dropout, 0.3, 48) { Optimizer = Optimizer.AdamW(1e-3, 0.05), Augment = Augmentation.Crop | Augmentation.Flip, Steps = 7 },
        new("SGD, Nesterov, decay", normalized, 0.5, 33) { Optimizer = Optimizer.Sgd(0.05, 0.9, 1e-3, nesterov: true), Augment = Augmentation.Flip },
        new("plain SGD", flat, 0.5, 17) { Optimizer = Optimizer.Sgd(0.1) },
        new("one example", flat, 0.5, 1) { Steps = 9 },
        new("late rewinding", flat, 0.1, 60) { FirstStep = 5 },
        new("frozen weights, features", flat, 0.5, 60) { IsFrozen = true },
        new("frozen weights, images", images, 0.5, 33) { IsFrozen = true, Optimizer = Optimizer.AdamW(1e-3, 0.1) },
        new("supermask, features", flat, 1, 60) { Supermask = new(), Optimizer = Optimizer.Sgd(20, momentum: 0.9) },
        new("supermask, rescaled", flat, 1, 60) { Supermask = new() { Rescale = true }, Optimizer = Optimizer.Adam(0.1) },
        new("supermask, images", images, 1, 33) { Supermask = new() { Rescale = true }, Optimizer = Optimizer.Sgd(20, momentum: 0.9) },
        new("numeric features", NetworkCatalogue.Get("mlp:50-40-5"), 0.3, 60) { IsNumeric = true },
    ];

    private static int BatchOf(string name) => name switch { "resnet-20" => 128, "resnet-18" or "vgg-19" => 33, _ => 60 };

    /// <summary>The training.</summary>
    public TrainingTask Task()
    {
        int train = Math.Max(Batches * Batch, 100);
        SplitDataset data = IsNumeric ? MadeUpData.Numbers(Network, train) : MadeUpData.Images(Network, train, Augment);
        var mask = new Mask(Network, [.. Network.Parameters.Select(parameter => parameter.Prunable ? Kept(parameter) : null)]);
        Weights start = InitialWeights.Sample(Network, Seed);
        if (!IsFrozen)
            for (int p = 0; p < Network.Parameters.Length; p++)
                for (int i = 0; mask[p] is { } kept && i < kept.Length; i++)
                    if (!kept[i]) start[p][i] = 0;
        return new()
        {
            Mask = mask, Start = start, Data = data, Seed = Seed, FirstStep = FirstStep, Supermask = Supermask,
            Training = new()
            {
                Optimizer = Optimizer, Batch = Batch, Steps = FirstStep + 2 * Steps, Evaluate = 100, Schedule = new() { WarmUp = 3, At = [5], Factor = 0.5 },
            },
        };
    }

    private BitSet Kept(Parameter parameter)
    {
        var random = new RandomStream(Seed, $"gpu/mask/{parameter.Name}");
        var kept = new BitSet(parameter.Count);
        for (int i = 0; i < parameter.Count; i++) kept[i] = random.Bernoulli(i, Density);
        return kept;
    }
}
