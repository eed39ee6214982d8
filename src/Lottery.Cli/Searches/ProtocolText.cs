using Lottery.Formats.Yaml;
using Lottery.Networks;
using Lottery.Report.Tables;
using Lottery.Search;
using Lottery.Studies.Files;
using Lottery.Studies.Settings;

namespace Lottery.Cli.Searches;

/// <summary>What the papers' protocols decide, in words.</summary>
internal static class ProtocolText
{
    /// <summary>A network's protocols in lines of a study file; none where the papers have none.</summary>
    public static IEnumerable<string> Lines(Network network) =>
    [
        .. Lines("The papers' protocol, which `find` and studies follow where nothing else is stated:", Protocol.Of(network, isSupermask: false)),
        .. Lines("The papers' protocol of learned masks, with --supermask:", Protocol.Of(network, isSupermask: true)),
    ];

    /// <summary>
    /// A sentence for each network of a plan of which a protocol decides anything: a training of the papers' length takes hours or
    /// days, and is announced.
    /// </summary>
    public static IEnumerable<string> Decisions(StudyPlan plan) => plan.Study.Cells.Zip(plan.Searches)
        .Select(pair => Decision(pair.First, pair.Second, plan.Study.Path is null)).OfType<string>().Distinct();

    private static string? Decision(StudyCell cell, SearchDefinition search, bool isCommand)
    {
        (string Key, YamlNode Value)[] decided = [.. Protocol.Decides(cell.Settings, search.Network)];
        if (decided.Length == 0) return null;
        bool isLong = decided.Any(one => one.Key is "train.steps" or "train.epochs");
        string length = isLong ? $" at their length, {NumberFormat.Count(search.Training.Steps)} steps a training" : "";
        string values = string.Join(", ", decided.Where(one => one.Key is not ("train.steps" or "train.epochs")).Select(one => $"{Short(one.Key)} {one.Value.Line}"));
        string late = decided.Any(one => one.Key == "train.schedule.steps.at") && search.Training.Schedule.At.Any(at => at >= search.Training.Steps)
            ? $" The learning rate changes at steps that a training of {NumberFormat.Count(search.Training.Steps)} does not reach: give {(isCommand ? "--lr-at" : "train.schedule")}." : "";
        return $"{search.Network.Name} is trained by the papers' protocol{length}{(values.Length == 0 ? "" : $": {values}")}. "
            + (isLong ? isCommand ? "Give --steps or --epochs for another length, or --protocol none for none of it." : "Set train.steps for another length, or protocol: none for none of it."
                : isCommand ? "--protocol none leaves it out." : "protocol: none leaves it out.") + late;
    }

    private static string Short(string key) => key.StartsWith("train.", StringComparison.Ordinal) ? key["train.".Length..] : key;

    private static IEnumerable<string> Lines(string title, (string Name, YamlMap Settings)? protocol) => protocol is not { } known ? []
        : ["", title, .. known.Settings.Entries.Select(entry => $"  {entry.Key.Value}: {entry.Value.Line}")];
}
