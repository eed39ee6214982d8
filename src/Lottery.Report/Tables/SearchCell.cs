using Lottery.Report.Statistics;
using Lottery.Specifications;

namespace Lottery.Report.Tables;

/// <summary>The replicates of one level: of the ticket, or of one of its controls.</summary>
/// <param name="Example">Any one of the replicates: what they have in common is read from it.</param>
/// <param name="Density">Kept ÷ all prunable weights, 0–1.</param>
/// <param name="Accuracy">Test accuracy at the early-stopping step, 0–1.</param>
/// <param name="EarlyStop">The early-stopping step.</param>
/// <param name="Against">The control that the ticket is compared with here: this cell's own, or the ticket's first.</param>
/// <param name="Difference">Accuracy of the ticket − that control's, paired by seed; null without one.</param>
public sealed record Cell(
    Outcome Example, double Density, Estimate Accuracy, Estimate EarlyStop, Control Against, PairedDifference? Difference)
{
    /// <summary>The ticket itself, or the control.</summary>
    public Control Control => Example.Control;
}

/// <summary>One level of a table.</summary>
/// <param name="Ticket">The tickets (the dense networks at level 0).</param>
/// <param name="Controls">The controls, in the order of <see cref="Control"/>.</param>
/// <param name="AgainstDense">Accuracy of the ticket − the dense network's, paired by seed; null at level 0.</param>
/// <param name="AsGood">Whether the tickets are as good as the dense network; null at level 0.</param>
public sealed record Row(
    Cell Ticket, IReadOnlyList<Cell> Controls, PairedDifference? AgainstDense, NonInferiority? AsGood)
{
    /// <summary>0 is dense.</summary>
    public int Level => Ticket.Example.Level;

    /// <summary>Kept ÷ all prunable weights, 0–1.</summary>
    public double Density => Ticket.Density;

    /// <summary>The ticket and its controls.</summary>
    public IEnumerable<Cell> Cells => [Ticket, .. Controls];

    /// <summary>The cell of <paramref name="control"/>, or null where it was not run.</summary>
    public Cell? this[Control control] => Cells.FirstOrDefault(cell => cell.Control == control);
}
