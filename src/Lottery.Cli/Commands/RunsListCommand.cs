using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Lottery.Cli.Options;
using Lottery.Report.Tables;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;

namespace Lottery.Cli.Commands;

/// <summary>Every finished run in a line.</summary>
internal sealed class RunsListCommand(Terminal terminal)
    : StoreCommand("list", "List the finished runs of a store.", "lottery runs list --json", terminal)
{
    private static readonly Column[] s_columns =
    [
        new("id", run => RunIdentity.Short(run.Id), false),
        new("network", run => run.Network, false, Shared: true),
        new("data", run => run.Data, false, Shared: true),
        new("seed", run => run.Seed.ToString(CultureInfo.InvariantCulture), true),
        new("level", run => run.Level.ToString(CultureInfo.InvariantCulture), true),
        new("density", run => NumberFormat.Density(run.Density), true),
        new("control", run => run.Control, false, Shared: true),
        new("criterion", run => run.Criterion ?? "", false, Shared: true),
        new("accuracy", run => $"{NumberFormat.Percent(run.Accuracy)} %", true),
        new("stops at", run => NumberFormat.Count(run.EarlyStopStep), true),
        new("steps", run => NumberFormat.Count(run.Steps), true, Shared: true),
        new("seconds", run => run.Seconds.ToString("0.0", CultureInfo.InvariantCulture), true),
    ];

    protected override int Run(ParseResult parsed)
    {
        RunStore store = Open(parsed);
        ImmutableArray<RunRecord> runs = store.List();
        if (parsed.GetValue(Common.Json))
            Terminal.WriteLine(JsonSerializer.Serialize(runs, RunRecordJson.Default.ImmutableArrayRunRecord));
        else if (runs.IsEmpty) Terminal.Say($"There are no finished runs in {store.Paths.Root}.");
        else Write(Lines(runs, Terminal.Width));
        return 0;
    }

    /// <summary>On a screen, what all runs share is told once, above; the rest is cut to fit.</summary>
    internal static IEnumerable<string> Lines(ImmutableArray<RunRecord> runs, int? width)
    {
        Column[] shared = [.. s_columns.Where(column => width is not null && column.Shared && runs.Length > 1
            && runs.Select(column.Cell).Where(cell => cell.Length > 0).Distinct().Count() <= 1)];
        Column[] columns = [.. s_columns.Except(shared)];
        string[] told = [.. shared.Select(column => (column.Name, Cell: runs.Select(column.Cell).FirstOrDefault(cell => cell.Length > 0)))
            .Where(column => column.Cell is not null).Select(column => $"{column.Name} {column.Cell}")];
        bool[] right = [.. columns.Select(column => column.Right)];
        string[][] rows = [[.. columns.Select(column => column.Name)], .. runs.Select(run => columns.Select(column => column.Cell(run)).ToArray())];
        return
        [
            .. told.Length == 0 ? (string[])[] : [$"all runs: {string.Join(" · ", told)}", ""],
            .. TextGrid.Lines([.. TextFit.Columns(rows, right, width)], right),
        ];
    }

    /// <summary>One column.</summary>
    /// <param name="Name">Its heading.</param>
    /// <param name="Cell">What a run has in it.</param>
    /// <param name="Right">Whether it holds numbers.</param>
    /// <param name="Shared">Whether it may stand above the table where all runs have the same.</param>
    private sealed record Column(string Name, Func<RunRecord, string> Cell, bool Right, bool Shared = false);
}
