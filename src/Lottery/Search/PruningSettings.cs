using Lottery.Specifications;

namespace Lottery.Search;

/// <summary>How deep a search goes, and how fast.</summary>
public sealed record PruningSettings
{
    /// <summary>Prunings; one training more than that, since level 0 is dense.</summary>
    public int Levels { get; init; }

    /// <summary>The share of a convolution's kept weights that a level removes, in [0, 1).</summary>
    public decimal Conv { get; init; } = 0.10m;

    /// <summary>The share of a fully connected layer's kept weights that a level removes, in [0, 1).</summary>
    public decimal Fc { get; init; } = 0.20m;

    /// <summary>The share of the output layer's kept weights that a level removes, in [0, 1).</summary>
    public decimal Output { get; init; } = 0.10m;

    /// <summary>
    /// A fixed threshold instead of rates: weights with a score of at least that stay, by layer; null for rates.
    /// </summary>
    public double? Threshold { get; init; }

    /// <summary>Where scores compete.</summary>
    public PruneScope Scope { get; init; } = PruneScope.Layer;

    /// <summary>What a level is cut from.</summary>
    public PruneSchedule Schedule { get; init; } = PruneSchedule.Iterative;

    /// <summary>The step of the dense run to rewind to; 0 is the start.</summary>
    public int RewindTo { get; init; }

    /// <summary>
    /// Supermasks at initialization (Zhou et al. 2019, section 5): levels are cut one-shot from the trained dense network
    /// and evaluated on the weights that the mask-1 action gives, without any training. A given mask is evaluated so itself.
    /// </summary>
    public bool Untrained { get; init; }
}
