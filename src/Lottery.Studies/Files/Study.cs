using System.Collections.Immutable;
using System.Globalization;
using Lottery.Formats.Yaml;
using Lottery.Studies.Settings;

namespace Lottery.Studies.Files;

/// <summary>A set of searches: the cells of a study file, or the one search that a command line states. Checked whole.</summary>
internal sealed record Study
{
    /// <summary>The value of <c>judge-at</c> for the sparsest density at which the reference is as good as the dense network.</summary>
    public const string AsGood = "as-good";

    /// <summary>Two densities are the same if they differ by at most this fraction.</summary>
    public const double SameDensity = 0.01;

    /// <summary>The file that it was read from; null for a command line.</summary>
    public string? Path { get; init; }

    /// <summary>The study's name; null for a command line.</summary>
    public string? Name { get; init; }

    /// <summary>What it is about, or null.</summary>
    public string? About { get; init; }

    /// <summary>Every value, defaults included, except for axes and scales.</summary>
    public required YamlMap Resolved { get; init; }

    /// <summary>The names of what varies, in the order of the file.</summary>
    public required ImmutableArray<string> Axes { get; init; }

    /// <summary>The cells, the first axis varying slowest; at least one.</summary>
    public required ImmutableArray<StudyCell> Cells { get; init; }

    /// <summary>The cell that others are compared with.</summary>
    public required StudyCell Reference { get; init; }

    /// <summary>The density at which it is judged; null for the sparsest at which the reference is as good as the dense network.</summary>
    public double? JudgeAt { get; init; }

    /// <summary>The largest difference in accuracy that counts as good; null for that of the data set.</summary>
    public double? Margin { get; init; }

    /// <summary>The number of seeds.</summary>
    public int Replicates => Cells[0].Definition.Replicates;

    /// <summary>The seeds, one a replicate.</summary>
    public IEnumerable<ulong> Seeds => Cells[0].Definition.Seeds;

    /// <summary>Reads a file and applies the overrides.</summary>
    /// <exception cref="UserException">Something is wrong; the sentence opens with file, line and column, or the option.</exception>
    public static Study Read(string path, StudyOverrides overrides)
    {
        YamlNode node = YamlReader.ReadFile(path);
        StudyShape.File.Check(node, "");
        var file = (YamlMap)node;
        if (file["study"] is null) throw new UserException($"{file.Location}: the study has no name; add it as study.");
        YamlMap given = file.Without("scales");
        foreach (YamlMap over in Overlays(file, path, overrides)) given = StudyTree.Merge(given, over, StudyShape.File);
        return Of(given, path, StudyShape.File, overrides.Large) with { Path = path };
    }

    /// <summary>The one search that options of <c>find</c> state.</summary>
    /// <param name="options">The text of each option that is given, by its name; <c>true</c> for a flag.</param>
    /// <exception cref="UserException">A value is wrong, or options contradict each other; the sentence names the option.</exception>
    public static Study FromOptions(IReadOnlyDictionary<string, string> options) => Of(SettingOptions.Read(options), null, StudyShape.Unnamed);

    /// <summary>The study that a text in YAML states; it needs no name.</summary>
    /// <param name="source">What errors call the text.</param>
    /// <param name="text">The study.</param>
    /// <exception cref="UserException">Something is wrong; the sentence opens with <paramref name="source"/>.</exception>
    public static Study FromText(string source, string text)
    {
        YamlNode node = YamlReader.ReadText(source, text);
        StudyShape.Unnamed.Check(node, "");
        return Of((YamlMap)node, source, StudyShape.Unnamed);
    }

    private static Study Of(YamlMap given, string? source, MapShape shape, bool large = false)
    {
        bool isSupermask = StudyShape.LearnsSupermask(given);
        if (isSupermask) StudyShape.RequireNoPruning(given);
        shape.Check(given, "");
        var matrix = StudyMatrix.Of(given, new(isSupermask, source), large);
        YamlNode? judgeAt = given["judge-at"] is { Text: not AsGood } stated ? stated : null;
        if (judgeAt is not null) RequireDensity(judgeAt, matrix.Reference);
        return new()
        {
            Name = given["study"]?.Text,
            About = given["about"]?.Text,
            Resolved = InOrder(matrix.Fixed, shape),
            Axes = [.. matrix.Axes.Select(axis => axis.Name)],
            Cells = matrix.Cells,
            Reference = matrix.Reference,
            JudgeAt = judgeAt?.Number(),
            Margin = given["margin"]?.Number(),
        };
    }

    private static void RequireDensity(YamlNode judgeAt, StudyCell reference)
    {
        double stated = judgeAt.Number();
        if (reference.Densities is not { } planned || planned.Any(density => IsSame(density, stated))) return;
        double[] nearest = [.. planned.OrderBy(density => Math.Abs(Math.Log(density / stated))).Take(2)];
        throw new UserException($"{judgeAt.Location.Subject("judge-at")} is {judgeAt.Text}, but no level of the reference keeps that fraction of the weights; the nearest "
            + $"{(nearest.Length == 1 ? "is" : "are")} {string.Join(" and ", nearest.Select(density => Math.Round(density, 4).ToString(CultureInfo.InvariantCulture)))}.");
    }

    /// <summary>Whether a density counts as equal to another.</summary>
    public static bool IsSame(double density, double other) => Math.Abs(density / other - 1) <= SameDensity;

    private static YamlMap InOrder(YamlMap map, MapShape shape) =>
        map with { Entries = [.. map.Entries.OrderBy(entry => shape.Settings.IndexOf(shape[entry.Key.Value]!))] };

    private static IEnumerable<YamlMap> Overlays(YamlMap file, string path, StudyOverrides overrides)
    {
        if (overrides.Scale is { } name) yield return Scale(file, path, name);
        foreach (YamlMap map in overrides.Maps()) yield return map;
    }

    private static YamlMap Scale(YamlMap file, string path, string name)
    {
        var scales = (YamlMap?)file["scales"];
        if (scales?[name] is YamlMap scale) return scale;
        string[] names = [.. (scales?.Entries ?? []).Select(entry => entry.Key.Value)];
        throw new UserException($"--scale is '{name}', which {path} does not have"
            + (Suggestion.Nearest(name, names) is { } nearest ? $"; did you mean '{nearest}'?"
                : names.Length == 0 ? "; it has no scales, so leave the option out." : $"; use {string.Join(", ", names)}."));
    }
}
