using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Lottery.Actions;
using Lottery.Data;
using Lottery.Masks;
using Lottery.Networks;
using Lottery.Specifications;
using Lottery.Training;

namespace Lottery.Search;

/// <summary>
/// Iterative magnitude pruning with rewinding (Frankle &amp; Carbin 2019, section 1): train, prune, rewind, train again.
/// </summary>
/// <remarks>
/// Every level is a run with a complete specification that names the run before it. A finished run in the store is not
/// trained again, and an interrupted one resumes from its checkpoint with the same bits.
/// </remarks>
public sealed class TicketSearch(Network network, SplitDataset data) : IRunSearch
{
    // By reference: the runs of one plan name their parents so.
    private readonly ConditionalWeakTable<RunSpecification, WeakReference<RunResult>> _finished = [];

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

    /// <summary>The mask and weights that the search begins with; by default a dense network with the weights of each seed.</summary>
    public StartingPoint Start { get; init; } = StartingPoint.Seed;

    /// <summary>The tickets whose masks are trained instead of pruning; null to prune.</summary>
    internal TransferSource? Transfer { get; init; }

    /// <summary>Levels, rates, scope and schedule.</summary>
    public required PruningSettings Pruning { get; init; }

    /// <summary>How each level is trained.</summary>
    public required TrainingSpecification Training { get; init; }

    /// <summary>What each ticket is compared with.</summary>
    public ImmutableArray<ControlDraws> Controls { get; init; } = [];

    /// <summary>Where runs are kept; in memory by default.</summary>
    public IRunStore Runs { get; init; } = new MemoryRunStore();

    /// <summary>
    /// Receives each run's first step (past 0 where it resumes from a checkpoint), then several reports a second while it
    /// trains, from the training thread.
    /// </summary>
    public IProgress<RunProgress>? Progress { get; init; }

    /// <summary>Steps at which the weights of the dense run are kept for other searches, beside the one that this search rewinds to.</summary>
    internal ImmutableArray<int> Snapshots { get; set; } = [];

    /// <summary>Where runs are trained: on the processor by default.</summary>
    internal ITrainingDevice Device { get; init; } = CpuDevice.Default;

    /// <summary>Level after level, from dense to the sparsest.</summary>
    /// <param name="seed">The seed of every random number.</param>
    /// <param name="cancellationToken">Stops within a step; finished runs and a checkpoint are kept.</param>
    public IEnumerable<Level> Run(ulong seed, CancellationToken cancellationToken = default)
    {
        foreach (IGrouping<int, RunSpecification> level in Plan(seed).GroupBy(run => run.Level))
        {
            var results = new List<RunResult>();
            foreach (RunSpecification run in level) results.Add(Complete(run, threads: 1, cancellationToken));
            yield return new(results[0], [.. results[1..]]);
        }
    }

    /// <inheritdoc/>
    public ImmutableArray<RunSpecification> Plan(ulong seed)
    {
        Pruning.Require();
        if (Pruning.Levels > 0 && Network.PrunableCount == 0)
            throw new UserException($"{Network.Name} has no prunable weights, so that no level can prune any; use 0 levels, or a network with prunable layers.");
        Start.Require(this);
        Transfer?.Require(this);
        RequireControls();
        Training.Require();
        TrainingSpecification untrained = Training.Untrained, later = Pruning.Untrained ? untrained : Training;
        ActionSpecification actions = new(Mask1.Name, Mask0.Name, Pruning.RewindTo);
        var root = new RunSpecification
        {
            Network = Network, Data = Data.Specification, Seed = seed, Start = Start.Specification,
            Training = Start.Pretrained is not null || (Pruning.Untrained && Start.Mask is not null) ? untrained : Training,
            Actions = Start.Mask is null ? null : actions,
        };
        var runs = ImmutableArray.CreateBuilder<RunSpecification>();
        runs.Add(root);
        if (Start.Mask is not null) runs.AddRange(ControlsOf(root).Select(control => control with { Training = later }));
        if (Transfer is not null)
        {
            foreach (RunSpecification ticketThere in Transfer.Tickets)
            {
                RunSpecification taken = Take(ticketThere, root with { Actions = actions, Training = later });
                runs.Add(taken);
                runs.AddRange(ControlsOf(taken));
            }
            return runs.ToImmutable();
        }
        RunSpecification ticket = root;
        PruneSpecification prune = Pruning.Specification(Criterion);
        for (int level = 1; level <= Pruning.Levels; level++)
        {
            ticket = root with
            {
                // Both schedules make level 1 of the dense network: it is one run.
                Level = level, Prune = level == 1 ? prune with { Schedule = PruneSchedule.Iterative } : prune, Actions = actions, Training = later,
                Parent = prune.Schedule == PruneSchedule.OneShot ? root : ticket,
            };
            runs.Add(ticket);
            runs.AddRange(ControlsOf(ticket));
        }
        return runs.ToImmutable();
    }

