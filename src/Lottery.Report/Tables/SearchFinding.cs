using Lottery.Report.Statistics;
using Lottery.Specifications;

namespace Lottery.Report.Tables;

/// <summary>The result of a search in one sentence that states its uncertainty and claims no more than the data show.</summary>
internal static class SearchFinding
{
    /// <summary>The terms of "as good as", in the sentence's brackets.</summary>
    private static readonly string Terms = $"(within {NumberFormat.Percent(NonInferiority.Margin)} points, 95 %, Holm)";

    /// <summary>The sentence about <paramref name="table"/>.</summary>
    public static string Describe(SearchTable table)
    {
        SearchRow[] pruned = [.. table.Rows.Where(row => row.Level > 0)];
        if (pruned.Length == 0) return Unpruned(table.Rows[0]);
        if (pruned[0].Ticket.Example.Steps == 0) return Untrained(pruned);
        SearchRow[] tested = [.. pruned.Where(row => row.AgainstDense is { Estimate.Count: >= 2 })];
        if (tested.Length == 0) return NothingOverSeeds(table, pruned[^1]);
        SearchRow? sparsest = tested.LastOrDefault(row => row.AsGood!.Holds);
        return sparsest is null ? NoneAsGood(tested, Reference(table)) : AsGoodDownTo(sparsest, tested, Reference(table));
    }

    private static string Unpruned(SearchRow row) => row.Density < 1
        ? $"{Accuracy("The initial mask's accuracy is", row.Ticket)}; {AgainstControl(row)}."
        : $"Nothing was pruned; {Accuracy("the dense network's accuracy is", row.Ticket)}.";

    /// <summary>What tickets are compared with: the level 0 of the search.</summary>
    private static string Reference(SearchTable table) =>
        table.Rows[0] is { Level: 0, Density: < 1 } ? "the initial mask" : "the dense network";

    /// <summary>The best density is chosen by the accuracies that are reported, as in the paper; the sentence says so.</summary>
    private static string Untrained(SearchRow[] pruned)
    {
        SearchRow best = pruned.MaxBy(row => row.Ticket.Accuracy.Mean)!;
        string brackets = best.Ticket.Accuracy.Count == 1 ? " (one replicate; Wilson's 95 % over test images)" : "";
        return $"Without any training the masks do best at {NumberFormat.Density(best.Density)} of the weights: "
            + $"{NumberFormat.Accuracy(best.Ticket.Accuracy, " %")}{brackets}, the highest of {pruned.Length} densities, chosen on the "
            + $"same test images; {AgainstControl(best)}.";
    }

    private static string AsGoodDownTo(SearchRow sparsest, SearchRow[] tested, string reference)
    {
        SearchRow[] unsure = [.. tested.Where(row => row.Level < sparsest.Level && !row.AsGood!.Holds)];
        string except = unsure.Length == 0 ? "" : $", though this is not shown at {Densities(unsure)}";
        return $"Down to {NumberFormat.Density(sparsest.Density)} of the weights the tickets are as good as {reference} "
            + $"{Terms}{except}; {AgainstControl(sparsest)}.";
    }

    private static string NoneAsGood(SearchRow[] tested, string reference)
    {
        SearchRow nearest = tested.MaxBy(row => row.AsGood!.Low)!;
        string where = NumberFormat.Density(nearest.Density);
        string claim = tested.Length == 1
            ? $"At {where} of the weights the tickets are not shown to be as good as {reference} {Terms}: the difference"
            : $"At none of the {tested.Length} densities are the tickets shown to be as good as {reference} {Terms}: "
                + $"at {where}, the nearest, the difference";
        return $"{claim} is {NumberFormat.Signed(nearest.AgainstDense!.Estimate.Mean)} points and may be as low as "
            + $"{NumberFormat.Signed(nearest.AsGood!.Low)}; {AgainstControl(nearest)}.";
    }

    private static string AgainstControl(SearchRow row)
    {
        string where = $"at {NumberFormat.Density(row.Density)}";
        if (row.Ticket.Difference is not { Estimate: { Count: >= 2 } estimate } difference)
            return "no control was run";
        string control = row.Ticket.Against == Control.Reinit ? "the same masks with reinitialized weights" : "random masks of the same density";
        if (difference.IsPositive) return $"{where} they beat {control} by {NumberFormat.Points(estimate)}";
        if (difference.IsNegative) return $"{where} they lose to {control} by {NumberFormat.Points(Reversed(estimate))}";
        return $"{where} no difference from {control} is shown ({NumberFormat.Difference(estimate, " points")})";
    }

    private static string NothingOverSeeds(SearchTable table, SearchRow row)
    {
        bool one = table.Replicates == 1;
        string why = one ? "One replicate" : "No two replicates to compare";
        string brackets = one && table.TestImages > 0 ? $" (Wilson's 95 % over {NumberFormat.Count(table.TestImages)} test images)" : "";
        return $"{why}, so nothing is claimed over seeds: at {NumberFormat.Density(row.Density)} of the weights "
            + $"{string.Join(", ", Compared(table, row))}{brackets}.";
    }

    private static IEnumerable<string> Compared(SearchTable table, SearchRow row)
    {
        yield return Accuracy("the ticket's accuracy is", row.Ticket);
        foreach (SearchCell control in row.Controls.Take(1))
            yield return Accuracy(control.Control == Control.Reinit ? "that of its mask with reinitialized weights" : "a random mask's", control);
        if (table.Rows[0] is { Level: 0 } dense) yield return Accuracy($"{Reference(table)}'s", dense.Ticket);
    }

    private static string Accuracy(string subject, SearchCell cell) => $"{subject} {NumberFormat.Accuracy(cell.Accuracy, " %")}";

    private static string Densities(SearchRow[] rows) => string.Join(", ", rows.Select(row => NumberFormat.Density(row.Density)));

    private static Estimate Reversed(Estimate estimate) =>
        estimate with { Mean = -estimate.Mean, Low = -estimate.High, High = -estimate.Low };
}
