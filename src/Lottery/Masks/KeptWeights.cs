using Lottery.Networks;

namespace Lottery.Masks;

/// <summary>What a criterion may look at: the kept weights of one prunable parameter at the end of a level.</summary>
public readonly ref struct KeptWeights
{
    /// <summary>The network, with the distribution that its initial weights come from.</summary>
    public required Network Network { get; init; }

    /// <summary>The parameter.</summary>
    public required Parameter Parameter { get; init; }

    /// <summary>w_i: what the level started from; <c>[kept]</c>.</summary>
    public required ReadOnlySpan<float> Initial { get; init; }

    /// <summary>w_f: where it ended; <c>[kept]</c>.</summary>
    public required ReadOnlySpan<float> Final { get; init; }
}
