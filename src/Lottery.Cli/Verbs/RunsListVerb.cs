using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Lottery.Cli.Options;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;
using Lottery.Tables;

namespace Lottery.Cli.Verbs;

/// <summary>Every finished run in a line.</summary>
internal sealed class RunsListVerb(Terminal terminal)
    : StoreVerb("list", "List the finished runs of a store.", "lottery runs list --json", terminal)
{
    private static readonly string[] s_header =
        ["id", "network", "data", "seed", "level", "density", "control", "criterion", "steps", "stops at", "accuracy", "seconds"];

    private static readonly bool[] s_right =
        [false, false, false, true, true, true, false, false, true, true, true, true];

    protected override int Run(ParseResult parsed)
    {
        RunStore store = Open(parsed);
        ImmutableArray<RunRecord> runs = store.List();
        if (parsed.GetValue(Common.Json))
            Terminal.WriteLine(JsonSerializer.Serialize(runs, RunRecordJson.Default.ImmutableArrayRunRecord));
        else if (runs.IsEmpty) Terminal.Say($"There are no finished runs in {store.Paths.Root}.");
        else Write(TextGrid.Lines([s_header, .. runs.Select(Cells)], s_right));
        return 0;
    }

    private static string[] Cells(RunRecord run) =>
    [
        RunIdentity.Short(run.Id), run.Network, run.Data, run.Seed.ToString(CultureInfo.InvariantCulture),
        run.Level.ToString(CultureInfo.InvariantCulture), Figures.Density(run.Density), run.Control, run.Criterion ?? "",
        Figures.Count(run.Steps), Figures.Count(run.EarlyStopStep), $"{Figures.Percent(run.Accuracy)} %",
        run.Seconds.ToString("0.0", CultureInfo.InvariantCulture),
    ];
}
