using System.Collections.Immutable;
using Lottery.Report.Sections;
using Lottery.Report.Tables;

namespace Lottery.Report.Pages;

/// <summary>The report as text for a README or a lab book: the finding, the results, what was run and how to run it again.</summary>
internal static class MarkdownReport
{
    /// <summary>The document.</summary>
    public static string Write(ReportDocument report) => string.Join('\n',
    [
        $"# {Escaped(report.Title)}", "",
        .. report.Notes.SelectMany(note => (string[])[Escaped(note), ""]),
        .. report.Sections.SelectMany(section => Section(report, section)),
        $"Written by lottery {report.Version}.", "",
    ]);

    private static IEnumerable<string> Section(ReportDocument report, SectionContent section)
    {
        ReportProvenance made = section.Provenance;
        if (report.Sections.Length > 1) yield return $"## {Escaped(section.Section.Name)}\n";
        yield return Escaped(section.Section.Finding) + "\n";
        foreach (string line in Results(section.Section)) yield return line;
        yield return "";
        yield return $"{made.Seeds.Length} {(made.Seeds.Length == 1 ? "seed" : "seeds")}, {NumberFormat.Count(section.Section.Runs.Count())} runs, "
            + $"{NumberFormat.Duration(made.TrainingSeconds)} in training; {Escaped(string.Join("; ", made.Machines.Select(machine => machine.What)))}.\n";
        if (!made.Commands.IsEmpty) yield return $"```sh\n{string.Join('\n', made.Commands)}\n```\n";
    }

    private static IEnumerable<string> Results(ReportSection section)
    {
        StudyTable table = section.Table;
        yield return $"| remaining | {string.Join(" | ", section.Axes.Select(Escaped))}{(section.Axes.IsEmpty ? "" : " | ")}test accuracy, % | stops at | − reference, points | p (Holm) |";
        yield return $"|---:|{string.Concat(Enumerable.Repeat("---|", section.Axes.Length))}---|---:|---|---:|";
        foreach (StudyRow row in table.Rows)
        {
            ImmutableArray<string> values = [.. row.Values.Select(value => Escaped(value ?? "–"))];
            yield return $"| {NumberFormat.Density(row.Density)} | {string.Concat(values.Select(value => value + " | "))}{NumberFormat.Accuracy(row.Accuracy)} | "
                + $"{NumberFormat.Count(row.EarlyStop.Mean)} | {(row.IsReference ? "reference" : row.Difference is { } difference ? NumberFormat.Difference(difference.Estimate) : "")} | "
                + $"{(double.IsNaN(row.HolmP) ? "" : row.HolmP < 0.001 ? "< 0.001" : FormattableString.Invariant($"{row.HolmP:0.000}"))} |";
        }
        yield return "";
        yield return section.Replicates == 1 ? "One replicate: no interval can be given."
            : $"Means and 95 % intervals over up to {section.Replicates} replicates; differences are paired by seed.";
    }

    /// <summary>What a name may hold must neither end a cell nor become markup.</summary>
    private static string Escaped(string text)
    {
        foreach (char c in "\\`*_[]<>|") text = text.Replace($"{c}", $"\\{c}", StringComparison.Ordinal);
        return text.ReplaceLineEndings(" ");
    }
}
