namespace Lottery.Specifications;

/// <summary>How a level's mask is computed from its parent's trained weights.</summary>
public sealed record PruneSpecification
{
    /// <summary>The criterion's name, or its expression as written.</summary>
    public required string Criterion { get; init; }

    /// <summary>The fraction of the kept weights that a level removes, by layer kind; unused where there is a threshold.</summary>
    public required PruneRates Rates { get; init; }

    /// <summary>The smallest score that is kept, however many weights that prunes; null where rates give the number.</summary>
    public double? Threshold { get; init; }

    /// <summary>Whether scores are compared within a layer or within the network.</summary>
    public PruneScope Scope { get; init; } = PruneScope.Layer;

    /// <summary>Whether a level is pruned from the level before or directly from the dense network.</summary>
    public PruneSchedule Schedule { get; init; } = PruneSchedule.Iterative;
}

/// <summary>The fraction of a layer's kept weights that one level removes: exact decimals in [0, 1).</summary>
/// <param name="Conv">Convolutions.</param>
/// <param name="Fc">Fully connected layers.</param>
/// <param name="Output">The output layer.</param>
public sealed record PruneRates(decimal Conv, decimal Fc, decimal Output)
{
    /// <summary>No weight is removed.</summary>
    public static PruneRates None { get; } = new(0m, 0m, 0m);
}

/// <summary>Where scores are compared.</summary>
public enum PruneScope
{
    /// <summary>Each layer loses its own fraction.</summary>
    Layer,

    /// <summary>All layers are compared; the rate of a network is that of its <c>fc</c> layers (<c>conv</c> where it has convolutions).</summary>
    Network,
}

/// <summary>What a level is pruned from.</summary>
public enum PruneSchedule
{
    /// <summary>The trained network of the level before.</summary>
    Iterative,

    /// <summary>The trained dense network, to the count that the iterative schedule has at this level.</summary>
    OneShot,
}

/// <summary>How a mask is learned on frozen weights instead of training the weights (Zhou et al. 2019, section 5.2).</summary>
public sealed record SupermaskSpecification
{
    /// <summary>The frozen weights.</summary>
    public SupermaskWeights Weights { get; init; }

    /// <summary>
    /// Dynamic weight rescaling: a layer's masked weights are multiplied by its number of weights ÷ the ones in the sampled
    /// mask, and the gradient passes through that factor.
    /// </summary>
    public bool Rescale { get; init; }
}

/// <summary>The frozen weights of a learned supermask.</summary>
public enum SupermaskWeights
{
    /// <summary>The initial weights that the seed gives.</summary>
    Initial,

    /// <summary>Their signs × one constant a layer, the standard deviation of its initial weights.</summary>
    SignedConstant,
}
