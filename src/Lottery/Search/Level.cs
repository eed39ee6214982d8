using System.Collections.Immutable;

namespace Lottery.Search;

/// <summary>One level of a search: the ticket and its controls.</summary>
/// <param name="Ticket">The run of the ticket (of the dense network at level 0).</param>
/// <param name="Controls">The runs it is compared with.</param>
public sealed record Level(RunResult Ticket, ImmutableArray<RunResult> Controls)
{
    /// <summary>0 is dense.</summary>
    public int Number => Ticket.Specification.Level;

    /// <summary>Kept ÷ all prunable weights, 0–1.</summary>
    public double Density => Ticket.Mask.Density;

    /// <summary>Test accuracy at the early-stopping step, 0–1.</summary>
    public double Accuracy => Ticket.Accuracy;

    /// <summary>The early-stopping step.</summary>
    public int EarlyStop => Ticket.EarlyStopStep;
}
