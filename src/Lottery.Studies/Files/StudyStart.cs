using Lottery.Formats.Yaml;
using Lottery.Networks;
using Lottery.Studies.Store;

namespace Lottery.Studies.Files;

/// <summary>What a cell of a study begins with: its keys <c>mask</c> and <c>start</c>.</summary>
internal static class StudyStart
{
    /// <summary>The start of a cell.</summary>
    /// <param name="settings">The cell's values.</param>
    /// <param name="mask">The mask, as the file names it; null to begin dense.</param>
    /// <param name="network">The cell's network.</param>
    /// <param name="starts">Reads files.</param>
    /// <exception cref="UserException">A file is missing, or is none of the network.</exception>
    public static SearchStart Of(YamlMap settings, string? mask, Network network, SearchStarts starts)
    {
        var files = settings["start"] as YamlMap;
        return starts.Find(new(mask, PathOf(files?["initial"]), PathOf(files?["final"])), network);
    }

    /// <summary>A file is named from where the study's own lies; on the command line, from where one is.</summary>
    private static string? PathOf(YamlNode? node) => node is null ? null
        : node.Place.Line == 0 ? node.Text
        : Path.Combine(Path.GetDirectoryName(node.Place.Source) ?? "", node.Text);
}
