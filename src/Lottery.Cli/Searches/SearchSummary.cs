using System.Globalization;
using Lottery.Cli.Output;
using Lottery.Cli.Tables;
using Lottery.Report.Tables;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Identity;

namespace Lottery.Cli.Searches;

/// <summary>The parts of what a search prints.</summary>
internal static class SearchSummary
{
    /// <summary>The search in a line: data, network, levels, training.</summary>
    public static string Title(string data, SearchDefinition search) => string.Join(" · ",
        data,
        $"{search.Network.Name} ({NumberFormat.Count(search.Network.PrunableCount)} weights"
            + (search.Start.Mask is { } mask ? $", of which the initial mask keeps {NumberFormat.Count(mask.Kept)})" : ")"),
        $"{What(search)} × {Several(search.Replicates, "replicate")}",
        $"{Name(search.Training.Optimizer)}, {NumberFormat.Count(search.Training.Steps)} steps of {search.Training.Batch}");

    /// <summary>The duration and the store, and the commands that show and use what was found, each in lines that can be pasted.</summary>
    /// <param name="terminal">Where they are printed.</param>
    /// <param name="seconds">The duration.</param>
    /// <param name="runs">The number of runs.</param>
    /// <param name="store">The folder of the store.</param>
    /// <param name="report">The command that reports the runs.</param>
    /// <param name="next">The command to try next.</param>
    public static IEnumerable<string> End(Terminal terminal, double seconds, int runs, string store, string report, string next) =>
    [
        .. TextTable.Sentence($"{NumberFormat.Duration(seconds)} · {Several(runs, "run")} · store {store}", terminal.Width),
        .. HintLines(terminal, "see", report), .. HintLines(terminal, "next", next),
    ];

    /// <summary>The ticket that one would use: the sparsest that is as good as the dense network, or else the sparsest.</summary>
    public static string Best(StudyTable table)
    {
        StudyRow[] tickets = [.. table.Rows.Where(row => row.IsReference)];
        return (tickets.LastOrDefault(row => row.AgainstDense?.AsGood?.Holds == true) ?? tickets[^1]).Runs[0].Id;
    }

    /// <summary>A duration that is an estimate: <c>about 71 s</c>, <c>less than a second</c>.</summary>
    public static string About(double seconds) => seconds < 1 ? "less than a second" : $"about {NumberFormat.Duration(seconds)}";

    /// <summary>The frozen weights of a learned mask: <c>signed-constant weights, rescaled</c>.</summary>
    internal static string Describe(SupermaskSpecification supermask) =>
        $"{KebabCase.Of(supermask.Weights)} weights{(supermask.Rescale ? ", rescaled" : "")}";

    private static string What(SearchDefinition search) => search.Supermask is { } supermask
        ? $"supermask of {Describe(supermask)}" : Several(search.Pruning.Levels, "level");

    private static IEnumerable<string> HintLines(Terminal terminal, string what, string command)
    {
        const int Indent = 6;
        return CommandText.Lines(terminal.Hints.Line(command), terminal.Width - Indent)
            .Select((line, i) => (i == 0 ? $"{what}:" : "").PadRight(Indent) + line);
    }

    private static string Several(int count, string what) => $"{NumberFormat.Count(count)} {what}{(count == 1 ? "" : "s")}";

    private static string Name(Optimizer optimizer) =>
        $"{optimizer.GetType().Name} {optimizer.LearningRate.ToString("0.##e0", CultureInfo.InvariantCulture)}";
}
