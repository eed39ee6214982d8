using Lottery.Tickets;

namespace Lottery.Studies.Tickets;

/// <summary>How a run is put into a ticket.</summary>
internal sealed record PackRequest
{
    /// <summary>What the ticket's weights come from.</summary>
    public TicketKind Kind { get; init; }

    /// <summary>How the values of a trained ticket are rounded.</summary>
    public ValueFormat Format { get; init; }

    /// <summary>True for the weights after the last step instead of those at the early-stopping step.</summary>
    public bool Final { get; init; }
}
