using Lottery.Actions;
using Lottery.Networks;
using Lottery.Specifications;
using Lottery.Tickets;

namespace Lottery.Search;

/// <summary>The mask and weights that a search begins with, the same for every seed, besides what each seed gives.</summary>
public sealed class StartingPoint
{
    /// <summary>A starting point of any mask and weights.</summary>
    /// <param name="mask">The initial mask, which level 0 trains; null for a dense level 0.</param>
    /// <param name="initial">w_i, in full shape; null for the weights of each seed, or where only pretrained ones are known.</param>
    /// <param name="pretrained">The weights of an already trained network: level 0 is tested and pruned, not trained; null to train it.</param>
    /// <exception cref="UserException">The weights belong to different networks.</exception>
    public StartingPoint(Mask? mask = null, Weights? initial = null, Weights? pretrained = null)
    {
        if (initial is not null && pretrained is not null && initial.Network.Description != pretrained.Network.Description)
            throw new UserException($"The initial weights belong to {initial.Network.Name} and the pretrained ones to {pretrained.Network.Name}; use weights of one network.");
        (Mask, Initial, Pretrained) = (mask, initial, pretrained);
        if ((mask, initial, pretrained) is not (null, null, null)) Specification = new(mask?.Sha256, initial?.Sha256, pretrained?.Sha256);
    }

    /// <summary>A dense network with the initial weights of each seed.</summary>
    public static StartingPoint Seed { get; } = new();

    /// <summary>The initial mask; null for a dense level 0.</summary>
    public Mask? Mask { get; }

    /// <summary>The initial weights; null for those of each seed, or where only pretrained ones are known.</summary>
    public Weights? Initial { get; }

    /// <summary>The weights that level 0 ends at without training; null where it is trained.</summary>
    public Weights? Pretrained { get; }

    /// <summary>What identifies it in a run; null for <see cref="Seed"/>.</summary>
    public StartSpecification? Specification { get; }

    /// <summary>True where levels can only begin with trained weights, the pretrained ones or those of the level before, since no initial ones are known.</summary>
    public bool IsFineTuning => Pretrained is not null && Initial is null;

    /// <summary>A ticket's mask and weights, to continue from.</summary>
    /// <remarks>
    /// Of a recipe that rewinds, the weights are all that its seed gives, of which the ticket has those that its mask keeps: a
    /// random mask then finds weights at other positions too.
    /// </remarks>
    public static StartingPoint FromTicket(Ticket ticket) => new(ticket.Mask,
        ticket.Recipe is { Fresh: false, Rescale: false, Mask1: "rewind" } recipe
            ? InitialWeights.Sample(ticket.Network, recipe.Seed) : ticket.Weights);

    /// <summary>
    /// What kept weights are rewound to, a copy: the initial weights; of fine-tuning the pretrained ones; else those of the seed.
    /// </summary>
    internal Weights WeightsOf(Network network, ulong seed) =>
        (Initial ?? Pretrained)?.Clone() ?? InitialWeights.Sample(network, seed);

    /// <summary>Checks that a search can begin here.</summary>
    /// <exception cref="UserException">It cannot.</exception>
    internal void Require(TicketSearch search)
    {
        if ((Initial ?? Pretrained) is { } weights) RequireWeights(search, weights);
        if (Mask is null) return;
        if (Mask.Network.Description != search.Network.Description)
            throw new UserException($"The initial mask belongs to {Mask.Network.Name}, and the network is {search.Network.Name}; use a mask of this network.");
        if (search.Mask0.NeedsFinal)
            throw new UserException($"The mask-0 action {search.Mask0.Name} depends on how training moved a weight before it was pruned, "
                + "which an initial mask does not record; use zero or initial.");
        if (search.Mask1.NeedsFinal && !(Pretrained is not null && search.Mask1 == Mask1.Keep && search.Pruning.RewindTo == 0))
            throw new UserException($"The mask-1 action {search.Mask1.Name} uses the weights at which the level before ended, "
                + "and none comes before an initial mask; use rewind.");
        if (search.Pruning is { Untrained: true, Levels: > 0 })
            throw new UserException("An initial mask is evaluated untrained by itself, and nothing can be pruned from what was not "
                + "trained; use 0 levels.");
    }

    /// <summary>Checks that pretrained weights are frozen where the mask prunes.</summary>
    /// <exception cref="UserException">They are not.</exception>
    internal void RequireFrozen(Mask mask, Weights start)
    {
        // By their bits: the store keeps a frozen weight once.
        if (!mask.IsEqualWherePruned(Pretrained!, start))
            throw new UserException("The pretrained weights do not fit the mask: a pruned weight has another value than the one it is frozen at; "
                + "multiply them by the mask, or use the mask-0 action initial if they were frozen at their initial values.");
    }

    private void RequireWeights(TicketSearch search, Weights weights)
    {
        if (weights.Network.Description != search.Network.Description)
            throw new UserException($"The weights belong to {weights.Network.Name}, and the network is {search.Network.Name}; use weights of this network.");
        RequireRewinding(search);
        if (Initial is null) RequireNoInitial(search);
        if (Mask is not null && search.Controls.Any(one => one.Control == Control.RandomMask) && Mask.IsZeroWherePruned(weights))
            throw new UserException("The weights that the search begins with are 0 wherever its mask prunes, so that a random mask "
                + "would keep zeros; leave the control random-mask out.");
    }

    private void RequireRewinding(TicketSearch search)
    {
        if (search.Pruning.RewindTo == 0 || !search.NeedsDenseStep) return;
        if (Pretrained is not null)
            throw new UserException($"Level 0 is pretrained, so that its weights at step {search.Pruning.RewindTo} are not known; rewind to 0.");
        if (Mask is not null)
            throw new UserException($"The search begins with a mask and weights, for which there is no dense training with a step {search.Pruning.RewindTo}; rewind to 0.");
    }

    private static void RequireNoInitial(TicketSearch search)
    {
        const string Unknown = "the initial weights, which are not known";
        if (search.Criterion.NeedsInitial && search.Pruning.Levels > 0)
            throw new UserException($"The criterion {search.Criterion.Name} uses {Unknown}; add them, or use large-final.");
        if (search.Mask0.NeedsFinal)
            throw new UserException($"The mask-0 action {search.Mask0.Name} uses {Unknown}; add them, or use zero or initial.");
        if (search.Mask1 != Mask1.Rewind && search.Mask1 != Mask1.Reinit && search.Mask1 != Mask1.Keep)
            throw new UserException($"The mask-1 action {search.Mask1.Name} uses {Unknown}; add them, or use keep "
                + "(kept weights go on from where the level before ended), rewind (from the pretrained ones) or reinit.");
    }
}
