using System.Collections.Immutable;
using Lottery.Report.Statistics;
using Lottery.Specifications;

namespace Lottery.Report.Tables;

/// <summary>What the finding of a search is about.</summary>
internal enum SearchVerdict
{
    /// <summary>No level was pruned.</summary>
    Unpruned,

    /// <summary>Masks are evaluated on weights that were never trained.</summary>
    Untrained,

    /// <summary>No level has two seeds in common with level 0.</summary>
    NothingOverSeeds,

    /// <summary>At some density the tickets are shown to be as good as level 0.</summary>
    AsGood,

    /// <summary>At no density are they.</summary>
    NoneAsGood,
}

/// <summary>Everything that the finding of a search may state, read from the table above it.</summary>
internal sealed record SearchFacts
{
    /// <summary>What the finding is about.</summary>
    public required SearchVerdict Verdict { get; init; }

    /// <summary>The row that it states: the sparsest that is as good, the nearest to it, the best of untrained masks, or the last.</summary>
    public required SearchRow Row { get; init; }

    /// <summary>The accuracy of level 0; null if the table has none.</summary>
    public required SearchCell? Root { get; init; }

    /// <summary>The rows whose difference from level 0 was tested, or of untrained masks those among which the best was chosen.</summary>
    public required ImmutableArray<SearchRow> Tested { get; init; }

    /// <summary>The most replicates that a cell of the table has.</summary>
    public required int Replicates { get; init; }

    /// <summary>Images in the test set; 0 if not known.</summary>
    public required int TestImages { get; init; }

    /// <summary>The planned runs that the table lacks.</summary>
    public required MissingRuns Missing { get; init; }

    /// <summary>The control that <see cref="Row"/> is compared with; null if none was run there.</summary>
    public SearchCell? Control => Row.Controls.FirstOrDefault();

    /// <summary>Level 0 in words.</summary>
    public string RootName => Root is { Density: < 1 } ? "the initial mask" : "the dense network";

    /// <summary>The facts of a table.</summary>
    /// <param name="table">The table; at least one row.</param>
    /// <param name="missing">The planned runs that it lacks.</param>
    public static SearchFacts Of(SearchTable table, MissingRuns missing)
    {
        SearchRow[] pruned = [.. table.Rows.Where(row => row.Level > 0)];
        bool isUntrained = pruned.Length > 0 && pruned[0].Ticket.Example.Steps == 0;
        SearchRow[] tested = [.. isUntrained ? pruned : pruned.Where(row => row.AgainstDense is { Estimate.Count: >= 2 })];
        SearchRow? sparsest = tested.LastOrDefault(row => row.AsGood!.Holds);
        (SearchVerdict verdict, SearchRow row) =
            pruned.Length == 0 ? (SearchVerdict.Unpruned, table.Rows[0])
            : isUntrained ? (SearchVerdict.Untrained, pruned.MaxBy(row => row.Ticket.Accuracy.Mean)!)
            : tested.Length == 0 ? (SearchVerdict.NothingOverSeeds, pruned[^1])
            : sparsest is not null ? (SearchVerdict.AsGood, sparsest)
            : (SearchVerdict.NoneAsGood, tested.MaxBy(row => row.AsGood!.Low)!);
        return new()
        {
            Verdict = verdict, Row = row, Root = table.Rows[0] is { Level: 0 } root ? root.Ticket : null, Tested = [.. tested],
            Replicates = table.Replicates, TestImages = table.TestImages, Missing = missing,
        };
    }
}

/// <summary>The result of a search in one sentence that states its uncertainty and claims no more than the data show.</summary>
internal static class SearchFinding
{
    /// <summary>The terms of "as good as", in the sentence's brackets.</summary>
    private static readonly string Terms = $"(within {NumberFormat.Percent(NonInferiority.Margin)} points, 95 %, Holm)";

    /// <summary>The sentence about <paramref name="table"/>.</summary>
    /// <param name="table">The table; at least one row.</param>
    /// <param name="missing">The planned runs that it lacks; null for none.</param>
    public static string Describe(SearchTable table, MissingRuns? missing = null) => Describe(SearchFacts.Of(table, missing ?? MissingRuns.None));

    /// <summary>The facts in words.</summary>
    public static string Describe(SearchFacts facts) => facts.Missing.After(facts.Verdict switch
    {
        SearchVerdict.Unpruned => Unpruned(facts),
        SearchVerdict.Untrained => Untrained(facts),
        SearchVerdict.NothingOverSeeds => NothingOverSeeds(facts),
        SearchVerdict.AsGood => AsGoodDownTo(facts),
        _ => NoneAsGood(facts),
    });

