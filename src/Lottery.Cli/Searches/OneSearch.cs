using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using Lottery.Cli.Options;
using Lottery.Cli.Output;
using Lottery.Cli.Studies;
using Lottery.Cli.Tables;
using Lottery.Data;
using Lottery.Report.Sections;
using Lottery.Report.Tables;
using Lottery.Search;
using Lottery.Studies.Files;
using Lottery.Studies.Identity;

namespace Lottery.Cli.Searches;

/// <summary>A study of one cell from title to table: what <c>find</c> and <c>quickstart</c> print.</summary>
internal sealed class OneSearch(Terminal terminal, ParseResult parsed)
{
    /// <summary>Trains what is missing, and prints the table, the finding and the plot, or one JSON document.</summary>
    /// <param name="study">The study of one cell.</param>
    /// <param name="settings">How the result is measured, compared and judged.</param>
    /// <param name="next">The command to try next, given the id of the ticket to use.</param>
    /// <param name="data">Its data set, where it is loaded already.</param>
    /// <exception cref="UserException">The search does not fit the data, a run failed, or it was interrupted.</exception>
    public void Run(Study study, ComparisonSettings settings, Func<string, string> next, Dataset? data = null)
    {
        var runner = new StudyRunner(terminal, parsed);
        StudyWork work = runner.Plan(study, data is null ? null : _ => data);
        SearchDefinition search = work.Plan.Searches[0];
        data = work.Plan.Data.Values.First();
        UserException? failure = runner.Train(work, Title(data, search));
        // Without any finished run there is no table, and the failure is all there is to say.
        if (failure is not null && !work.Plan.Ids.Any(id => Directory.Exists(work.Store.Paths.Run(id)))) throw failure;
        Print(work, runner, settings, next, null);
        if (failure is not null) throw failure;
    }

    /// <summary>The same level by level, until the tickets are no longer as good as the dense networks.</summary>
    /// <param name="upTo">The study of one cell with so many levels.</param>
    /// <param name="settings">How the result is measured, compared and judged.</param>
    /// <param name="most">The most levels.</param>
    /// <param name="next">The command to try next, given the id of the ticket to use.</param>
    /// <exception cref="UserException">As for <see cref="Run"/>.</exception>
    /// <remarks>
    /// Every level is planned anew: what is finished is found in the store, so that the same command resumes, and a longer search
    /// goes on where a shorter one ended.
    /// </remarks>
    public void RunUntilWorse(Func<int, Study> upTo, ComparisonSettings settings, int most, Func<string, string> next)
    {
        var runner = new StudyRunner(terminal, parsed);
        Dataset? data = null;
        for (int levels = 1; ; levels++)
        {
            StudyWork work = runner.Plan(upTo(levels), data is { } known ? _ => known : null);
            data = work.Plan.Data.Values.First();
            string title = levels > 1 ? "" : $"{Title(data, work.Plan.Searches[0] with { Pruning = work.Plan.Searches[0].Pruning with { Levels = most } })}, until the tickets are worse";
            if (runner.Train(work, title) is { } failure) throw failure;
            var end = SearchEnd.Of(Sections(work, settings)[0].Table, levels == most);
            if (end is not null)
            {
                Print(work, runner, settings, next, end);
                return;
            }
        }
    }

    private static string Title(Dataset data, SearchDefinition search) => SearchSummary.Title(KnownSet.Find(data.Name)?.Title ?? data.Name, search);

    private void Print(StudyWork work, StudyRunner runner, ComparisonSettings settings, Func<string, string> next, SearchEnd? end)
    {
        ImmutableArray<ReportSection> sections = Sections(work, settings);
        if (parsed.GetValue(Common.Json))
        {
            JsonObject json = StudySummary.Json(sections[0], work.Plan.Ids);
            if (end is not null) json["until_worse"] = end.Json();
            terminal.WriteLine(Json.Text(json));
            return;
        }
        string best = end?.Smallest?.Runs[0].Id ?? SearchSummary.Best(sections[0].Table);
        IEnumerable<string> reached = end is null ? [] : ["", .. TextTable.Paragraph(end.Describe(), terminal.Width)];
        IEnumerable<string> last = SearchSummary.End(
            terminal, runner.Seconds, work.Plan.Ids.Length, work.Store.Paths.Root, "lottery report -o report.html", next(RunIdentity.Short(best)));
        foreach (string line in (string[])["", .. StudySummary.Lines(sections, terminal.Width), .. reached, "", .. last]) terminal.WriteLine(line);
    }

    private static ImmutableArray<ReportSection> Sections(StudyWork work, ComparisonSettings settings) =>
        ComparisonOptions.Require(settings, new SectionReader(work.Store, work.TestSet) { Settings = settings }.Read(work.Plan.Ids, planned: work.Plan.Ids));
}
