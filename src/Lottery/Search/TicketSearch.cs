using System.Collections.Immutable;
using Lottery.Actions;
using Lottery.Data;
using Lottery.Kernels;
using Lottery.Masks;
using Lottery.Networks;
using Lottery.Plans;
using Lottery.Specifications;
using Lottery.Training;

namespace Lottery.Search;

/// <summary>
/// Iterative magnitude pruning with rewinding (Frankle &amp; Carbin 2019, section 1): train, prune, rewind, train again.
/// </summary>
/// <remarks>
/// Every level is a run with a complete specification that names the run before it; a run that the keeper has is not
/// trained again, and one that was interrupted goes on from its checkpoint with the same bits.
/// </remarks>
public sealed class TicketSearch(Network network, SplitDataset data)
{
    /// <summary>The network.</summary>
    public Network Network { get; } = network;

    /// <summary>The examples.</summary>
    public SplitDataset Data { get; } = data;

    /// <summary>The score by which weights are kept.</summary>
    public Criterion Criterion { get; init; } = Criterion.LargeFinal;

    /// <summary>What kept weights become before they are trained again.</summary>
    public Mask1 Mask1 { get; init; } = Mask1.Rewind;

    /// <summary>What pruned weights become.</summary>
    public Mask0 Mask0 { get; init; } = Mask0.Zero;

    /// <summary>The mask that the search begins with, on weights of each seed's own; null to begin dense.</summary>
    public Mask? Given { get; init; }

    /// <summary>The weights that the search begins with, the same for every seed; null for those that each seed draws.</summary>
    public SuppliedWeights? Weights { get; init; }

    /// <summary>Levels, rates, scope and schedule.</summary>
    public required PruningSettings Pruning { get; init; }

    /// <summary>How each level is trained.</summary>
    public required TrainingSpecification Training { get; init; }

    /// <summary>What each ticket is compared with.</summary>
    public ImmutableArray<Control> Controls { get; init; } = [];

    /// <summary>Where runs are kept; in memory by default.</summary>
    public IRunStore Runs { get; init; } = new MemoryRunStore();

    /// <summary>
    /// Told where a run begins (past its first step, where it goes on from a checkpoint), then several times a second
    /// while it trains, from the training thread.
    /// </summary>
    public Action<RunProgress>? Progress { get; init; }

    /// <summary>Level after level, from dense to the sparsest.</summary>
    /// <param name="seed">The seed that every random number comes from.</param>
    /// <param name="cancellation">Stops within a step; what is done is kept.</param>
    public IEnumerable<Level> Run(ulong seed, CancellationToken cancellation = default)
    {
        foreach (IGrouping<int, RunSpecification> level in Plan(seed).GroupBy(run => run.Level))
        {
            RunResult[] results = [.. level.Select(run => Complete(run, cancellation))];
            yield return new(results[0], [.. results[1..]]);
        }
    }

    /// <summary>The runs of one replicate: each after its parent, controls after their ticket.</summary>
    /// <exception cref="UserException">The search's parts contradict each other.</exception>
    public ImmutableArray<RunSpecification> Plan(ulong seed)
    {
        RequireSense();
        TrainingSpecification untrained = Training with { Steps = 0 };
        var root = new RunSpecification
        {
            Network = Network, Data = Data.Specification, Seed = seed,
            Training = Weights?.Final is not null || (Pruning.Untrained && Given is not null) ? untrained : Training,
            Weights = Weights?.Specification,
            Given = Given is null ? null : new(Given.Sha256, new(Mask1.Name, Mask0.Name, Pruning.RewindTo)),
        };
        var runs = ImmutableArray.CreateBuilder<RunSpecification>();
        runs.Add(root);
        if (Given is not null) runs.AddRange(ControlsOf(root).Select(control => control with { Training = Pruning.Untrained ? untrained : Training }));
        RunSpecification ticket = root;
        PruneSpecification prune = HowToPrune();
        for (int level = 1; level <= Pruning.Levels; level++)
        {
            ticket = root with
            {
                Level = level, Prune = prune, Parent = prune.Schedule == PruneSchedule.OneShot ? root : ticket,
                Training = Pruning.Untrained ? untrained : Training,
            };
            runs.Add(ticket);
            runs.AddRange(ControlsOf(ticket));
        }
        return runs.ToImmutable();
    }