    /// <summary>The run that trains the mask of another search's ticket; that ticket itself where nothing differs.</summary>
    private RunSpecification Take(RunSpecification ticket, RunSpecification here)
    {
        here = here with { Level = ticket.Level, Prune = ticket.Prune, Parent = ticket.Parent };
        return here == ticket ? ticket : here with { Parent = ticket, Transfer = Transfer!.Weights };
    }

    private IEnumerable<RunSpecification> ControlsOf(RunSpecification ticket) =>
        Controls.SelectMany(control => Enumerable.Range(0, control.Draws)
            .Select(draw => ticket with { Control = control.Control, Draw = draw, Parent = ticket }));

    private void RequireControls()
    {
        if (Mask1 == Mask1.Rewind && Controls.Any(one => one.Control == Control.Rewind))
            throw new UserException("The mask-1 action is rewind, so that the control rewind would be the ticket once more; leave one of them out.");
        if (Controls.FirstOrDefault(one => one is { Control: Control.Rewind, Draws: > 1 }) is { Draws: > 1 } draws)
            throw new UserException($"The control rewind has no random numbers, so that its {draws.Draws} draws would be one; leave their number out.");
    }

    /// <inheritdoc/>
    // Optimized from the start, so that the parent is garbage once it is pruned, and not only at the end.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public RunResult Complete(RunSpecification run, int threads = 1, CancellationToken cancellationToken = default)
    {
        if (Runs.Find(run) is { } known) return known;
        bool isTaken = run is { Transfer: not null, Control: Control.None };
        RunResult? parent = run.Parent is null ? null : (isTaken ? Transfer!.Search : this).Completed(run.Parent, threads, cancellationToken);
        using IRunSession session = Runs.Begin(run, cancellationToken);
        if (session.Finished is { } finished) return finished;

        // A parent that was read and weights that were scored leave several times as much behind as they are.
        ManagedHeap.Relieve(run.Network.WeightBytes);
        PruneOutcome pruned = Prune(run, parent);
        ManagedHeap.Relieve(run.Network.WeightBytes);
        Weights start = Rewind(run, pruned.Mask, threads, cancellationToken);
        if (run.IsPretrained) Start.RequireFrozen(pruned.Mask, start);
        var task = new TrainingTask
        {
            Mask = pruned.Mask, Start = run.IsPretrained ? Start.Pretrained! : start, Training = run.Training, Data = Data,
            Seed = run.Seed, FirstStep = run.FirstStep, Run = run,
        };
        using var trainer = new Trainer(task, Device, threads);
        TrainingOutcome outcome = trainer.Run(session, ProgressOf(run), cancellationToken, SnapshotsOf(run));
        var result = new RunResult
        {
            Specification = run, Mask = pruned.Mask, Initial = start, Best = outcome.Best, Final = outcome.Final, Scores = outcome.Scores,
            Evaluations = outcome.Evaluations, BatchOrders = outcome.BatchOrders,
            Metrics = outcome.Metrics, Pruning = pruned.Metrics,
        };
        session.Finish(result);
        _finished.AddOrUpdate(run, new(result));
        return result;
    }

    /// <summary>A run whose result is still in memory, or that is completed: the level after it need not read it back.</summary>
    private RunResult Completed(RunSpecification run, int threads, CancellationToken cancellationToken) =>
        _finished.TryGetValue(run, out WeakReference<RunResult>? known) && known.TryGetTarget(out RunResult? result)
            ? result : Complete(run, threads, cancellationToken);

    /// <summary>
    /// The kept weights: all (or the initial mask's) at level 0, fewer of the parent's for a ticket, the ticket's count for a
    /// control.
    /// </summary>
    private PruneOutcome Prune(RunSpecification run, RunResult? parent) => (run.Control, run.Prune) switch
    {
        (Control.Reinit or Control.Rewind, _) => Unpruned(parent!.Mask),
        (Control.RandomMask, _) => Unpruned(RandomMask.Like(parent!.Mask, run.Seed, run.Level, run.Draw)),
        (_, null) => Unpruned(Start.Mask ?? Mask.Full(run.Network)),
        _ when run.Transfer is not null => Unpruned(new(run.Network, [.. run.Network.Parameters.Select((_, p) => parent!.Mask[p])])),
        (_, { } how) => Cut(how, run, parent!),
    };

