using System.Collections.Immutable;
using Lottery.Actions;
using Lottery.Data;
using Lottery.Masks;
using Lottery.Networks;
using Lottery.Specifications;
using Lottery.Training;

namespace Lottery.Search;

/// <summary>Everything that a search is, except for the examples themselves: <c>find</c> states one, a study one a cell.</summary>
internal sealed record SearchDefinition
{
    /// <summary>The network.</summary>
    public required Network Network { get; init; }

    /// <summary>How the examples are split and presented.</summary>
    public DataSettings Data { get; init; } = new();

    /// <summary>How each level is trained; its steps do not count where there are <see cref="Epochs"/>.</summary>
    public TrainingSpecification Training { get; init; } = new() { Steps = 0 };

    /// <summary>The length of a training in passes over the training examples; null where <see cref="Training"/> has the steps.</summary>
    public int? Epochs { get; init; }

    /// <summary>Levels, rates, scope, schedule, rewinding.</summary>
    public PruningSettings Pruning { get; init; } = new();

    /// <summary>The density that decides how many levels there are; null where <see cref="Pruning"/> says it.</summary>
    public double? ToDensity { get; init; }

    /// <summary>The score by which weights are kept.</summary>
    public Criterion Criterion { get; init; } = Criterion.LargeFinal;

    /// <summary>What kept weights become before they are trained again.</summary>
    public Mask1 Mask1 { get; init; } = Mask1.Rewind;

    /// <summary>What pruned weights become.</summary>
    public Mask0 Mask0 { get; init; } = Mask0.Zero;

    /// <summary>The mask and weights to begin with.</summary>
    public StartingPoint Start { get; init; } = StartingPoint.Seed;

    /// <summary>The tickets whose masks are trained instead of pruning; null to prune. It is one seed's.</summary>
    public TransferSource? Transfer { get; init; }

    /// <summary>How a mask is learned on frozen weights instead of pruning; null for a search by pruning.</summary>
    public SupermaskSpecification? Supermask { get; init; }

    /// <summary>What each ticket is compared with.</summary>
    public ImmutableArray<ControlDraws> Controls { get; init; } = [];

    /// <summary>Searches with different seeds, 1 or more.</summary>
    public int Replicates { get; init; } = 1;

    /// <summary>The first replicate's seed.</summary>
    public ulong Seed { get; init; }

    /// <summary>One seed a replicate: replicate r has <see cref="Seed"/> + r.</summary>
    /// <exception cref="OverflowException">There are not so many seeds from there on.</exception>
    public IEnumerable<ulong> Seeds => Enumerable.Range(0, Replicates).Select(replicate => checked(Seed + (ulong)replicate));

    /// <summary>The definition of the search that made a run, for its seed alone; its starting point is known by its hashes only.</summary>
    /// <param name="run">A ticket, or a learned supermask.</param>
    public static SearchDefinition Of(RunSpecification run) => new()
    {
        Network = run.Network,
        Data = new() { Validation = run.Data.Validation, SplitSeed = run.Data.SplitSeed, Scale = run.Data.Scale, Augment = run.Data.Augment },
        Training = run.Root.IsPretrained ? run.Training : run.Root.Training,
        Pruning = PruningOf(run),
        Criterion = run.Prune is { } prune ? Criterion.Get(prune.Criterion) : Criterion.LargeFinal,
        Mask1 = run.Actions is { } kept ? Mask1.Get(kept.Mask1) : Mask1.Rewind,
        Mask0 = run.Actions is { } pruned ? Mask0.Get(pruned.Mask0) : Mask0.Zero,
        Supermask = run.Supermask,
        Seed = run.Seed,
    };

    /// <summary>The examples of one seed: its own validation set unless one is stated, scaled and augmented as the definition says.</summary>
    public SplitDataset Split(Dataset data, ulong seed)
    {
        SplitDataset split = data.Split(Data.Validation, Data.SplitSeed ?? seed, Data.Scale, Data.Augment);
        return split with { Specification = split.Specification with { SplitSeed = Data.SplitSeed } };
    }

    /// <summary>The search on <paramref name="data"/>.</summary>
    /// <param name="data">The examples (see <see cref="Split"/>).</param>
    /// <param name="runs">Where runs are kept.</param>
    /// <param name="progress">Receives the progress of runs, from the training threads.</param>
    /// <param name="device">Where they are trained; null for the processor.</param>
    public IRunSearch CreateSearch(
        SplitDataset data, IRunStore runs, IProgress<RunProgress>? progress = null, ITrainingDevice? device = null) => Supermask is not null
        ? new SupermaskSearch(Network, data)
        {
            Supermask = Supermask, Training = Training, Runs = runs, Progress = progress, Device = device ?? CpuDevice.Default,
        }
        : new TicketSearch(Network, data)
        {
            Criterion = Criterion, Mask1 = Mask1, Mask0 = Mask0, Start = Start, Transfer = Transfer, Pruning = Pruning, Training = Training, Controls = Controls,
            Runs = runs, Progress = progress, Device = device ?? CpuDevice.Default,
        };

