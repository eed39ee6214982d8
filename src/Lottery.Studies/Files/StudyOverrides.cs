using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using Lottery.Formats.Yaml;
using Lottery.Studies.Settings;

namespace Lottery.Studies.Files;

/// <summary>Values that override those of a study file.</summary>
internal sealed record StudyOverrides
{
    /// <summary>The name of one of the file's scales, or null.</summary>
    public string? Scale { get; init; }

    /// <summary>KEY=VALUE, as in <c>train.steps=100</c>; later ones win.</summary>
    public ImmutableArray<string> Set { get; init; } = [];

    /// <summary>The number of seeds, or null.</summary>
    public int? Replicates { get; init; }

    /// <summary>The first replicate's seed, or null.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Whether a matrix may have more cells than <see cref="StudyMatrix.MostCells"/>.</summary>
    public bool Large { get; init; }

    /// <summary>The options that state them.</summary>
    [JsonIgnore]
    public IEnumerable<string> Words =>
    [
        .. Scale is { } scale ? ["--scale", scale] : (string[])[],
        .. Set.SelectMany(value => (string[])["--set", value]),
        .. Replicates is { } replicates ? ["--replicates", replicates.ToString(CultureInfo.InvariantCulture)] : (string[])[],
        .. Seed is { } seed ? ["--seed", seed.ToString(CultureInfo.InvariantCulture)] : (string[])[],
        .. Large ? ["--large"] : (string[])[],
    ];

    /// <summary>The overrides except for the scale, in the order in which they apply.</summary>
    /// <exception cref="UserException">One is not written as KEY=VALUE, names no key, or has a wrong value.</exception>
    internal IEnumerable<YamlMap> Maps()
    {
        foreach (string text in Set) yield return Map(text);
        if (Replicates is { } replicates) yield return Number("--replicates", "replicates", (ulong)replicates);
        if (Seed is { } seed) yield return Number("--seed", "seed", seed);
    }

    private static YamlMap Map(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0) throw new UserException($"--set is '{text}', but must be written as in train.steps=1000.");
        ImmutableArray<string> keys = StudyTree.Keys(text[..equals], StudyShape.Scale);
        YamlMap map = StudyTree.Path(keys.AsSpan(), YamlReader.ReadText($"--set {text}", text[(equals + 1)..]));
        StudyShape.Scale.Check(map, "");
        return map;
    }

    private static YamlMap Number(string option, string key, ulong number)
    {
        string digits = number.ToString(CultureInfo.InvariantCulture);
        return StudyTree.Path([key], new YamlScalar(digits, false, new($"{option} {digits}")));
    }
}
