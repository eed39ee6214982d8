using System.Collections.Immutable;
using System.CommandLine;
using Lottery.Cli.Options;
using Lottery.Cli.Output;
using Lottery.Cli.Tables;
using Lottery.Report.Tables;
using Lottery.Studies.Identity;
using Lottery.Studies.Queries;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Activity;
using Lottery.Studies.Store.Maintenance;

namespace Lottery.Cli.Commands;

/// <summary>Lists the finished runs, one a line.</summary>
internal sealed class RunsListCommand : StoreCommand
{
    private const int MostFailed = 5;

    private const string Descending = ":desc", Ascending = ":asc";

    private readonly Option<string[]> _where = new("--where")
    {
        Description = "Only runs for which all of this holds: comparisons of columns, as in \"level=3 density<10% control=ticket\", and words that a run contains.",
        HelpName = "TERMS",
    };

    private readonly Option<string?> _sort = new("--sort")
    {
        Description = "The column to sort by; with :desc from the largest.",
        HelpName = "COLUMN[:desc]",
        CompletionSources = { (string[])[.. RunFields.All.SelectMany(field => (string[])[field.Name, field.Name + Descending])] },
    };

    private readonly Option<int?> _limit = Values.IntegerOrNone("--limit", "At most so many runs.", 1);

    private readonly Option<string?> _columns = new("--columns")
    {
        Description = "The columns to show, as in id,density,accuracy: any of those of `runs` in SQL.",
        HelpName = "A,B,…",
        CompletionSources = { (string[])[.. RunFields.All.Select(field => field.Name)] },
    };

    public RunsListCommand(Terminal terminal)
        : base("list", "List the finished runs of a store.", "lottery runs list --where \"density<10%\" --sort accuracy:desc --limit 5", terminal)
    {
        foreach (Option option in (Option[])[_where, _sort, _limit, _columns]) Add(option);
    }

    protected override int Run(ParseResult parsed)
    {
        RunFilter filter = Filter(parsed);
        RunField[]? columns = parsed.GetValue(_columns) is { } names
            ? [.. names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(name => RunFields.Get(name))] : null;
        (RunField? by, bool isDescending) = SortOf(parsed.GetValue(_sort));
        RunStore store = Open(parsed);
        ImmutableArray<RunSummary> all = store.List(), runs = [.. Sorted(all.Where(filter.Accepts), by, isDescending).Take(parsed.GetValue(_limit) ?? int.MaxValue)];
        if (parsed.GetValue(Common.Json)) Terminal.WriteLine(RunFields.Json(runs, columns));
        else if (all.IsEmpty) Terminal.Say($"There are no finished runs in {store.Paths.Root}.");
        else if (runs.IsEmpty) Terminal.Say($"None of the {NumberFormat.Counted(all.Length, "finished run")} in {store.Paths.Root} is like that.");
        else Write(Lines(runs, Terminal.Width, columns));
        foreach (string sentence in Failures(store)) Terminal.Say(sentence);
        return 0;
    }

    /// <summary>The runs that failed, which are in no list of finished runs: their number, and the first with their reasons.</summary>
    private static IEnumerable<string> Failures(RunStore store)
    {
        ActiveRun[] lost = [.. store.ListActive().Where(run => run.Failure is not null)], failed = [.. lost.Where(run => !run.Failure!.IsSkipped)];
        if (failed.Length == 0) yield break;
        int skipped = lost.Length - failed.Length;
        yield return $"{NumberFormat.Counted(failed.Length, "more run")} failed{(skipped == 0 ? "" : $", and {NumberFormat.Count(skipped)} that would come from {(failed.Length == 1 ? "it" : "them")} were not trained")}:";
        foreach (ActiveRun run in failed.Take(MostFailed))
            yield return $"{RunIdentity.Short(run.Id)}, {run.Network} on {run.Data}, seed {run.Seed}, level {run.Level}"
                + $"{(run.Condition.Length > 0 ? $", {run.Condition}" : "")}: {run.Failure!.Reason}{(run.Failure.Attempts > 1 ? $" ({run.Failure.Attempts} attempts)" : "")}";
        if (failed.Length > MostFailed) yield return $"… and {NumberFormat.Count(failed.Length - MostFailed)} more; `lottery serve` shows all.";
    }

    /// <summary>The table of <paramref name="runs"/>; on a screen, what all runs have in common is one line above it instead of columns.</summary>
    /// <param name="runs">At least one run.</param>
    /// <param name="width">Columns of the screen; null where there is none.</param>
    /// <param name="chosen">The columns that are asked for; null for the usual ones.</param>
    internal static IEnumerable<string> Lines(ImmutableArray<RunSummary> runs, int? width, IReadOnlyList<RunField>? chosen = null)
    {
        RunListColumn[] all = [.. chosen?.Select(field => RunListColumns.All.Single(column => column.Field == field)) ?? RunListColumns.Terminal];
        RunListColumn[] shared = [.. all.Where(column => width is not null && chosen is null && runs.Length > 1 && !IsOwn(column)
            && runs.Select(column.Text).Where(cell => cell.Length > 0).Distinct().Count() <= 1)];
        RunListColumn[] columns = [.. all.Except(shared)];
        string[] common = [.. shared.Select(column => (column.Heading, Cell: runs.Select(column.Text).FirstOrDefault(cell => cell.Length > 0)))
            .Where(column => column.Cell is not null).Select(column => $"{column.Heading} {Printable.Of(column.Cell!)}")];
        TextTable table = new TextTable([.. columns.Select(column => new Column(column.Heading, column.Kind, column.IsSecondary))])
            .Add(InParallel.Each(runs, run => columns.Select(column => column.Text(run)).ToArray()));
        IEnumerable<string> before = common.Length == 0 ? [] : [.. TextTable.Paragraph($"all runs: {string.Join(" · ", common)}", width), ""];
        return before.Concat(table.Lines(width)).Concat(table.LeftOut(width) is { } note ? ["", .. TextTable.Paragraph(note, width)] : []);
    }

    /// <summary>True for what a run is known by or was measured to have, which stays in its line.</summary>
    private static bool IsOwn(RunListColumn column) => column.Name is "id" or "level" or "density" or "accuracy" or "early_stop_step" or "seconds";

    private RunFilter Filter(ParseResult parsed)
    {
        var filter = new RunFilter(string.Join(' ', parsed.GetValue(_where) ?? []));
        return filter.Problem is { } problem ? throw new UserException($"{_where.Name} {problem}") : filter;
    }

    private (RunField?, bool) SortOf(string? text)
    {
        if (text is null) return (null, false);
        bool isDescending = text.EndsWith(Descending, StringComparison.Ordinal);
        string name = isDescending ? text[..^Descending.Length] : text.EndsWith(Ascending, StringComparison.Ordinal) ? text[..^Ascending.Length] : text;
        return (RunFields.Get(name), isDescending);
    }

    private static IEnumerable<RunSummary> Sorted(IEnumerable<RunSummary> runs, RunField? by, bool isDescending) =>
        by is null ? runs : by.Sort(runs, isDescending);
}
