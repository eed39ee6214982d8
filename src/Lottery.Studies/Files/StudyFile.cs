using System.Collections.Immutable;
using System.Globalization;
using Lottery.Formats.Yaml;

namespace Lottery.Studies.Files;

/// <summary>A study as its file and the overrides state it, checked whole.</summary>
public sealed record StudyFile
{
    /// <summary>Where it was read from.</summary>
    public required string Path { get; init; }

    /// <summary>The study's name.</summary>
    public required string Name { get; init; }

    /// <summary>What it is about, or null.</summary>
    public string? About { get; init; }

    /// <summary>Every value, defaults included, but for those that vary and for the scales.</summary>
    public required YamlMap Resolved { get; init; }

    /// <summary>The names of what varies, in the order of the file.</summary>
    public required ImmutableArray<string> Axes { get; init; }

    /// <summary>The cells, the first axis varying slowest.</summary>
    public required ImmutableArray<StudyCell> Cells { get; init; }

    /// <summary>The cell that others are compared with.</summary>
    public required StudyCell Reference { get; init; }

    /// <summary>How many seeds.</summary>
    public required int Replicates { get; init; }

    /// <summary>The first replicate's seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The seeds, one a replicate.</summary>
    public IEnumerable<ulong> Seeds => Enumerable.Range(0, Replicates).Select(replicate => unchecked(Seed + (ulong)replicate));

    /// <summary>Reads a file and lays the overrides over it.</summary>
    /// <exception cref="UserException">Something is wrong; the sentence opens with file, line and column, or the option.</exception>
    public static StudyFile Read(string path, StudyOverrides overrides)
    {
        YamlNode node = YamlReader.ReadFile(path);
        StudyKeys.File.Check(node, "");
        var file = (YamlMap)node;
        YamlMap given = file.Without("scales");
        foreach (YamlMap over in Overlays(file, path, overrides)) given = StudyTree.Merge(given, over, StudyKeys.File);
        YamlMap all = StudyTree.Merge(DefaultsOf(path, given), given, StudyKeys.File);
        StudyKeys.File.Check(all, "");
        var matrix = StudyMatrix.Of(given, all, overrides.Large);
        return new()
        {
            Path = path,
            Name = all["study"]!.Text,
            About = all["about"]?.Text,
            Resolved = InOrder(matrix.Fixed),
            Axes = [.. matrix.Axes.Select(axis => axis.Name)],
            Cells = matrix.Cells,
            Reference = matrix.Reference,
            Replicates = int.Parse(all["replicates"]!.Text, CultureInfo.InvariantCulture),
            Seed = ulong.Parse(all["seed"]!.Text, CultureInfo.InvariantCulture),
        };
    }

    private static YamlMap DefaultsOf(string path, YamlMap given)
    {
        var usual = (YamlMap)YamlReader.ReadText(path, StudyKeys.Defaults);
        if (!SupermaskStudies.AreIn(given)) return usual;
        SupermaskStudies.RequireNoPruning(given);
        var paper = (YamlMap)YamlReader.ReadText(path, StudyKeys.SupermaskDefaults);
        return StudyTree.Merge(usual, paper, StudyKeys.File).Without(StudyKeys.OfPruning);
    }

    private static YamlMap InOrder(YamlMap map) =>
        map with { Entries = [.. map.Entries.OrderBy(entry => StudyKeys.File.Keys.IndexOf(StudyKeys.File[entry.Key.Value]!))] };

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
                : names.Length == 0 ? ": it has no scales, so leave the option out." : $": it has {string.Join(", ", names)}."));
    }
}