    private IEnumerable<RunSpecification> ControlsOf(RunSpecification ticket) =>
        Controls.Select(control => ticket with { Control = control, Parent = ticket });

    /// <summary>Completes one run, and before it the runs that it comes from. Safe to call from several threads.</summary>
    /// <param name="run">The run.</param>
    /// <param name="cancellation">Stops within a step; what is done is kept.</param>
    /// <param name="threads">Threads for a network with convolutions; the result is the same with any number.</param>
    public RunResult Complete(RunSpecification run, CancellationToken cancellation = default, int threads = 1)
    {
        if (Runs.Find(run) is { } known) return known;
        RunResult? parent = run.Parent is null ? null : Complete(run.Parent, cancellation, threads);
        using IRunSession session = Runs.Begin(run, cancellation);
        if (session.Finished is { } finished) return finished;

        PruneOutcome pruned = Prune(run, parent);
        using var team = new ThreadTeam(threads);
        Weights start = Rewind(run, pruned.Mask, team, cancellation);
        RunResult result = Train(run, pruned, start, team, session, cancellation);
        session.Finish(result);
        return result;
    }

    private bool IsOneShot => Pruning.Untrained || Pruning.Schedule == PruneSchedule.OneShot;

    private PruneSpecification HowToPrune() => new()
    {
        Criterion = Criterion.Name, Mask1 = Mask1.Name, Mask0 = Mask0.Name,
        Rates = Pruning.Threshold is null ? new(Pruning.Conv, Pruning.Fc, Pruning.Output) : PruneRates.None,
        Threshold = Pruning.Threshold, Scope = Pruning.Threshold is null ? Pruning.Scope : PruneScope.Layer,
        Schedule = IsOneShot ? PruneSchedule.OneShot : PruneSchedule.Iterative, RewindTo = Pruning.RewindTo,
    };

    private void RequireSense()
    {
        if (Pruning is { Untrained: true, RewindTo: > 0 })
            throw new UserException($"Untrained weights are those of step 0, and the step to rewind to is {Pruning.RewindTo}: take 0.");
        if (Pruning.Threshold is not null && IsOneShot && Pruning.Levels > 1)
            throw new UserException($"A threshold cuts every one-shot level alike, and there are {Pruning.Levels}: take one level.");
        Weights?.RequireSense(this);
        if (Given is null) return;
        if (Given.Network.Description != Network.Description)
            throw new UserException($"The mask is one of {Given.Network.Name}, and the network is {Network.Name}: give one of its own.");
        if (Mask0.NeedsFinal)
            throw new UserException($"The mask-0 action {Mask0.Name} looks at how training moved a weight before it was pruned, "
                + "which a given mask does not tell: take zero or initial.");
        if (Pruning is { Untrained: true, Levels: > 0 })
            throw new UserException("A given mask is evaluated untrained by itself, and nothing can be cut from what was not "
                + "trained: take no levels.");
    }

    /// <summary>
    /// The weights that stay: all (or the given mask's) at level 0, a cut of the parent's for a ticket, the ticket's count
    /// for a control.
    /// </summary>
    private PruneOutcome Prune(RunSpecification run, RunResult? parent) => (run.Control, run.Prune) switch
    {
        (Control.Reinit, _) => Unpruned(parent!.Mask),
        (Control.RandomMask, _) => Unpruned(RandomMask.Like(parent!.Mask, run.Seed, run.Level)),
        (_, null) => Unpruned(run.Given is null ? Mask.Full(run.Network) : Given!),
        (_, { } how) => Cut(how, run, parent!),
    };

