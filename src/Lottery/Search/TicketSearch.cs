using System.Collections.Immutable;
using Lottery.Data;
using Lottery.Masks;
using Lottery.Networks;
using Lottery.Specifications;

namespace Lottery.Search;

/// <summary>Iterative magnitude pruning with rewinding (Frankle &amp; Carbin 2019, section 1).</summary>
public sealed class TicketSearch(Network network, SplitDataset data)
{
    /// <summary>The network.</summary>
    public Network Network { get; } = network;

    /// <summary>The examples.</summary>
    public SplitDataset Data { get; } = data;

    /// <summary>The score by which weights are kept.</summary>
    public Criterion Criterion { get; init; } = Criterion.LargeFinal;

    /// <summary>Levels, rates, scope and schedule.</summary>
    public required PruningSettings Pruning { get; init; }

    /// <summary>How each level is trained.</summary>
    public required TrainingSpecification Training { get; init; }

    /// <summary>What each ticket is compared with.</summary>
    public ImmutableArray<Control> Controls { get; init; } = [];

    /// <summary>Where runs are kept; in memory by default.</summary>
    public required IRunKeeper Runs { get; init; }

    /// <summary>Told at least once a second while a run trains, from the training thread.</summary>
    public Action<RunProgress>? Progress { get; init; }

    /// <summary>The runs of one replicate: each after its parent, controls after their ticket.</summary>
    public ImmutableArray<RunSpecification> Plan(ulong seed) => throw new NotImplementedException();

    /// <summary>Completes one run, and before it the runs that it comes from. Safe to call from several threads.</summary>
    public RunResult Complete(RunSpecification run, CancellationToken cancellation = default) => throw new NotImplementedException();

    /// <summary>Level after level, from dense to the sparsest.</summary>
    public IEnumerable<Level> Run(ulong seed, CancellationToken cancellation = default) => throw new NotImplementedException();
}
