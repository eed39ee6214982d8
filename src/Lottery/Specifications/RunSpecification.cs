using System.Diagnostics.CodeAnalysis;
using Lottery.Networks;

namespace Lottery.Specifications;

/// <summary>
/// Everything that decides the result of one training, and nothing else: not the study, the number of levels, the
/// replicate's number, the jobs, or a path. Equal specifications are one run.
/// </summary>
public sealed record RunSpecification
{
    /// <summary>The network.</summary>
    public required Network Network { get; init; }

    /// <summary>The examples.</summary>
    public required DataSpecification Data { get; init; }

    /// <summary>The seed that every random number of the run comes from.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The training.</summary>
    public required TrainingSpecification Training { get; init; }

    /// <summary>The mask that the search began with, the same for all of its runs; null where it began dense.</summary>
    public GivenMask? Given { get; init; }

    /// <summary>The weights that the search began with, the same for all of its runs; null for those of the seed.</summary>
    public GivenWeights? Weights { get; init; }

    /// <summary>0 is dense, or has the given mask.</summary>
    public int Level { get; init; }

    /// <summary>How the mask is made; null at level 0.</summary>
    public PruneSpecification? Prune { get; init; }

    /// <summary>What kind of run it is.</summary>
    public Control Control { get; init; }

    /// <summary>
    /// The run that this one's mask comes from: the level before; the dense run for a one-shot level; the ticket of the
    /// same level for a control; null for the ticket of level 0.
    /// </summary>
    public RunSpecification? Parent { get; init; }

    /// <summary>The run at the root: dense, or with the given mask.</summary>
    public RunSpecification Root => Parent?.Root ?? this;

    /// <summary>True for a level 0 that was trained elsewhere: its final weights are given, and it has no steps.</summary>
    public bool IsTrainedElsewhere => Parent is null && Weights?.Final is not null;

    /// <summary>What its weights are made by; null for a dense run, which has those given or those of the seed.</summary>
    public StartSpecification? Start => Prune is { } prune ? new(prune.Mask1, prune.Mask0, prune.RewindTo) : Given?.Start;

    /// <summary>How a mask is learned in place of weights, which all stay frozen then; null for every other run. Level 0 alone.</summary>
    public SupermaskSpecification? Supermask { get; init; }

    /// <summary>True for a run whose mask a score has cut, and for controls of such a run.</summary>
    [MemberNotNullWhen(true, nameof(Prune), nameof(Parent))]
    public bool IsPruned => Level > 0;
}
