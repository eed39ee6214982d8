using System.Collections.Immutable;
using Lottery.Report.Charts;
using Lottery.Report.Comparisons;
using Lottery.Report.Drawing;
using Lottery.Report.Sections;
using Lottery.Specifications;
using Lottery.Studies.Store;

namespace Lottery.Report.Pages;

/// <summary>A report on finished runs: results, charts, and how to repeat the runs. It is written as HTML, Markdown or files.</summary>
public sealed class RunReport
{
    private RunReport(string title, string store, ImmutableArray<SectionContent> sections, ImmutableArray<string> notes) =>
        (Title, Store, Sections, Notes) = (title, store, sections, notes);

    /// <summary>Its heading.</summary>
    public string Title { get; }

    /// <summary>The folder of the store.</summary>
    public string Store { get; }

    /// <summary>A sentence for each run or file that is left out.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>The version of Lottery that writes it.</summary>
    public static string Version { get; } = typeof(RunReport).Assembly.GetName().Version!.ToString(3);

    /// <summary>When it was created, in UTC.</summary>
    internal DateTimeOffset Created { get; } = DateTimeOffset.UtcNow;

    /// <summary>Its sections; at least one.</summary>
    internal ImmutableArray<SectionContent> Sections { get; }

    /// <summary>Creates a report on runs of a store; runs with equal network, data and training form a section.</summary>
    /// <param name="store">The store.</param>
    /// <param name="ids">The ids of the runs, in the order in which conditions are shown; unfinished runs are ignored.</param>
    /// <param name="title">The heading; null to use network and data.</param>
    /// <exception cref="ArgumentException">None of the runs is finished.</exception>
    /// <exception cref="UserException">The store cannot be read.</exception>
    public static RunReport Create(RunStore store, IEnumerable<string> ids, string? title = null)
    {
        ImmutableArray<ReportSection> sections = new SectionReader(store).Read(ids);
        if (sections.IsEmpty) throw new ArgumentException("None of the runs is finished.", nameof(ids));
        return Create(store, sections, notes: [], multiplyAdds: null, title);
    }

    /// <summary>The report as one HTML document that needs no network.</summary>
    public string WriteHtml() => ReportPage.Write(this);

    /// <summary>The results and the commands as Markdown, without charts.</summary>
    public string WriteMarkdown() => MarkdownReport.Write(this);

    /// <summary>The tables of results for LaTeX, with the packages array and booktabs.</summary>
    public string WriteLatex() => LatexReport.Write(this);

    /// <summary>Every chart as a separate file: its name and content.</summary>
    /// <param name="format">What the files are.</param>
    /// <param name="style">The size and the colours of images; null for those of the page.</param>
    /// <exception cref="UserException">The style cannot be drawn: see <see cref="ChartStyle.Check"/>.</exception>
    public IEnumerable<(string Name, byte[] Content)> WriteCharts(ChartFormat format, ChartStyle? style = null) => ChartFiles.Write(this, format, style ?? new());

    /// <summary>Creates a report on sections that are read already.</summary>
    /// <param name="store">The store.</param>
    /// <param name="sections">The sections; at least one.</param>
    /// <param name="notes">A sentence for each run that is left out.</param>
    /// <param name="multiplyAdds">The multiply-adds of a run; null not to state them.</param>
    /// <param name="title">The heading; null to use those of the sections.</param>
    /// <param name="compares">True to compare masks and weights, for which the runs' tensors are read.</param>
    internal static RunReport Create(
        RunStore store, ImmutableArray<ReportSection> sections, IEnumerable<string> notes, Func<RunSpecification, double>? multiplyAdds, string? title = null,
        bool compares = false)
    {
        var details = new RunDetails(store);
        var weights = new RunWeights(store);
        ImmutableArray<SectionContent> contents = [.. sections.Select(section => SectionContent.Create(section, details, multiplyAdds, compares ? weights : null))];
        title ??= sections.Length == 1 ? sections[0].Name
            : $"{string.Join(", ", sections.Select(section => section.Runs.First().Network).Distinct())}: {sections.Length} sets of runs";
        return new(title, store.Paths.Root, contents, [.. notes, .. NotesOf([.. details.Problems.Union(weights.Problems)])]);
    }

    /// <summary>A sentence for each of the first problems: a damaged store has a page of them.</summary>
    private static IEnumerable<string> NotesOf(string[] problems)
    {
        const int MostNamed = 3;
        foreach (string problem in problems.Take(MostNamed)) yield return $"A run is missing from a chart: {problem}";
        if (problems.Length > MostNamed)
            yield return $"So are {problems.Length - MostNamed} more; `lottery runs verify` names them all.";
    }
}

/// <summary>A section with its charts.</summary>
/// <param name="Section">The runs.</param>
/// <param name="Charts">The charts, in reading order.</param>
/// <param name="Omissions">A sentence for each chart that cannot be drawn.</param>
/// <param name="Provenance">What the runs cost and how to repeat them.</param>
internal sealed record SectionContent(
    ReportSection Section, ImmutableArray<Chart> Charts, ImmutableArray<string> Omissions, ReportProvenance Provenance)
{
    /// <summary>The comparison of masks and weights, which charts show and Markdown has as tables; null if it was not asked for.</summary>
    public RunComparison? Comparison { get; private init; }

    /// <summary>So many pruned levels and seeds are compared at most: the tensors of all runs of a large study take long to read.</summary>
    private const int MostComparedLevels = 8, MostComparedSeeds = 5;

    /// <summary>Creates the charts and the provenance of <paramref name="section"/>.</summary>
    /// <param name="section">The runs.</param>
    /// <param name="details">Their evaluations and digests.</param>
    /// <param name="multiplyAdds">The multiply-adds of a run, from its specification; null not to state them.</param>
    /// <param name="weights">Reads masks and weights, to compare them; null not to.</param>
    public static SectionContent Create(ReportSection section, RunDetails details, Func<RunSpecification, double>? multiplyAdds, RunWeights? weights)
    {
        details.Prepare(section);
        RunComparison? comparison = weights is null ? null : RunComparison.Create(ComparedGroups.Of(section, MostComparedLevels, MostComparedSeeds), weights);
        var charts = SectionCharts.Create(section, details, comparison);
        return new(section, charts.Charts, charts.Omissions, ReportProvenance.Create(section, multiplyAdds)) { Comparison = comparison };
    }
}
