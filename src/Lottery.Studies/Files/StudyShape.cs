using Lottery.Formats.Yaml;
using Lottery.Studies.Settings;
using Lottery.Studies.Store;

namespace Lottery.Studies.Files;

/// <summary>What a study file may hold: the settings of a search, and the matrix that varies them.</summary>
internal static class StudyShape
{
    /// <summary>What overrides may state.</summary>
    public static MapShape Scale { get; } = new(
    [
        .. SettingRegistry.Cell.Settings,
        new("matrix", Matrix, "Axes whose product is the cells of the study."),
        new("exclude", new ListShape(StudyAxes.Cell), "Cells to leave out: those that have all of these values."),
        new("reference", StudyAxes.Cell, "The cell that others are compared with; the first, if left out."),
        new("judge-at", new NumberShape(Below: 1, IsPositive: true, Word: Study.AsGood), "The density at which conditions are compared in the "
            + "finding, as in 0.211; as-good, the sparsest at which the reference is as good as the dense network, if left out."),
        new("margin", new NumberShape(Below: 1, IsPositive: true), "The largest difference in accuracy that counts as good, as in 0.003; that of the data set, if left out."),
        .. SettingRegistry.Search.Settings.Skip(SettingRegistry.Cell.Settings.Length),
    ]);

    /// <summary>A whole file.</summary>
    public static MapShape File { get; } = new(
    [
        new("study", new NameShape("NAME", [], name => StudyLists.Checked(name)),
            "The study's name: lower-case letters, digits, dots and hyphens.") { IsRequired = true },
        new("about", new TextShape(), "What it is about, in a sentence."),
        .. SettingRegistry.Cell.Settings,
        .. Scale.Settings.Skip(SettingRegistry.Cell.Settings.Length),
        new("scales", new DictionaryShape(new SharedShape("scale", () => Scale)), "Overrides by name, for `--scale NAME`."),
    ]);

    /// <summary>A search without a name, as options state it.</summary>
    public static MapShape Unnamed { get; } = new([.. File.Settings.Where(setting => setting.Key is not "study" and not "scales")]);

    /// <summary>Whether a tree states that supermasks are learned, by itself or as an axis.</summary>
    public static bool LearnsSupermask(YamlMap given) => Stated(given).Any(entry => TopOf(entry.Key.Value) == "supermask");

    /// <summary>Checks that a tree that learns supermasks states nothing of pruning.</summary>
    /// <exception cref="UserException">It does; the sentence names the location or the option.</exception>
    public static void RequireNoPruning(YamlMap given)
    {
        if (Stated(given).FirstOrDefault(entry => SettingRegistry.Cell[TopOf(entry.Key.Value)]?.IsOfPruning == true) is not { } other) return;
        SourceLocation location = other.Key.Location;
        throw new UserException(location.IsOption
            ? $"--supermask and {location} are both given; where a mask is learned nothing is pruned, so leave one out."
            : $"{location}: {other.Key.Value} has no meaning in a study with supermask, where masks are learned and nothing is pruned; leave one out.");
    }

    /// <summary>The keys of a tree, and its axes.</summary>
    private static IEnumerable<YamlEntry> Stated(YamlMap given) => given.Entries.Concat((given["matrix"] as YamlMap)?.Entries ?? []);

    /// <summary>The key that an axis belongs to; <c>schedule</c> is that of <c>prune</c>.</summary>
    private static string TopOf(string axis) => axis == "schedule" ? "prune" : axis.Split('.')[0];

    private static MapShape Matrix =>
        new([.. StudyAxes.All.Select(axis => new Setting(axis.Name, new ListShape(axis.Shape), "The values of this axis."))]);
}
