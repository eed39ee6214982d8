using System.Globalization;
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

    /// <summary>Table, finding and plot.</summary>
    public static IEnumerable<string> Lines(SearchTable table, int? width) =>
        [.. TableText.Lines(table, width), "", .. TextTable.Paragraph(SearchFinding.Describe(table), width), "", .. PlotText.Lines(table)];

    /// <summary>The duration, the store, and the command to try next.</summary>
    public static string End(double seconds, int runs, string store, string next) => string.Join(" · ",
        NumberFormat.Duration(seconds), Several(runs, "run"), $"store {store}",
        $"see: lottery report -o report.html{StoreOption(store)}", $"next: {next}");

    /// <summary>The option that names a store, where it is not the default.</summary>
    internal static string StoreOption(string store) => store == ".lottery" ? "" : $" --store {store}";

    /// <summary>Table and finding of learned supermasks.</summary>
    public static IEnumerable<string> Lines(SupermaskTable table, int? width) =>
        [.. TableText.Lines(table, width), "", .. TextTable.Paragraph(table.Describe(), width)];

    /// <summary>The frozen weights of a learned mask: <c>signed-constant weights, rescaled</c>.</summary>
    internal static string Describe(SupermaskSpecification supermask) =>
        $"{KebabCase.Of(supermask.Weights)} weights{(supermask.Rescale ? ", rescaled" : "")}";

    private static string What(SearchDefinition search) => search.Supermask is { } supermask
        ? $"supermask of {Describe(supermask)}" : Several(search.Pruning.Levels, "level");

    private static string Several(int count, string what) => $"{NumberFormat.Count(count)} {what}{(count == 1 ? "" : "s")}";

    private static string Name(Optimizer optimizer) =>
        $"{optimizer.GetType().Name} {optimizer.LearningRate.ToString("0.##e0", CultureInfo.InvariantCulture)}";
}
