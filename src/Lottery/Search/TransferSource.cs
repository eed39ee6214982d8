using Lottery.Specifications;

namespace Lottery.Search;

/// <summary>The tickets of another search, whose masks a search trains.</summary>
/// <param name="Search">The search that finds the tickets.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Level">The one level whose mask is taken; null for those of all levels.</param>
/// <param name="Weights">The initial weights that the masks are trained with.</param>
internal sealed record TransferSource(TicketSearch Search, ulong Seed, int? Level, TransferredWeights Weights)
{
    /// <summary>The tickets' runs, by level.</summary>
    public IEnumerable<RunSpecification> Tickets => Search.Plan(Seed).Where(run =>
        run is { Level: > 0, Control: Control.None } && (Level is null || run.Level == Level));

    /// <summary>Checks that a search can train the masks.</summary>
    /// <exception cref="UserException">It cannot.</exception>
    public void Require(TicketSearch search)
    {
        if (Search.Network.Description != search.Network.Description)
            throw new UserException($"The masks are of {Search.Network.Name}, and the network is {search.Network.Name}; take masks of a search of the same network.");
        if (search.Start.Specification is not null)
            throw new UserException("The masks are taken from the tickets of another search, and the search begins with a mask or weights of its own; leave one out.");
        if (search.Mask0.NeedsFinal)
            throw new UserException($"The mask-0 action {search.Mask0.Name} depends on how training moved a weight before it was pruned, "
                + "which the mask of another search does not record; use zero or initial.");
        if (search.Mask1.NeedsFinal)
            throw new UserException($"The mask-1 action {search.Mask1.Name} uses the weights at which the level before ended, "
                + "which the mask of another search does not record; use rewind.");
        if (Weights == TransferredWeights.Ticket && search.Pruning.RewindTo > 0)
            throw new UserException($"The weights of a ticket are its initial ones, and those of step {search.Pruning.RewindTo} are asked for; rewind to 0, or keep the seed's own weights.");
    }
}
