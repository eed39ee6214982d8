using System.Collections.Frozen;
using Lottery.Formats.Yaml;
using Lottery.Networks;
using Lottery.Studies.Identity;

namespace Lottery.Studies.Settings;

/// <summary>How a search follows the papers where nothing else is stated.</summary>
internal enum ProtocolChoice
{
    /// <summary>The protocol of the network, if it has one.</summary>
    Paper,

    /// <summary>The same defaults for every network.</summary>
    None,
}

/// <summary>
/// The protocols of Frankle &amp; Carbin (2019), figure 2 and appendices G to I, and of Zhou et al. (2019): what a network of the catalogue
/// is trained and pruned with unless something else is stated. They lie between the defaults of the settings and what a study
/// or a command line states.
/// </summary>
internal static class Protocol
{
    private const string Residual = """
        data: { validation: 5000, scale: mean-std, augment: [crop, flip] }
        train:
          optimizer: { sgd: { lr: 0.1, momentum: 0.9, weight-decay: 1e-4 } }
          schedule: { steps: { at: [20000, 25000], factor: 0.1 } }
          batch: 128
          steps: 30000
          evaluate: { every: 100 }
        prune: { rate: { conv: 0.2 }, scope: network }
        """;

    private static readonly FrozenDictionary<string, YamlMap> s_pruning = Read(new()
    {
        ["lenet-300-100"] = Small("1.2e-3", 50_380, "{ fc: 0.2, output: 0.1 }"),
        ["conv-2"] = Small("2e-4", 20_250, "{ conv: 0.1, fc: 0.2, output: 0.1 }"),
        ["conv-4"] = Small("3e-4", 25_500, "{ conv: 0.1, fc: 0.2, output: 0.1 }"),
        ["conv-6"] = Small("3e-4", 30_000, "{ conv: 0.15, fc: 0.2, output: 0.1 }"),
        ["conv-2-dropout"] = Small("3e-4", 60_000, "{ conv: 0.1, fc: 0.2, output: 0.1 }"),
        ["conv-4-dropout"] = Small("2e-4", 75_000, "{ conv: 0.1, fc: 0.2, output: 0.1 }"),
        ["conv-6-dropout"] = Small("2e-4", 90_000, "{ conv: 0.15, fc: 0.2, output: 0.1 }"),
        ["resnet-18"] = Residual,
        ["resnet-20"] = Residual,
        ["vgg-19"] = """
            data: { validation: 5000, scale: mean-std, augment: [crop, flip] }
            train:
              optimizer: { sgd: { lr: 0.1, momentum: 0.9, weight-decay: 1e-4 } }
              schedule: { steps: { at: [56240, 84360], factor: 0.1 } }
              batch: 64
              steps: 112480
              evaluate: { every: 500 }
            prune: { rate: { conv: 0.2 }, scope: network }
            """,
    });

    /// <summary>Zhou et al. (2019) state the training of a learned mask for the fully connected network alone.</summary>
    private static readonly FrozenDictionary<string, YamlMap> s_supermasks = Read(new()
    {
        ["lenet-300-100"] = """
            data: { validation: 5000, scale: unit }
            train:
              optimizer: { sgd: { lr: 100, momentum: 0.9 } }
              batch: 250
              epochs: 2000
              evaluate: { every: 220 }
            """,
    });

    /// <summary>The maps of settings that a protocol has values in.</summary>
    public static string[] Sections { get; } = ["data", "train", "prune"];

    /// <summary>The protocol of a network: what it is called in the catalogue, and its settings; null where the papers have none.</summary>
    /// <param name="network">The network, whatever it is called and whatever its weights are sampled from.</param>
    /// <param name="isSupermask">Whether a supermask is learned.</param>
    public static (string Name, YamlMap Settings)? Of(Network network, bool isSupermask) =>
        NetworkCatalogue.NameOf(network.With(InitialDistribution.GlorotNormal).Description) is { } name && (isSupermask ? s_supermasks : s_pruning).TryGetValue(name, out YamlMap? settings)
            ? (name, settings) : null;

    /// <summary>The defaults with a network's protocol over them.</summary>
    /// <param name="network">The network; null where it is not known.</param>
    /// <param name="choice">The setting <c>protocol</c> as stated; null if it is not.</param>
    /// <param name="isSupermask">Whether a supermask is learned.</param>
    /// <param name="source">What errors about a default name; null where options state the settings.</param>
    public static YamlMap Defaults(Network? network, YamlNode? choice, bool isSupermask, string? source)
    {
        YamlMap defaults = SettingTree.Defaults(isSupermask, source);
        return network is null || choice?.Text == KebabCase.Of(ProtocolChoice.None) || Of(network, isSupermask) is not { } protocol ? defaults
            : StudyTree.Merge(defaults, SettingTree.AsDefaults(protocol.Settings, source), SettingRegistry.Search);
    }

    /// <summary>What a protocol decides of a search: its values that nothing else states and that differ from the defaults, by their keys.</summary>
    /// <param name="settings">Every setting of the search.</param>
    /// <param name="network">Its network.</param>
    public static IEnumerable<(string Key, YamlNode Value)> Decides(YamlMap settings, Network network)
    {
        bool isSupermask = settings["supermask"] is not null;
        if (settings["protocol"]?.Text == KebabCase.Of(ProtocolChoice.None) || Of(network, isSupermask) is not { } protocol) return [];
        YamlMap defaults = SettingTree.Defaults(isSupermask, source: null);
        return Leaves(protocol.Settings, []).Where(leaf => settings.At(leaf.Path) is { Location.IsDefault: true } value && value.Line == leaf.Value.Line
            && defaults.At(leaf.Path)?.Line != leaf.Value.Line).Select(leaf => (string.Join('.', leaf.Path), leaf.Value));
    }

    private static IEnumerable<(string[] Path, YamlNode Value)> Leaves(YamlMap map, string[] path) => map.Entries.SelectMany(entry =>
        entry.Value is YamlMap inner ? Leaves(inner, [.. path, entry.Key.Value]) : [([.. path, entry.Key.Value], entry.Value)]);

    private static string Small(string rate, int steps, string rates) => FormattableString.Invariant($$"""
        data: { validation: 5000, scale: unit }
        train: { optimizer: { adam: { lr: {{rate}} } }, batch: 60, steps: {{steps}}, evaluate: { every: 100 } }
        prune: { rate: {{rates}}, scope: layer }
        """);

    private static FrozenDictionary<string, YamlMap> Read(Dictionary<string, string> texts) =>
        texts.ToFrozenDictionary(text => text.Key, text => (YamlMap)YamlReader.ReadText($"the protocol of {text.Key}", text.Value));
}
