namespace Lottery.Specifications;

/// <summary>How a level's mask comes from the level before, and what its weights start from.</summary>
public sealed record PruneSpecification
{
    /// <summary>The criterion's name, or its expression as written.</summary>
    public required string Criterion { get; init; }

    /// <summary>The mask-1 action: what kept weights become before training.</summary>
    public required string Mask1 { get; init; }

    /// <summary>The mask-0 action: what pruned weights become.</summary>
    public required string Mask0 { get; init; }

    /// <summary>The share of the kept weights that a level removes, by layer kind; of no matter where there is a threshold.</summary>
    public required PruneRates Rates { get; init; }

    /// <summary>The smallest score that stays, whatever share of the weights that is; null where rates say how many go.</summary>
    public double? Threshold { get; init; }

    /// <summary>Whether scores compete within a layer or within the network.</summary>
    public PruneScope Scope { get; init; } = PruneScope.Layer;

    /// <summary>Whether a level is cut from the level before or straight from the dense network.</summary>
    public PruneSchedule Schedule { get; init; } = PruneSchedule.Iterative;

    /// <summary>The step of the dense run whose weights are rewound to; 0 is the start.</summary>
    public int RewindTo { get; init; }
}

/// <summary>The share of a layer's kept weights that one level removes: exact decimals in [0, 1).</summary>
public sealed record PruneRates(decimal Conv, decimal Fc, decimal Output)
{
    /// <summary>Nothing.</summary>
    public static PruneRates None { get; } = new(0m, 0m, 0m);
}

/// <summary>Where scores compete.</summary>
public enum PruneScope
{
    /// <summary>Each layer loses its own share.</summary>
    Layer,

    /// <summary>All layers compete; the rate of a network is that of its <c>fc</c> layers (<c>conv</c> where it has convolutions).</summary>
    Network,
}

/// <summary>What a level is cut from.</summary>
public enum PruneSchedule
{
    /// <summary>The trained network of the level before.</summary>
    Iterative,

    /// <summary>The trained dense network, to the count that the iterative schedule has at this level.</summary>
    OneShot,
}

/// <summary>What a ticket is compared with. A control is a leaf: no level is cut from it.</summary>
public enum Control
{
    /// <summary>The ticket itself.</summary>
    None,

    /// <summary>The ticket's mask, fresh weights.</summary>
    Reinit,

    /// <summary>The ticket's count in each layer at random places, the original weights.</summary>
    RandomMask,
}
