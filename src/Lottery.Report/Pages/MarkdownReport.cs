using System.Collections.Immutable;
using Lottery.Report.Sections;
using Lottery.Report.Tables;

namespace Lottery.Report.Pages;

/// <summary>The report as text for a README or a lab book: the finding, the results, what was run and how to run it again.</summary>
public static class MarkdownReport
{
    /// <summary>The document.</summary>
    public static string Write(ReportDocument report) => string.Join('\n',
    [
        $"# {Escaped(report.Title)}", "",
        .. report.Notes.SelectMany(note => (string[])[Escaped(note), ""]),
        .. report.Chapters.SelectMany(chapter => Section(report, chapter)),
        $"Written by lottery {report.Version}.", "",
    ]);

    private static IEnumerable<string> Section(ReportDocument report, ReportChapter chapter)
    {
        Provenance made = chapter.Provenance;
        if (report.Chapters.Length > 1) yield return $"## {Escaped(chapter.Chapter.Name)}\n";
        yield return Escaped(chapter.Chapter.Finding) + "\n";
        foreach (string line in Results(chapter.Chapter)) yield return line;
        yield return "";
        yield return $"{made.Seeds.Length} {(made.Seeds.Length == 1 ? "seed" : "seeds")}, {Figures.Count(chapter.Chapter.Runs.Count())} runs, "
            + $"{Figures.Duration(made.TrainingSeconds)} in training; {Escaped(string.Join("; ", made.Machines.Select(machine => machine.What)))}.\n";
        if (!made.Commands.IsEmpty) yield return $"```sh\n{string.Join('\n', made.Commands)}\n```\n";
    }

    private static IEnumerable<string> Results(Chapter chapter)
    {
        StudyTable table = chapter.Table;
        yield return $"| remaining | {string.Join(" | ", chapter.Axes.Select(Escaped))}{(chapter.Axes.IsEmpty ? "" : " | ")}test accuracy, % | stops at | − reference, points | p (Holm) |";
        yield return $"|---:|{string.Concat(Enumerable.Repeat("---|", chapter.Axes.Length))}---|---:|---|---:|";
        foreach (StudyRow row in table.Rows)
        {
            ImmutableArray<string> values = [.. row.Values.Select(value => Escaped(value ?? "–"))];
            yield return $"| {Figures.Density(row.Density)} | {string.Concat(values.Select(value => value + " | "))}{Figures.Accuracy(row.Accuracy)} | "
                + $"{Figures.Count(row.EarlyStop.Mean)} | {(row.IsReference ? "reference" : row.Difference is { } difference ? Figures.Difference(difference.Estimate) : "")} | "
                + $"{(double.IsNaN(row.HolmP) ? "" : row.HolmP < 0.001 ? "< 0.001" : FormattableString.Invariant($"{row.HolmP:0.000}"))} |";
        }
        yield return "";
        yield return chapter.Replicates == 1 ? "One replicate: no interval can be given."
            : $"Means and 95 % intervals over up to {chapter.Replicates} replicates; differences are paired by seed.";
    }

    /// <summary>What a name may hold must neither end a cell nor become markup.</summary>
    private static string Escaped(string text)
    {
        foreach (char c in "\\`*_[]<>|") text = text.Replace($"{c}", $"\\{c}", StringComparison.Ordinal);
        return text.ReplaceLineEndings(" ");
    }
}
