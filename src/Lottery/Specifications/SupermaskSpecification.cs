namespace Lottery.Specifications;

/// <summary>
/// A mask that is learned on weights that never move (Zhou et al. 2019, section 5.2), in place of training the weights.
/// </summary>
public sealed record SupermaskSpecification
{
    /// <summary>The weights that the mask is put on.</summary>
    public SupermaskWeights Weights { get; init; }

    /// <summary>
    /// Dynamic weight rescaling: a layer's masked weights are multiplied by its weights ÷ the ones in the sampled mask, and
    /// the gradient goes through that factor.
    /// </summary>
    public bool Rescale { get; init; }
}

/// <summary>The weights that a supermask is put on.</summary>
public enum SupermaskWeights
{
    /// <summary>Those that the seed draws.</summary>
    Initial,

    /// <summary>Their signs × one constant a layer, the standard deviation of its initial weights.</summary>
    SignedConstant,
}