    private static string Unpruned(SearchFacts facts) => facts.Row.Density < 1
        ? $"{Accuracy("The initial mask's accuracy is", facts.Row.Ticket)}{Brackets(facts)}; {AgainstControl(facts)}."
        : $"Nothing was pruned; {Accuracy("the dense network's accuracy is", facts.Row.Ticket)}{Brackets(facts)}.";

    /// <summary>The best density is chosen by the accuracies that are reported, as in the paper; the sentence says so.</summary>
    private static string Untrained(SearchFacts facts) =>
        $"Without any training the masks do best at {NumberFormat.Density(facts.Row.Density)} of the weights: "
        + $"{NumberFormat.Accuracy(facts.Row.Ticket.Accuracy, " %")}{Brackets(facts)}, the highest of {facts.Tested.Length} densities, "
        + $"chosen on the same test images; {AgainstControl(facts)}.";

    private static string AsGoodDownTo(SearchFacts facts)
    {
        SearchRow[] unsure = [.. facts.Tested.Where(row => row.Level < facts.Row.Level && !row.AsGood!.Holds)];
        string except = unsure.Length == 0 ? "" : $", though this is not shown at {Densities(unsure)}";
        return $"Down to {NumberFormat.Density(facts.Row.Density)} of the weights the tickets are as good as {facts.RootName} "
            + $"{Terms}{except}; {AgainstControl(facts)}.";
    }

    private static string NoneAsGood(SearchFacts facts)
    {
        string where = NumberFormat.Density(facts.Row.Density);
        string claim = facts.Tested.Length == 1
            ? $"At {where} of the weights the tickets are not shown to be as good as {facts.RootName} {Terms}: the difference"
            : $"At none of the {facts.Tested.Length} densities are the tickets shown to be as good as {facts.RootName} {Terms}: "
                + $"at {where}, the nearest, the difference";
        return $"{claim} is {NumberFormat.Signed(facts.Row.AgainstDense!.Estimate.Mean)} points and may be as low as "
            + $"{NumberFormat.Signed(facts.Row.AsGood!.Low)}; {AgainstControl(facts)}.";
    }

    private static string AgainstControl(SearchFacts facts)
    {
        if (facts.Control is not { } control) return "no control was run";
        string where = $"at {NumberFormat.Density(facts.Row.Density)}";
        string name = control.Control switch
        {
            Control.Reinit => "the same masks with reinitialized weights",
            Control.Rewind => "the same masks with the original weights",
            _ => "random masks of the same density",
        };
        if (control.Difference is not { Estimate: { Count: >= 2 } estimate } difference)
            return $"{where} {Possessive(name)} accuracy is {NumberFormat.Accuracy(control.Accuracy, " %")}, and without two seeds in common no difference is tested";
        if (difference.IsPositive) return $"{where} they beat {name} by {NumberFormat.Points(estimate)}";
        if (difference.IsNegative) return $"{where} they lose to {name} by {NumberFormat.Points(Reversed(estimate))}";
        return $"{where} no difference from {name} is shown ({NumberFormat.Difference(estimate, " points")})";
    }

    private static string NothingOverSeeds(SearchFacts facts) =>
        $"{(facts.Replicates == 1 ? "One replicate" : "No two replicates to compare")}, so nothing is claimed over seeds: "
        + $"at {NumberFormat.Density(facts.Row.Density)} of the weights {string.Join(", ", Compared(facts))}{Brackets(facts)}.";

    private static IEnumerable<string> Compared(SearchFacts facts)
    {
        yield return Accuracy("the ticket's accuracy is", facts.Row.Ticket);
        if (facts.Control is { } control)
            yield return Accuracy(control.Control switch
            {
                Control.Reinit => "that of its mask with reinitialized weights",
                Control.Rewind => "that of its mask with the original weights",
                _ => "a random mask's",
            }, control);
        if (facts.Root is { } root) yield return Accuracy($"{facts.RootName}'s", root);
    }

    /// <summary>What the brackets around a single replicate are.</summary>
    private static string Brackets(SearchFacts facts) => facts is { Replicates: 1, TestImages: > 0 }
        ? $" (Wilson's 95 % over {NumberFormat.Count(facts.TestImages)} test images)" : "";

    private static string Possessive(string name) => name.StartsWith("random", StringComparison.Ordinal) ? "a random mask's"
        : name.EndsWith("original weights", StringComparison.Ordinal) ? "the rewound mask's" : "the reinitialized mask's";

    private static string Accuracy(string subject, SearchCell cell) => $"{subject} {NumberFormat.Accuracy(cell.Accuracy, " %")}";

    private static string Densities(SearchRow[] rows) => string.Join(", ", rows.Select(row => NumberFormat.Density(row.Density)));

    private static Estimate Reversed(Estimate estimate) =>
        estimate with { Mean = -estimate.Mean, Low = -estimate.High, High = -estimate.Low };
}
