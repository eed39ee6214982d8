using Lottery.Report.Statistics;
using Lottery.Specifications;

namespace Lottery.Report.Tables;

/// <summary>What a search found, in a sentence that states its uncertainty and claims no more than was shown.</summary>
public static class SearchFinding
{
    /// <summary>How sure "as good as" is, in the sentence's brackets.</summary>
    private static readonly string Terms = $"(within {NumberFormat.Percent(NonInferiority.Margin)} points, 95 %, Holm)";

    /// <summary>The sentence on <paramref name="table"/>.</summary>
    public static string Of(SearchTable table)
    {
        Row[] pruned = [.. table.Rows.Where(row => row.Level > 0)];
        if (pruned.Length == 0) return Unpruned(table.Rows[0]);
        if (pruned[0].Ticket.Example.Steps == 0) return Untrained(pruned);
        Row[] tested = [.. pruned.Where(row => row.AgainstDense is { Estimate.Count: >= 2 })];
        if (tested.Length == 0) return NothingOverSeeds(table, pruned[^1]);
        Row? deepest = tested.LastOrDefault(row => row.AsGood!.Holds);
        return deepest is null ? NoneAsGood(tested, Whole(table)) : AsGoodDownTo(deepest, tested, Whole(table));
    }

    private static string Unpruned(Row row) => row.Density < 1
        ? $"{Accuracy("The given mask's accuracy is", row.Ticket)}; {AgainstControl(row)}."
        : $"Nothing was pruned; {Accuracy("the dense network's accuracy is", row.Ticket)}.";

    /// <summary>What tickets are held against: the search began with it.</summary>
    private static string Whole(SearchTable table) =>
        table.Rows[0] is { Level: 0, Density: < 1 } ? "the given mask" : "the dense network";

    /// <summary>The best density is chosen by the charts that are stated, as the paper does; the sentence says so.</summary>
    private static string Untrained(Row[] pruned)
    {
        Row best = pruned.MaxBy(row => row.Ticket.Accuracy.Mean)!;
        string brackets = best.Ticket.Accuracy.Count == 1 ? " (one replicate; Wilson's 95 % over test images)" : "";
        return $"Without any training the masks do best at {NumberFormat.Density(best.Density)} of the weights: "
            + $"{NumberFormat.Accuracy(best.Ticket.Accuracy, " %")}{brackets}, the highest of {pruned.Length} densities, chosen on the "
            + $"same test images; {AgainstControl(best)}.";
    }

    private static string AsGoodDownTo(Row deepest, Row[] tested, string whole)
    {
        Row[] unsure = [.. tested.Where(row => row.Level < deepest.Level && !row.AsGood!.Holds)];
        string except = unsure.Length == 0 ? "" : $", though this is not shown at {Densities(unsure)}";
        return $"Down to {NumberFormat.Density(deepest.Density)} of the weights the tickets are as good as {whole} "
            + $"{Terms}{except}; {AgainstControl(deepest)}.";
    }

    private static string NoneAsGood(Row[] tested, string whole)
    {
        Row nearest = tested.MaxBy(row => row.AsGood!.Low)!;
        string where = NumberFormat.Density(nearest.Density);
        string claim = tested.Length == 1
            ? $"At {where} of the weights the tickets are not shown to be as good as {whole} {Terms}: the difference"
            : $"At none of the {tested.Length} densities are the tickets shown to be as good as {whole} {Terms}: "
                + $"at {where}, the nearest, the difference";
        return $"{claim} is {NumberFormat.Signed(nearest.AgainstDense!.Estimate.Mean)} points and may be as low as "
            + $"{NumberFormat.Signed(nearest.AsGood!.Low)}; {AgainstControl(nearest)}.";
    }

    private static string AgainstControl(Row row)
    {
        string where = $"at {NumberFormat.Density(row.Density)}";
        if (row.Ticket.Difference is not { Estimate: { Count: >= 2 } estimate } difference)
            return "no control was run";
        string control = row.Ticket.Against == Control.Reinit ? "their own weights redrawn" : "random masks of their size";
        if (difference.IsPositive) return $"{where} they beat {control} by {NumberFormat.Points(estimate)}";
        if (difference.IsNegative) return $"{where} they lose to {control} by {NumberFormat.Points(Reversed(estimate))}";
        return $"{where} they cannot be told apart from {control} ({NumberFormat.Difference(estimate, " points")})";
    }

    private static string NothingOverSeeds(SearchTable table, Row row)
    {
        bool one = table.Replicates == 1;
        string why = one ? "One replicate" : "No two replicates to compare";
        string brackets = one ? $" (Wilson's 95 % over {NumberFormat.Count(table.TestImages)} test images)" : "";
        return $"{why}, so nothing is claimed over seeds: at {NumberFormat.Density(row.Density)} of the weights "
            + $"{string.Join(", ", Compared(table, row))}{brackets}.";
    }

    private static IEnumerable<string> Compared(SearchTable table, Row row)
    {
        yield return Accuracy("the ticket's accuracy is", row.Ticket);
        foreach (Cell control in row.Controls.Take(1))
            yield return Accuracy(control.Control == Control.Reinit ? "that of its weights redrawn" : "a random mask's", control);
        if (table.Rows[0] is { Level: 0 } dense) yield return Accuracy($"{Whole(table)}'s", dense.Ticket);
    }

    private static string Accuracy(string whose, Cell cell) => $"{whose} {NumberFormat.Accuracy(cell.Accuracy, " %")}";

    private static string Densities(Row[] rows) => string.Join(", ", rows.Select(row => NumberFormat.Density(row.Density)));

    private static Estimate Reversed(Estimate estimate) =>
        estimate with { Mean = -estimate.Mean, Low = -estimate.High, High = -estimate.Low };
}
