using System.Collections.Immutable;
using Lottery.Masks;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Specifications;

namespace Lottery.Gpu.Studies;

/// <summary>A study whose time is extrapolated from a part of it: searches by several criteria from the same dense networks.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Network">The network.</param>
/// <param name="Training">The training at full length.</param>
/// <param name="Rates">What each level removes.</param>
/// <param name="Levels">Levels after the dense one.</param>
/// <param name="Criteria">Searches from each dense network.</param>
/// <param name="Replicates">Dense networks.</param>
/// <param name="Part">One of so many steps is trained, of each run.</param>
internal sealed record TimedStudy(
    string Name, Network Network, TrainingSpecification Training, PruneRates Rates, int Levels, int Criteria, int Replicates, int Part)
{
    /// <summary>Examples to train on, to validate and to test, as in MNIST and CIFAR-10.</summary>
    public (int Train, int Validation, int Test) Examples { get; init; } = (55_000, 5_000, 10_000);

    /// <summary>The largest part of its time that a study takes here: what is left then is trained for a few steps only.</summary>
    public TimeSpan Most { get; init; } = TimeSpan.FromSeconds(50);

    /// <summary>Figure 3 of Zhou et al. (studies/criteria.yaml), and the search of Frankle and Carbin on Conv-6 to level 15.</summary>
    public static ImmutableArray<TimedStudy> All { get; } =
    [
        new("Figure 3 of Zhou et al.", NetworkCatalogue.Get("lenet-300-100"), new() { Optimizer = Optimizer.Adam(1.2e-3), Batch = 60, Steps = 50_380, Evaluate = 100 },
            new(0.1m, 0.2m, 0.1m), Levels: 24, Criteria: 9, Replicates: 5, Part: 20),
        new("Conv-6 search", NetworkCatalogue.Get("conv-6"), new() { Optimizer = Optimizer.Adam(3e-4), Batch = 60, Steps = 30_000, Evaluate = 100 },
            new(0.15m, 0.2m, 0.1m), Levels: 15, Criteria: 1, Replicates: 5, Part: 60),
    ];

    /// <summary>The same with networks and numbers for the emulator.</summary>
    public static ImmutableArray<TimedStudy> Emulated { get; } =
    [
        .. from study in All
           select study with
           {
               Name = "small " + study.Name, Network = study.Network.Input.IsFlat ? NetworkCatalogue.Get("mlp:72-40-4") : GoldenCase.Small,
               Training = study.Training with { Batch = 20, Steps = 200, Evaluate = 10 }, Levels = 2, Criteria = Math.Min(study.Criteria, 2), Replicates = 2, Part = 10,
               Examples = (200, 40, 60),
           },
    ];

    /// <summary>Runs in all: equal dense networks are one.</summary>
    public int Runs => Replicates * (1 + Criteria * Levels);

    /// <summary>Training steps in all.</summary>
    public long Steps => (long)Runs * Training.Steps;

    /// <summary>A mask of the density that a level has: the time depends on how many weights are kept, and hardly on which.</summary>
    public Mask MaskOf(int level, ulong seed)
    {
        Mask full = Mask.Full(Network);
        if (level == 0) return full;
        var bits = new BitSet?[Network.Parameters.Length];
        foreach (PruningGroup group in PruningGroup.Of(Network, Rates, PruneScope.Layer))
            foreach (int p in group.Parameters)
            {
                var random = new RandomStream(seed, $"gpu/level-{level}/{p}");
                var kept = new BitSet(full[p]!.Length);
                double density = (double)PruneCounts.After(full, group, level) / kept.Length;
                for (int i = 0; i < kept.Length; i++) kept[i] = random.Bernoulli(i, density);
                bits[p] = kept;
            }
        return new(Network, [.. bits]);
    }
}