    private PruneOutcome Cut(PruneSpecification how, RunSpecification run, RunResult parent)
    {
        (Weights initial, Weights final, Criterion criterion) = (parent.Initial, parent.Final, CriterionOf(how));
        PruneOutcome cut = CutBy(how, run, parent, initial, final, criterion);
        // What masking moved is counted from where training began, which is not known of fine-tuned pretrained weights.
        return parent.Specification is { IsPretrained: true, Start.Initial: null }
            ? cut with { Metrics = cut.Metrics with { Masking = null } } : cut;
    }

    private static PruneOutcome CutBy(
        PruneSpecification how, RunSpecification run, RunResult parent, Weights initial, Weights final, Criterion criterion)
    {
        if (how.Threshold is { } threshold)
        {
            PruneOutcome cut = Pruner.CutAt(parent.Mask, initial, final, criterion, threshold, run.Seed, run.Level);
            // The same network would be trained once more.
            return cut.Mask.Kept < parent.Mask.Kept ? cut : throw new UserException(FormattableString.Invariant(
                $"Level {run.Level} of seed {run.Seed} removes nothing: no weight that may be pruned has a score below the threshold {threshold}; use {run.Level - 1} levels, or a larger threshold."));
        }
        return how.Schedule == PruneSchedule.OneShot
            ? Pruner.CutTo(parent.Mask, initial, final, criterion, how.Rates, how.Scope, run.Seed, run.Level)
            : Pruner.Cut(parent.Mask, initial, final, criterion, how.Rates, how.Scope, run.Seed, run.Level);
    }

    /// <summary>The search's own criterion, which may be one that no registry knows, or that of a run of another search.</summary>
    private Criterion CriterionOf(PruneSpecification how) =>
        how.Criterion == Criterion.Name ? Criterion : Criterion.Get(how.Criterion);

    private static PruneOutcome Unpruned(Mask mask) => new(mask, PruningMetrics.None);

    /// <summary>The weights that a run starts from: those of the dense run at the step rewound to, put through the actions.</summary>
    private Weights Rewind(RunSpecification run, Mask mask, int threads, CancellationToken cancellationToken)
    {
        if (StartingWeights.FollowFromSeed(run)) return StartingWeights.Of(run, mask);
        RunResult? before = StartingWeights.DependOn(run) is { } trained ? Complete(trained, threads, cancellationToken) : null;
        return StartingWeights.Of(
            run, mask, DenseWeights(run, threads, cancellationToken), before is null ? null : new(before.Mask, before.Initial, before.Final));
    }

    /// <summary>w_i: the weights of the dense run at its start, or at the step rewound to.</summary>
    private Weights DenseWeights(RunSpecification run, int threads, CancellationToken cancellationToken)
    {
        Weights start = run.Transfer == TransferredWeights.Ticket ? Transfer!.Search.Start.WeightsOf(run.Network, Transfer.Seed)
            : Start.WeightsOf(run.Network, run.Seed);
        return run.DenseRun is not { } dense || !StartingWeights.NeedDense(run) ? start
            : Runs.FindSnapshot(dense, run.FirstStep) ?? TrainTo(run.FirstStep, dense, start, threads, cancellationToken);
    }

    /// <summary>
    /// The weights of a dense run at a step, where it was finished without keeping them, or is no part of the search. They are kept, so
    /// that this is done once.
    /// </summary>
    private Weights TrainTo(int step, RunSpecification dense, Weights start, int threads, CancellationToken cancellationToken)
    {
        using ISnapshotSession session = Runs.BeginSnapshot(dense, step, cancellationToken);
        if (session.Finished is { } known) return known;
        var task = new TrainingTask
        {
            Mask = Mask.Full(dense.Network), Start = start, Training = dense.Training, Data = Data, Seed = dense.Seed,
        };
        using var trainer = new Trainer(task, Device, threads);
        Weights weights = trainer.WeightsAt(step, session, cancellationToken);
        session.Finish(weights);
        return weights;
    }

    /// <summary>False where every run goes on from final weights, so that those of the dense run at the step rewound to are not needed.</summary>
    internal bool NeedsDenseStep => !Mask1.Continues || !Mask0.IsZero || Controls.Any(one => one.Control == Control.Rewind);

    /// <summary>Where the dense run keeps its weights as it passes; nothing for other runs.</summary>
    private SnapshotRequest? SnapshotsOf(RunSpecification run)
    {
        if (run is not { IsDense: true, Control: Control.None, IsPretrained: false }) return null;
        ImmutableArray<int> steps = [.. Snapshots.Append(NeedsDenseStep ? Pruning.RewindTo : 0).Where(step => step > 0)];
        return steps.IsEmpty ? null : new(steps, (step, weights) =>
        {
            if (Runs.FindSnapshot(run, step) is null) Runs.KeepSnapshot(run, step, weights());
        });
    }

    private Action<int, Evaluation?>? ProgressOf(RunSpecification run) =>
        Progress is null ? null : (step, latest) => Progress.Report(new(run, step, latest));
}
