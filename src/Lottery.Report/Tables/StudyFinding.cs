using System.Collections.Immutable;
using Lottery.Report.Statistics;
using Lottery.Studies.Files;

namespace Lottery.Report.Tables;

/// <summary>
/// The result of a search or a study in a few sentences that state their uncertainty and claim no more than the table shows: its
/// conditions against the networks of level 0, and against one another.
/// </summary>
internal static class StudyFinding
{
    private const int MostNamed = 4;

    /// <summary>The sentences about <paramref name="table"/>.</summary>
    /// <param name="table">The table; at least one row.</param>
    public static string Describe(StudyTable table) => Describe(StudyFacts.Of(table));

    /// <summary>The facts in words.</summary>
    public static string Describe(StudyFacts facts) => WithMissing(string.Join(' ', Sentences(facts).Where(sentence => sentence.Length > 0)), facts.Table);

    /// <summary>A finding with what is missing after it; in its place, while runs are missing that did not fail.</summary>
    public static string WithMissing(string finding, StudyTable table) => table.Missing switch
    {
        { Sentence: "" } => finding,
        { IsUnfinished: true, Sentence: var missing } => $"No finding yet: {missing}",
        { Sentence: var missing } => string.Join(' ', ((string[])[finding, missing, LostReplicates.Describe(table)]).Where(sentence => sentence.Length > 0)),
    };

    /// <summary>The sentence for a density that is stated and that no run has, with the nearest that there are; null if one has it.</summary>
    public static string? NoSuchDensity(StudyTable table)
    {
        if (table.Settings.JudgeAt?.Density is not { } stated || table.Rows.Any(row => row.IsLearned)) return null;
        double[] known = [.. table.Rows.Where(row => row.IsReference || !table.Rows.Any(other => other.IsReference)).Select(row => row.Density).Distinct()];
        if (known.Any(density => Study.IsSame(density, stated))) return null;
        double[] nearest = [.. known.OrderBy(density => Math.Abs(Math.Log(density / stated))).Take(2)];
        return $"judge-at {NumberFormat.Number(stated)}: the reference has no run at {NumberFormat.Density(stated)} of the weights; the nearest "
            + $"{(nearest.Length == 1 ? "is" : "are")} {string.Join(" and ", nearest.Select(density => $"{NumberFormat.Number(Math.Round(density, 4))}"))}.";
    }

    private static IEnumerable<string> Sentences(StudyFacts facts)
    {
        if (NoSuchDensity(facts.Table) is { } sentence) return [sentence];
        if (facts.Table.Conditions is [] || facts.Judged is null) return [$"The reference ({facts.Reference}) has no runs, so nothing is compared."];
        if (facts is { By: JudgedBy.Unpruned, Table.Conditions: [_] } or { Judged.IsLearned: true, Table.Conditions: [_] }) return [Unpruned(facts)];
        if (facts.Table.Rows.All(row => row is not ({ AgainstDense.IsTested: true } or { Corrected: not null }))) return [NothingOverSeeds(facts)];
        return [.. Hypothesis(facts), Compare(facts)];
    }

    private static string Unpruned(StudyFacts facts) => facts.Judged! switch
    {
        { IsLearned: true } learned => $"No weight was trained: masks sampled by their learned probabilities have an accuracy of {facts.Table.Metric.Describe(learned.Value)} "
            + $"on average, and the thresholded mask, which keeps {NumberFormat.Density(learned.Density)} of the weights, "
            + $"{NumberFormat.Accuracy(learned.Thresholded!, " %")}{(learned.Value.Count == 1 ? " (one replicate, so nothing is claimed over seeds)" : "")}.",
        var row => $"Nothing was pruned; {Possessive(facts.Table.RootName)} {facts.Table.Metric.Noun} is {facts.Table.Metric.Describe(row.Value)}{Brackets(facts)}.",
    };

    /// <summary>The lottery ticket hypothesis: the reference against the networks of level 0, then the others.</summary>
    private static IEnumerable<string> Hypothesis(StudyFacts facts)
    {
        if (facts.ReferenceAgainstDense is { } reference)
        {
            if (!facts.Table.Metric.IsStep) yield return AsGood(facts, reference);
            yield return Superior(facts, reference);
        }
        if (!facts.Table.Metric.IsStep) yield return Others(facts);
    }

