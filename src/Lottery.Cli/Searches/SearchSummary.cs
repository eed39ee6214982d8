using System.Globalization;
using Lottery.Networks;
using Lottery.Report.Tables;
using Lottery.Specifications;
using Lottery.Studies.Identity;

namespace Lottery.Cli.Searches;

/// <summary>What a search leaves on the screen.</summary>
internal static class SearchSummary
{
    /// <summary>What is searched: data, network, levels, training.</summary>
    public static string Title(string data, SearchRequest request, TrainingSpecification training, Mask? given) => string.Join(" · ",
        data,
        $"{request.Network.Name} ({NumberFormat.Count(request.Network.PrunableCount)} weights"
            + (given is null ? ")" : $", of which a given mask keeps {NumberFormat.Count(given.Kept)})"),
        $"{What(request)} × {Several(request.Replicates, "replicate")}",
        $"{Name(training.Optimizer)}, {NumberFormat.Count(training.Steps)} steps of {training.Batch}");

    /// <summary>Table, finding and plot.</summary>
    public static IEnumerable<string> Lines(SearchTable table) =>
        [.. TableText.Lines(table), "", .. Wrapping.Lines(SearchFinding.Describe(table)), "", .. PlotText.Lines(table)];

    /// <summary>How long it took and where everything lies; what to do next.</summary>
    public static string End(double seconds, int runs, string store, string next) => string.Join(" · ",
        NumberFormat.Duration(seconds), Several(runs, "run"), $"store {store}",
        $"see: lottery report -o report.html{StoreOption(store)}", $"next: {next}");

    /// <summary>The option that names a store, where it is not the usual one.</summary>
    internal static string StoreOption(string store) => store == ".lottery" ? "" : $" --store {store}";

    /// <summary>Table and finding of learned supermasks.</summary>
    public static IEnumerable<string> Lines(SupermaskTable table) => [.. TableText.Lines(table), "", .. Wrapping.Lines(table.Describe())];

    /// <summary>Which weights a mask is learned on: <c>signed-constant weights, rescaled</c>.</summary>
    internal static string Told(SupermaskSpecification supermask) =>
        $"{KebabCase.Of(supermask.Weights)} weights{(supermask.Rescale ? ", rescaled" : "")}";

    private static string What(SearchRequest request) => request.Supermask is { } supermask
        ? $"supermask of {Told(supermask)}" : Several(request.Pruning.Levels, "level");

    private static string Several(int count, string what) => $"{NumberFormat.Count(count)} {what}{(count == 1 ? "" : "s")}";

    private static string Name(Optimizer optimizer) =>
        $"{optimizer.GetType().Name} {optimizer.LearningRate.ToString("0.##e0", CultureInfo.InvariantCulture)}";
}
