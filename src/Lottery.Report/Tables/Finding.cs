using Lottery.Specifications;
using Lottery.Statistics;

namespace Lottery.Tables;

/// <summary>What a search found, in a sentence that states its uncertainty and claims no more than was shown.</summary>
public static class Finding
{
    /// <summary>How sure "as good as" is, in the sentence's brackets.</summary>
    private static readonly string Terms = $"(within {Figures.Percent(NonInferiority.Margin)} points, 95 %, Holm)";

    /// <summary>The sentence on <paramref name="table"/>.</summary>
    public static string Of(CellTable table)
    {
        Row[] pruned = [.. table.Rows.Where(row => row.Level > 0)];
        if (pruned.Length == 0) return $"Nothing was pruned; {Right(table.Rows[0].Ticket, "the dense network")}.";
        Row[] tested = [.. pruned.Where(row => row.AgainstDense is { Estimate.Count: >= 2 })];
        if (tested.Length == 0) return OneReplicate(table, pruned[^1]);
        Row? deepest = tested.LastOrDefault(row => row.AsGood!.Holds);
        return deepest is null ? NoneAsGood(tested) : AsGoodDownTo(deepest, tested);
    }

    private static string AsGoodDownTo(Row deepest, Row[] tested)
    {
        Row[] unsure = [.. tested.Where(row => row.Level < deepest.Level && !row.AsGood!.Holds)];
        string except = unsure.Length == 0 ? "" : $", though this is not shown at {Densities(unsure)}";
        return $"Down to {Figures.Density(deepest.Density)} of the weights the tickets are as good as the dense network "
            + $"{Terms}{except}; {AgainstControl(deepest)}.";
    }

    private static string NoneAsGood(Row[] tested)
    {
        Row nearest = tested.MaxBy(row => row.AsGood!.Low)!;
        string where = tested.Length == 1 ? $"At {Figures.Density(nearest.Density)} of the weights the tickets are not shown"
            : $"At none of the {tested.Length} densities are the tickets shown";
        return $"{where} to be as good as the dense network {Terms}: {(tested.Length == 1 ? "" : "nearest ")}"
            + $"at {Figures.Density(nearest.Density)} they differ by {Figures.Signed(nearest.AgainstDense!.Estimate.Mean)} points, "
            + $"which may be as low as {Figures.Signed(nearest.AsGood!.Low)}; {AgainstControl(nearest)}.";
    }

    private static string AgainstControl(Row row)
    {
        string where = $"at {Figures.Density(row.Density)}";
        if (row.Ticket.Difference is not { Estimate: { Count: >= 2 } estimate } difference)
            return "no control was run to compare them with";
        string control = row.Ticket.Against == Control.Reinit ? "their own weights redrawn" : "random masks of their size";
        if (difference.IsPositive) return $"{where} they beat {control} by {Figures.Points(estimate)}";
        if (difference.IsNegative) return $"{where} they lose to {control} by {Figures.Points(Reversed(estimate))}";
        return $"{where} they cannot be told apart from {control} ({Figures.Difference(estimate)} points)";
    }

    private static string OneReplicate(CellTable table, Row row) =>
        $"One replicate, so nothing is claimed over seeds: at {Figures.Density(row.Density)} of the weights "
        + string.Join(", ", Compared(table, row)) + $" (Wilson's 95 % over {Figures.Count(table.TestPictures)} test pictures).";

    private static IEnumerable<string> Compared(CellTable table, Row row)
    {
        yield return Right(row.Ticket, "the ticket");
        foreach (Cell control in row.Controls.Take(1))
            yield return Right(control, control.Control == Control.Reinit ? "its weights redrawn" : "a random mask");
        if (table.Rows[0] is { Level: 0 } dense) yield return Right(dense.Ticket, "the dense network");
    }

    private static string Right(Cell cell, string who) => $"{who} gets {Figures.Accuracy(cell.Accuracy)} % right";

    private static string Densities(Row[] rows) => string.Join(", ", rows.Select(row => Figures.Density(row.Density)));

    private static Estimate Reversed(Estimate estimate) =>
        estimate with { Mean = -estimate.Mean, Low = -estimate.High, High = -estimate.Low };
}