    private PruneOutcome Cut(PruneSpecification how, RunSpecification run, RunResult parent)
    {
        (Weights initial, Weights final, Criterion criterion) = (parent.Initial, parent.Final, CriterionOf(how));
        PruneOutcome cut = CutBy(how, run, parent, initial, final, criterion);
        // What masking moved is counted from where training began, which is not known of a network trained elsewhere.
        return parent.Specification is { IsTrainedElsewhere: true, Weights.Initial: null }
            ? cut with { Metrics = cut.Metrics with { Masking = null } } : cut;
    }

    private static PruneOutcome CutBy(
        PruneSpecification how, RunSpecification run, RunResult parent, Weights initial, Weights final, Criterion criterion)
    {
        if (how.Threshold is { } threshold)
            return Pruner.CutAt(parent.Mask, initial, final, criterion, threshold, run.Seed, run.Level);
        return how.Schedule == PruneSchedule.OneShot
            ? Pruner.CutTo(parent.Mask, initial, final, criterion, how.Rates, how.Scope, run.Seed, run.Level)
            : Pruner.Cut(parent.Mask, initial, final, criterion, how.Rates, how.Scope, run.Seed, run.Level);
    }

    /// <summary>The search's own criterion, which may be one that no registry knows, or that of a run of another search.</summary>
    private Criterion CriterionOf(PruneSpecification how) =>
        how.Criterion == Criterion.Name ? Criterion : Criterion.Get(how.Criterion);

    private static PruneOutcome Unpruned(Mask mask) => new(mask, PruningMetrics.None);

    /// <summary>The weights that a run starts from: those of the dense run at the step rewound to, put through the actions.</summary>
    private Weights Rewind(RunSpecification run, Mask mask, ThreadTeam team, CancellationToken cancellation)
    {
        if (StartingWeights.FollowFromSeed(run)) return StartingWeights.Of(run, mask);
        RunResult? before = StartingWeights.LookAt(run) is { } trained ? Complete(trained, cancellation, team.Threads) : null;
        return StartingWeights.Of(
            run, mask, DenseWeights(run, team, cancellation), before is null ? null : new(before.Mask, before.Final));
    }

    /// <summary>w_i: those given, or the weights of the dense run at its start, or at the step rewound to.</summary>
    private Weights DenseWeights(RunSpecification run, ThreadTeam team, CancellationToken cancellation)
    {
        Weights start = Weights?.Start() ?? InitialWeights.Draw(run.Network, run.Seed);
        if (run.Start is not { RewindTo: > 0 } how) return start;
        using var dense = new Trainer(Mask.Full(run.Network), start, run.Training, Data, run.Seed, 0, KernelRegistry.Kernels, team);
        return dense.WeightsAt(how.RewindTo, cancellation);
    }

    /// <summary>Trains to the last step, keeping the place, and tests; what was trained elsewhere is only tested.</summary>
    private RunResult Train(
        RunSpecification run, PruneOutcome pruned, Weights start, ThreadTeam team, IRunSession session, CancellationToken cancellation)
    {
        if (run.IsTrainedElsewhere) Weights!.RequireFrozen(pruned.Mask, start);
        using var trainer = new Trainer(
            pruned.Mask, run.IsTrainedElsewhere ? Weights!.Final! : start, run.Training, Data, run.Seed, run.Start?.RewindTo ?? 0, KernelRegistry.Kernels, team);
        TrainingOutcome outcome = Sitting.Complete(run, trainer, session, Progress, cancellation);
        return new()
        {
            Specification = run, Mask = pruned.Mask, Initial = start, Best = outcome.Best, Final = outcome.Final,
            Evaluations = outcome.Evaluations, BatchOrders = outcome.BatchOrders,
            Metrics = outcome.Metrics, Pruning = pruned.Metrics,
        };
    }
}
