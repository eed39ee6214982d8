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

    /// <summary>The seed of every random number of the run.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The training.</summary>
    public required TrainingSpecification Training { get; init; }

    /// <summary>
    /// The mask and weights that the search began with, the same for all of its runs; null where it began dense with the
    /// seed's weights.
    /// </summary>
    public StartSpecification? Start { get; init; }

    /// <summary>0 is dense, or has the initial mask.</summary>
    public int Level { get; init; }

    /// <summary>How the mask is computed; null at level 0.</summary>
    public PruneSpecification? Prune { get; init; }

    /// <summary>What kept and pruned weights become at the first step; null for a dense run and for a learned supermask.</summary>
    public ActionSpecification? Actions { get; init; }

    /// <summary>Whether it is a ticket or a control.</summary>
    public Control Control { get; init; }

    /// <summary>Which draw of its control it is: controls of one ticket differ in it alone. 0 is the first; 0 for a ticket.</summary>
    public int Draw { get; init; }

    /// <summary>
    /// The run that this one's mask comes from: the level before; the dense run for a one-shot level; the ticket of the
    /// same level for a control, and for a mask that is taken from another search; null for the ticket of level 0.
    /// </summary>
    public RunSpecification? Parent { get; init; }

    /// <summary>
    /// Where the mask is that of another search's ticket, the initial weights that it is trained with; null where it was pruned
    /// here. Its controls have the same value.
    /// </summary>
    public TransferredWeights? Transfer { get; init; }

    /// <summary>How a mask is learned on frozen weights; null for every other run. Level 0 only.</summary>
    public SupermaskSpecification? Supermask { get; init; }

    /// <summary>The run at the root: dense, or with the initial mask.</summary>
    public RunSpecification Root => Parent?.Root ?? this;

    /// <summary>True for a level 0 that begins with all weights, learned supermasks included.</summary>
    public bool IsDense => Level == 0 && Start?.Mask is null;

    /// <summary>True for a level 0 whose final weights are pretrained: it has no steps.</summary>
    public bool IsPretrained => Parent is null && Start?.Pretrained is not null;

    /// <summary>The seed that selects the validation examples: the run's, unless one is stated for all runs.</summary>
    public ulong SplitSeed => Data.SplitSeed ?? Seed;

    /// <summary>The seed of the order of the examples and of their augmentation: the run's, unless one is stated for all runs.</summary>
    public ulong OrderSeed => Training.OrderSeed ?? Seed;

    /// <summary>The step of the dense training that weights are rewound to: where this run's training begins.</summary>
    public int FirstStep => Actions?.RewindTo ?? 0;

    /// <summary>The dense run whose weights at <see cref="FirstStep"/> this run begins with; null where it begins at the start.</summary>
    internal RunSpecification? DenseRun => FirstStep == 0 ? null : new()
    {
        Network = Network, Data = Data, Seed = Seed, Training = Training, Start = Start?.Initial is { } initial ? new(Initial: initial) : null,
    };

    /// <summary>True for a run whose mask a score has pruned, and for controls of such a run.</summary>
    [MemberNotNullWhen(true, nameof(Prune), nameof(Parent), nameof(Actions))]
    public bool IsPruned => Level > 0;
}

/// <summary>
/// The mask and weights that a search began with, identified by their values, in SHA-256 as lower-case hexadecimal.
/// </summary>
/// <param name="Mask">The initial mask (see <c>Mask.Sha256</c>); null for a dense network.</param>
/// <param name="Initial">
/// The initial weights (see <c>Weights.Sha256</c>); null for those of each seed, or where only pretrained ones are known.
/// </param>
/// <param name="Pretrained">The pretrained weights that level 0 ends at; null where level 0 is trained here.</param>
public sealed record StartSpecification(string? Mask = null, string? Initial = null, string? Pretrained = null);

/// <summary>What a run's weights become before its first step.</summary>
/// <param name="Mask1">The mask-1 action: what kept weights become.</param>
/// <param name="Mask0">The mask-0 action: what pruned weights become.</param>
/// <param name="RewindTo">The step of the dense training whose weights the actions are applied to; 0 is the start.</param>
public sealed record ActionSpecification(string Mask1, string Mask0, int RewindTo);

/// <summary>A control, and how many of it each ticket is compared with.</summary>
/// <param name="Control">The control.</param>
/// <param name="Draws">Draws from the same distribution, 1 or more; tables average them before they compare seeds.</param>
public readonly record struct ControlDraws(Control Control, int Draws = 1)
{
    /// <summary>One draw of a control.</summary>
    public static implicit operator ControlDraws(Control control) => new(control);
}

/// <summary>The initial weights with which the mask of another search's ticket is trained.</summary>
public enum TransferredWeights
{
    /// <summary>Those of the run's own seed.</summary>
    Own,

    /// <summary>Those of the search that the mask comes from.</summary>
    Ticket,
}

/// <summary>What a ticket is compared with. A control is a leaf: no level is pruned from it.</summary>
public enum Control
{
    /// <summary>The ticket itself.</summary>
    None,

    /// <summary>The ticket's mask, fresh weights.</summary>
    Reinit,

    /// <summary>The ticket's count in each layer at random positions, the original weights.</summary>
    RandomMask,

    /// <summary>
    /// The ticket's mask, the original weights (of the dense run at the start, or at the step rewound to), whatever the mask-1
    /// action: of masks found by continued training, what Frankle &amp; Carbin 2019 (appendix B) train.
    /// </summary>
    Rewind,
}
