using Lottery.Networks;
using Lottery.Search;
using Lottery.Tickets;

namespace Lottery.Studies.Store;

/// <summary>What a search begins with, besides its seed.</summary>
/// <param name="Mask">The mask of its first training; null to begin dense.</param>
/// <param name="Weights">The weights of its first training; null for those that each seed draws.</param>
public sealed record SearchStart(Mask? Mask, SuppliedWeights? Weights)
{
    /// <summary>Dense, with the weights that each seed draws.</summary>
    public static SearchStart Usual { get; } = new(null, null);

    /// <summary>A ticket's mask and weights, to go on from.</summary>
    /// <remarks>
    /// Of a recipe that rewinds, the weights are all that its seed draws, of which the ticket has those that its mask keeps: a
    /// random mask then finds weights at other places too.
    /// </remarks>
    /// <param name="path">Where it was read from.</param>
    /// <param name="ticket">The ticket.</param>
    /// <param name="saysMask0">Whether somebody said what pruned weights shall become.</param>
    /// <param name="saysScale">Whether somebody said how bytes shall become values.</param>
    /// <exception cref="UserException">Something has to be said, or the ticket would not be gone on from as it is.</exception>
    public static SearchStart Of(string path, Ticket ticket, bool saysMask0, bool saysScale)
    {
        if (!saysMask0 && HoldsPruned(ticket))
            throw new UserException($"{path} holds pruned weights at other values than 0: say by mask0 whether they stay there (initial) or go (zero).");
        if (!saysScale && !ticket.Scale.Numbers.SequenceEqual(PixelScale.Unit.Numbers))
            throw new UserException($"{path} was made for images that are not divided by 255: say by scale how they are (mean-std, or unit all the same).");
        return new(ticket.Mask, SuppliedWeights.StartingAt(
            ticket.Recipe is { Fresh: false, Rescale: false, Mask1: "rewind" } recipe
                ? InitialWeights.Draw(ticket.Network, recipe.Seed) : ticket.Weights));
    }

    private static bool HoldsPruned(Ticket ticket)
    {
        for (int p = 0; p < ticket.Network.Parameters.Length; p++)
            for (int i = 0; ticket.Mask[p] is { } kept && i < kept.Length; i++)
                if (!kept[i] && ticket.Weights[p][i] != 0) return true;
        return false;
    }
}

/// <summary>What a search shall begin with, as people call it; null for what is not given.</summary>
/// <param name="Mask">A safetensors file, or the beginning of a run's id.</param>
/// <param name="Initial">A safetensors file with initial weights.</param>
/// <param name="Final">A safetensors file with weights that were trained elsewhere.</param>
public sealed record StartNames(string? Mask = null, string? Initial = null, string? Final = null);

/// <summary>What searches begin with, each file read once.</summary>
/// <param name="store">Where the runs are whose masks may be named.</param>
public sealed class SearchStarts(RunStore store)
{
    private readonly GivenMasks _masks = new(store);
    private readonly Dictionary<(StartNames, string), SearchStart> _read = [];

    /// <summary>The start that <paramref name="names"/> stand for.</summary>
    /// <param name="names">What is given.</param>
    /// <param name="network">The network that it must belong to.</param>
    /// <exception cref="UserException">A file is missing, or is none of the network.</exception>
    public SearchStart Find(StartNames names, Network network)
    {
        if (_read.TryGetValue((names, network.Description), out SearchStart? known)) return known;
        Mask? mask = names.Mask is { } named ? _masks.Find(named, network) : null;
        return _read[(names, network.Description)] = new(mask, WeightsOf(names, network));
    }

    private static SuppliedWeights? WeightsOf(StartNames names, Network network)
    {
        Weights? initial = names.Initial is { } start ? WeightsFile.Read(start, network) : null;
        return names.Final is { } end ? SuppliedWeights.Trained(WeightsFile.Read(end, network), initial)
            : initial is null ? null : SuppliedWeights.StartingAt(initial);
    }
}
