using Lottery.Actions;
using Lottery.Networks;
using Lottery.Specifications;

namespace Lottery.Search;

/// <summary>Weights that a search begins with in place of those that each seed draws: a ticket's, or of a network trained elsewhere.</summary>
public sealed record SuppliedWeights
{
    private readonly Weights _start;

    private SuppliedWeights(Weights? initial, Weights? final)
    {
        (Initial, Final, _start) = (initial, final, initial ?? final!);
        Specification = new(initial?.Sha256, final?.Sha256);
    }

    /// <summary>w_i, in full shape; null where nobody knows them.</summary>
    public Weights? Initial { get; }

    /// <summary>Where training elsewhere ended: level 0 is not trained; null where it is.</summary>
    public Weights? Final { get; }

    /// <summary>What runs are known by.</summary>
    public GivenWeights Specification { get; }

    /// <summary>A search that begins with <paramref name="initial"/> weights.</summary>
    public static SuppliedWeights StartingAt(Weights initial) => new(initial, null);

    /// <summary>A search whose level 0 was trained elsewhere.</summary>
    /// <param name="final">Where its training ended.</param>
    /// <param name="initial">Where it began; null where nobody knows.</param>
    /// <exception cref="UserException">They belong to different networks.</exception>
    public static SuppliedWeights Trained(Weights final, Weights? initial)
    {
        if (initial is not null && initial.Network.Description != final.Network.Description)
            throw new UserException($"The initial weights are of {initial.Network.Name} and the final ones of {final.Network.Name}: give both of one network.");
        return new(initial, final);
    }

    /// <summary>
    /// What kept weights are rewound to, a copy: the initial weights. Where nobody knows them the trained ones stand in, so
    /// that every level goes on from those (fine-tuning).
    /// </summary>
    internal Weights Start() => _start.Clone();

    /// <summary>Makes sure that a search can begin with them.</summary>
    /// <exception cref="UserException">It cannot.</exception>
    internal void RequireSense(TicketSearch search)
    {
        if (_start.Network.Description != search.Network.Description)
            throw new UserException($"The weights are of {_start.Network.Name}, and the network is {search.Network.Name}: give those of one network.");
        RequireRewinding(search);
        if (Initial is null) RequireNoInitial(search);
        if (search.Given is null) return;
        if (search.Controls.Contains(Control.RandomMask) && Prunes(search.Given, (p, i) => _start[p][i] == 0))
            throw new UserException("The weights that the search begins with are 0 wherever its mask prunes, so that a random mask "
                + "would keep zeros: leave the control random-mask out.");
    }

    /// <summary>Makes sure that what was trained elsewhere stayed where a mask froze it.</summary>
    /// <exception cref="UserException">It did not.</exception>
    internal void RequireFrozen(Mask mask, Weights start)
    {
        // By their bits: the store keeps a frozen weight once.
        if (!Prunes(mask, (p, i) => BitConverter.SingleToInt32Bits(Final![p][i]) == BitConverter.SingleToInt32Bits(start[p][i])))
            throw new UserException("The final weights are not those of the mask: a pruned one is not where it is frozen; "
                + "multiply them by the mask, or add --mask0 initial if they were frozen at their initial values.");
    }

    private void RequireRewinding(TicketSearch search)
    {
        if (search.Pruning.RewindTo == 0) return;
        if (Final is not null)
            throw new UserException($"Level 0 was trained elsewhere, so that nobody has its weights at step {search.Pruning.RewindTo}: rewind to 0.");
        if (search.Given is not null)
            throw new UserException($"The search begins with a mask and its weights, which no dense training has at step {search.Pruning.RewindTo}: rewind to 0.");
    }

    private static void RequireNoInitial(TicketSearch search)
    {
        const string Unknown = "the initial weights, which nobody gave";
        if (search.Criterion.NeedsInitial && search.Pruning.Levels > 0)
            throw new UserException($"The criterion {search.Criterion.Name} looks at {Unknown}: give them, or take large-final.");
        if (search.Mask0.NeedsFinal)
            throw new UserException($"The mask-0 action {search.Mask0.Name} looks at {Unknown}: give them, or take zero or initial.");
        if (search.Mask1 != Mask1.Rewind && search.Mask1 != Mask1.Reinit)
            throw new UserException($"The mask-1 action {search.Mask1.Name} looks at {Unknown}: give them, or take rewind "
                + "(kept weights go on from the trained ones) or reinit.");
    }

    /// <summary>True where <paramref name="holds"/> of every pruned weight, by its parameter and place.</summary>
    private static bool Prunes(Mask mask, Func<int, int, bool> holds)
    {
        for (int p = 0; p < mask.Network.Parameters.Length; p++)
            for (int i = 0; mask[p] is { } kept && i < kept.Length; i++)
                if (!kept[i] && !holds(p, i)) return false;
        return true;
    }
}