    private static string AsGood(StudyFacts facts, DenseFacts one)
    {
        string are = facts.Table.IsSearch ? "are" : "is", root = facts.Table.RootName;
        string over = one.Tested.Length == 1 ? "1 density" : $"{one.Tested.Length} densities";
        string terms = $"(at most {StudyColumns.Margins(one.Tested)} lower, 95 %, Holm over {over})";
        string subject = Subject(facts);
        if (one.Sparsest is { } sparsest)
        {
            string except = one.Gaps.IsEmpty ? "" : $", though this is not shown at {Densities(one.Gaps)}";
            return $"Down to {NumberFormat.Density(sparsest.Density)} of the weights {subject} {are} as good as {root} {terms}{except}.";
        }
        StudyRow nearest = one.Nearest;
        string claim = one.Tested.Length == 1 ? $"At {NumberFormat.Density(nearest.Density)} of the weights {subject} {are} not shown to be as good as {root} {terms}: the difference"
            : $"At none of the {one.Tested.Length} densities {are} {subject} shown to be as good as {root} {terms}: at {NumberFormat.Density(nearest.Density)}, the nearest, the difference";
        return $"{claim} is {NumberFormat.Signed(nearest.AgainstDense!.Value.Estimate.Mean)} points and may be as low as {NumberFormat.Signed(nearest.AgainstDense.AsGood!.Low)}.";
    }

    /// <summary>Where the metric and the early-stopping step of a condition are shown to differ from those of level 0.</summary>
    private static string Superior(StudyFacts facts, DenseFacts one)
    {
        Metric metric = facts.Table.Metric;
        (string owner, string they) = facts.Table.IsSearch ? ("their", "they stop") : ("its", "it stops");
        string root = $"that of {facts.Table.RootName}";
        string value = Shown(one, against => against.Verdict * metric.Direction, metric.IsStep ? ("later", "earlier") : ("higher", "lower")) is { } shown
            ? $"{char.ToUpperInvariant(owner[0])}{owner[1..]} {metric.Noun} is shown to be {shown}, compared with {root}"
            : $"At no density is {owner} {metric.Noun} shown to be {(metric.IsStep ? "earlier or later" : "higher or lower")} than {root}";
        if (metric.IsStep || one.Tested.All(row => row.AgainstDense!.Step.Estimate.Count < 2)) return $"{value}.";
        string steps = one.Tested.All(row => row.AgainstDense!.Bound == StepBound.Unknown) ? "on both sides runs stop at their last step, so that nothing is shown about stopping earlier"
            : Shown(one, against => against.StepVerdict, ("earlier", "later")) is { } stops ? $"{they} {stops}" : "no earlier or later stopping is shown";
        return $"{value}; {steps}.";
    }

    private static string? Shown(DenseFacts one, Func<DenseComparison, int> sign, (string Plus, string Minus) words)
    {
        StudyRow[] plus = [.. one.Tested.Where(row => sign(row.AgainstDense!) > 0)], minus = [.. one.Tested.Where(row => sign(row.AgainstDense!) < 0)];
        return (plus.Length, minus.Length) switch
        {
            (0, 0) => null,
            (_, 0) => $"{words.Plus} at {Densities(plus)}",
            (0, _) => $"{words.Minus} at {Densities(minus)}",
            _ => $"{words.Plus} at {Densities(plus)} and {words.Minus} at {Densities(minus)}",
        };
    }

    private static string Others(StudyFacts facts)
    {
        DenseFacts[] others = [.. facts.AgainstDense.Where(one => !one.IsReference)];
        if (others.Length == 0) return "";
        DenseFacts[] asGood = [.. others.Where(one => one.Sparsest is not null).OrderBy(one => one.Sparsest!.Density)], not = [.. others.Where(one => one.Sparsest is null)];
        string[] parts =
        [
            .. asGood.Take(MostNamed).Select(one => $"{one.Name} down to {NumberFormat.Density(one.Sparsest!.Density)}"),
            .. asGood.Length > MostNamed ? [$"{asGood.Length - MostNamed} more at larger densities"] : (string[])[],
            .. not.Length == 0 ? (string[])[] : not.Length > MostNamed ? [$"{not.Length} others at none"] : [.. not.Select(one => $"{one.Name} at none")],
        ];
        return $"Of the others, as good as {facts.Table.RootName}: {string.Join(", ", parts)}.";
    }

    private static string Compare(StudyFacts facts)
    {
        Metric metric = facts.Table.Metric;
        StudyRow judged = facts.Judged!;
        if (facts.Compared.IsEmpty && facts.Untested == 0) return facts.Table.IsSearch ? "No control was run." : $"{Where(facts)} {Standing(facts)}; there is no other condition to compare it with.";
        if (facts.Compared.IsEmpty) return $"{Where(facts)} {Standing(facts)}; no two replicates can be compared there.";
        string untested = facts.Untested == 0 ? "" : $"; not tested: {NumberFormat.Counted(facts.Untested, "condition")} without two seeds in common";
        return $"{Where(facts)} {Standing(facts)}; {string.Join("; ", Verdicts(facts.Compared, metric))}{untested} "
            + $"(paired by {Seeds(facts.Compared)}, 95 %, verdicts and intervals corrected by Holm over {NumberFormat.Counted(facts.Compared.Length, "comparison")}).";
    }

