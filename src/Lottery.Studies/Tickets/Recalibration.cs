using Lottery.Data;
using Lottery.Networks;
using Lottery.Tickets;
using Lottery.Training;

namespace Lottery.Studies.Tickets;

/// <summary>Estimates the statistics of a masked network's batch normalizations anew: those of the unmasked network no longer fit.</summary>
internal static class Recalibration
{
    /// <summary>The ticket with the statistics of training batches.</summary>
    /// <exception cref="UserException">Its network has no batch normalization, or the data do not fit it.</exception>
    public static Ticket Of(Ticket ticket, Dataset data, int batches) =>
        Ticket.FromTrained(ticket.Mask, Of(ticket.Mask, ticket.Weights, data.Train with { Scale = ticket.Scale }, batches)) with { Scale = ticket.Scale, Classes = ticket.Classes };

    /// <summary>The weights with the statistics of training batches.</summary>
    /// <inheritdoc cref="Of(Ticket, Dataset, int)" path="/exception"/>
    public static Weights Of(Mask mask, Weights weights, Examples train, int batches)
    {
        if (!BatchStatistics.AreIn(mask.Network)) throw new UserException($"{mask.Network.Name} has no batch normalization; leave --recalibrate out.");
        return train.Features == mask.Network.Inputs
            ? BatchStatistics.Estimate(mask, weights, train, batches)
            : throw new UserException($"The network takes {mask.Network.Inputs} values, but an example has {train.Features}; name other data.");
    }
}