    private static PruningSettings PruningOf(RunSpecification run)
    {
        PruningSettings settings = new()
        {
            Levels = run.Level, RewindTo = run.FirstStep, Untrained = run is { Training.Steps: 0, IsPretrained: false },
        };
        if (run.Prune is not { } prune) return settings;
        return settings with
        {
            Conv = prune.Rates.Conv, Fc = prune.Rates.Fc, Output = prune.Rates.Output,
            Threshold = prune.Threshold, Scope = prune.Scope, Schedule = prune.Schedule,
        };
    }
}

/// <summary>How the examples of a data set are split and presented.</summary>
internal sealed record DataSettings
{
    /// <summary>Training examples held out for validation.</summary>
    public int Validation { get; init; } = 5_000;

    /// <summary>The seed that selects the validation examples; null for that of each replicate.</summary>
    public ulong? SplitSeed { get; init; }

    /// <summary>How bytes become values.</summary>
    public Scaling Scale { get; init; }

    /// <summary>Random changes of a training image.</summary>
    public Augmentation Augment { get; init; }
}

/// <summary>How many levels a search has, and how each is pruned.</summary>
public sealed record PruningSettings
{
    /// <summary>Prunings; there is one training more, since level 0 is dense.</summary>
    public int Levels { get; init; }

    /// <summary>The fraction of a convolution's kept weights that a level removes, in [0, 1).</summary>
    public decimal Conv { get; init; } = 0.10m;

    /// <summary>The fraction of a fully connected layer's kept weights that a level removes, in [0, 1).</summary>
    public decimal Fc { get; init; } = 0.20m;

    /// <summary>The fraction of the output layer's kept weights that a level removes, in [0, 1).</summary>
    public decimal Output { get; init; } = 0.10m;

    /// <summary>A fixed threshold instead of rates: weights with a score of at least that are kept, layer by layer; null for rates.</summary>
    public double? Threshold { get; init; }

    /// <summary>Whether scores are compared within a layer or within the network.</summary>
    public PruneScope Scope { get; init; } = PruneScope.Layer;

    /// <summary>What a level is pruned from.</summary>
    public PruneSchedule Schedule { get; init; } = PruneSchedule.Iterative;

    /// <summary>The step of the dense training to rewind to; 0 is the start.</summary>
    public int RewindTo { get; init; }

    /// <summary>
    /// Supermasks at initialization (Zhou et al. 2019, section 5): levels are pruned one-shot from the trained dense network
    /// and evaluated on the weights that the mask-1 action gives, without any training. An initial mask is evaluated so itself.
    /// </summary>
    public bool Untrained { get; init; }

    /// <summary>How each level's mask is computed, by <paramref name="criterion"/>.</summary>
    internal PruneSpecification Specification(Criterion criterion) => new()
    {
        Criterion = criterion.Name,
        Rates = Threshold is null ? new(Conv, Fc, Output) : PruneRates.None,
        Threshold = Threshold,
        Scope = Threshold is null ? Scope : PruneScope.Layer,
        Schedule = IsOneShot ? PruneSchedule.OneShot : PruneSchedule.Iterative,
    };

    /// <summary>The fewest levels after which at most a fraction of a dense network's weights is kept; null if no number of levels is enough.</summary>
    /// <param name="density">The fraction, above 0.</param>
    /// <param name="network">The network.</param>
    /// <exception cref="UserException">A rate is not in [0, 1).</exception>
    internal int? LevelsTo(double density, Network network)
    {
        int level = 0;
        foreach (int kept in Kept(network))
        {
            if (kept <= density * network.PrunableCount) return level;
            level++;
        }
        return null;
    }

    /// <summary>The fraction of a dense network's weights that each level keeps, by its rates; level 0 is first.</summary>
    /// <param name="network">The network.</param>
    /// <exception cref="UserException">A rate is not in [0, 1).</exception>
    internal IEnumerable<double> Densities(Network network) => Kept(network).Take(Levels + 1).Select(kept => (double)kept / network.PrunableCount);

    /// <summary>The number of weights that each level keeps, up to the last that removes any.</summary>
    private IEnumerable<int> Kept(Network network)
    {
        PruningGroup[] groups = [.. PruningGroup.Of(network, new(Conv, Fc, Output), Scope)];
        int[] kept = [.. groups.Select(group => group.Parameters.Sum(i => network.Parameters[i].Count))];
        while (true)
        {
            yield return kept.Sum();
            int[] next = [.. groups.Zip(kept, (group, count) => PruneCounts.Next(group, count))];
            if (next.SequenceEqual(kept)) yield break;
            kept = next;
        }
    }

    internal bool IsOneShot => Untrained || Schedule == PruneSchedule.OneShot;

    /// <summary>Checks that the settings fit one another.</summary>
    /// <exception cref="UserException">They do not.</exception>
    internal void Require()
    {
        if (this is { Untrained: true, RewindTo: > 0 })
            throw new UserException($"Untrained weights are those of step 0, and the step to rewind to is {RewindTo}; rewind to 0.");
        if (Threshold is not null && IsOneShot && Levels > 1)
            throw new UserException($"A threshold prunes every one-shot level alike, and there are {Levels}; use one level.");
    }
}