    private static string Where(StudyFacts facts) => facts.Judged!.IsLearned ? "Of the learned supermasks," : $"At {NumberFormat.Density(facts.Judged.Density)} of the weights{Why(facts)}";

    private static string Why(StudyFacts facts) => facts.By switch
    {
        JudgedBy.Stated => ", where it is to be judged,",
        JudgedBy.AsGood when facts.Judged != facts.ReferenceAgainstDense?.Sparsest => ", the sparsest such density with others to compare,",
        JudgedBy.AsGood => ", the sparsest such density,",
        JudgedBy.Densest => ", the densest pruned level,",
        _ => "",
    };

    private static string Standing(StudyFacts facts) => $"{(!facts.Table.IsSearch ? $"the reference ({facts.Reference}) has" : facts.Judged!.IsRoot ? $"{facts.Table.RootName} has" : "the tickets have")} "
        + facts.Table.Metric.Describe(facts.Judged!.Value);

    private static string Subject(StudyFacts facts) => facts.Table.IsSearch ? "the tickets"
        : facts.Table.ReferenceName is { Length: > 0 } name ? $"the reference ({name})" : "the reference";

    private static string NothingOverSeeds(StudyFacts facts)
    {
        StudyRow judged = facts.Judged!;
        StudyRow[] rows = [judged, .. facts.Table.Rows.Where(row => row.ReferenceDensity == judged.ReferenceDensity && row != judged && row.ReferenceDensity is not null)];
        StudyTable there = facts.Table.Only([.. rows]);
        string[] named = [.. there.Rows.Take(MostNamed).Select(row => $"{Name(facts, there, row)} {facts.Table.Metric.Describe(row.Value)}")];
        string more = rows.Length > MostNamed ? $", {rows.Length - MostNamed} more" : "";
        string root = facts.Root is { } dense && dense.Ids != judged.Ids ? $", {facts.Table.RootName} {facts.Table.Metric.Describe(dense.Value)}" : "";
        string where = judged.IsLearned ? "" : $"at {NumberFormat.Density(judged.Density)} of the weights ";
        return $"{(facts.Table.Replicates == 1 ? "One replicate" : "No two replicates to compare")}, so nothing is claimed over seeds: "
            + $"{where}the {facts.Table.Metric.Noun} is: {string.Join(", ", named)}{more}{root}{Brackets(facts)}.";
    }

    private static string Name(StudyFacts facts, StudyTable there, StudyRow row) =>
        facts.Table.IsSearch && row.IsRoot && !row.IsLearned ? facts.Table.RootName : there.NameOf(row) is not "the only condition" and var name ? name : facts.Table.IsSearch ? "ticket" : "the reference";

    private static string Seeds(ImmutableArray<ComparedCondition> compared)
    {
        int least = compared.Min(one => one.Difference.Count), most = compared.Max(one => one.Difference.Count);
        return least == most ? NumberFormat.Counted(most, "seed") : $"{least} to {most} seeds";
    }

    private static IEnumerable<string> Verdicts(ImmutableArray<ComparedCondition> compared, Metric metric)
    {
        foreach ((int verdict, string words) in ((int, string)[])[(1, metric.Better), (-1, metric.Worse), (0, "no difference shown")])
        {
            ComparedCondition[] rows = [.. compared.Where(one => one.Verdict == verdict).OrderByDescending(one => verdict == 0 ? 0 : Math.Abs(one.Difference.Mean))];
            if (rows.Length == 0) continue;
            string more = rows.Length > MostNamed ? $", and {rows.Length - MostNamed} more" : "";
            yield return $"{words}: {string.Join(", ", rows.Take(MostNamed).Select(one => $"{one.Name} by {metric.DescribeDifference(one.Difference)}"))}{more}";
        }
    }

    /// <summary>What the brackets around a single replicate are.</summary>
    private static string Brackets(StudyFacts facts) => facts.Table is { Replicates: 1, Settings.TestImages: > 0 } && facts.Judged!.Value.Over == IntervalKind.TestImages
        ? $" (Wilson's 95 % over {facts.Table.Settings.TestSet})" : "";

    private static string Possessive(string name) => $"{name}'s";

    private static string Densities(IReadOnlyCollection<StudyRow> rows) => rows.Count <= MostNamed + 2 ? string.Join(", ", rows.Select(row => NumberFormat.Density(row.Density)))
        : $"{rows.Count} densities from {NumberFormat.Density(rows.First().Density)} to {NumberFormat.Density(rows.Last().Density)}";
}
