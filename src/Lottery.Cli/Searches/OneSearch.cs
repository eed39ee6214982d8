using System.CommandLine;
using System.Text.Json.Nodes;
using Lottery.Cli.Options;
using Lottery.Cli.Output;
using Lottery.Cli.Studies;
using Lottery.Data;
using Lottery.Report.Tables;
using Lottery.Search;
using Lottery.Studies.Files;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;

namespace Lottery.Cli.Searches;

/// <summary>A study of one cell from title to table: what <c>find</c> and <c>quickstart</c> print.</summary>
internal sealed class OneSearch(Terminal terminal, ParseResult parsed)
{
    /// <summary>Trains what is missing, and prints the table, the finding and the plot, or one JSON document.</summary>
    /// <param name="study">The study of one cell.</param>
    /// <param name="next">The command to try next, given the id of the ticket to use.</param>
    /// <param name="data">Its data set, where it is loaded already.</param>
    /// <exception cref="UserException">The search does not fit the data, a run failed, or it was interrupted.</exception>
    public void Run(Study study, Func<string, string> next, Dataset? data = null)
    {
        var runner = new StudyRunner(terminal, parsed);
        StudyWork work = runner.Plan(study, data is null ? null : _ => data);
        SearchDefinition search = work.Plan.Searches[0];
        data = work.Plan.Data.Values.First();
        if (runner.Train(work, SearchSummary.Title(KnownSet.Find(data.Name)?.Title ?? data.Name, search)) is { } failure) throw failure;

        string[] ids = [.. work.Plan.Ids];
        RunSummary[] runs = [.. work.Runs(ids)];
        (JsonNode json, IEnumerable<string> lines, string best) = search.Supermask is null
            ? OfPruning(ids, SearchTable.Create(runs, data.Test.Count)) : OfLearning(ids, SupermaskTable.Create(runs, data.Test.Count));
        if (parsed.GetValue(Common.Json))
        {
            terminal.WriteLine(Json.Text(json));
            return;
        }
        IEnumerable<string> end = SearchSummary.End(
            terminal, runner.Seconds, ids.Length, work.Store.Paths.Root, "lottery report -o report.html", next(RunIdentity.Short(best)));
        foreach (string line in (string[])["", .. lines, "", .. end]) terminal.WriteLine(line);
    }

    private (JsonNode, IEnumerable<string>, string) OfPruning(string[] ids, SearchTable table) =>
        (TableJson.Write(ids, table), SearchSummary.Lines(table, terminal.Width), SearchSummary.Best(table));

    private (JsonNode, IEnumerable<string>, string) OfLearning(string[] ids, SupermaskTable table) =>
        (TableJson.Write(ids, table), SearchSummary.Lines(table, terminal.Width), ids[0]);
}
