using Lottery.Formats.Yaml;
using Lottery.Specifications;
using Lottery.Studies.Identity;

namespace Lottery.Studies.Files;

/// <summary>Studies in which masks are learned instead of pruned.</summary>
internal static class SupermaskStudies
{
    private const string Key = "supermask";

    /// <summary>Whether a file has the key, or an axis of it.</summary>
    public static bool AreIn(YamlMap given) => given[Key] is not null
        || (given["matrix"] as YamlMap)?.Entries.Any(entry => TopOf(entry.Key.Value) == Key) == true;

    /// <summary>Makes sure that such a file says nothing of pruning.</summary>
    /// <exception cref="UserException">It does; the sentence opens with the place.</exception>
    public static void RequireNoPruning(YamlMap given)
    {
        IEnumerable<YamlEntry> axes = (given["matrix"] as YamlMap)?.Entries ?? [];
        if (given.Entries.Concat(axes).FirstOrDefault(entry => StudyKeys.OfPruning.Contains(TopOf(entry.Key.Value))) is { } other)
            throw new UserException($"{other.Key.Place}: {other.Key.Value} has no meaning in a study with supermask, "
                + "where masks are learned and nothing is pruned; leave one out.");
    }

    /// <summary>What a cell learns; null for a search by pruning.</summary>
    public static SupermaskSpecification? Of(YamlMap settings) => settings[Key] is not YamlMap map ? null : new()
    {
        Weights = map["weights"] is { } weights ? KebabCase.Parse<SupermaskWeights>(weights.Text) : SupermaskWeights.Initial,
        Rescale = map["rescale"]?.Text == "true",
    };

    /// <summary>The key that an axis belongs to; <c>schedule</c> is that of <c>prune</c>.</summary>
    private static string TopOf(string axis) => axis == "schedule" ? "prune" : axis.Split('.')[0];
}
