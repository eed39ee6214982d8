using System.Collections.Immutable;
using System.Globalization;
using Lottery.Formats.Networks;
using Lottery.Formats.Yaml;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Studies.Identity;
using Lottery.Tickets;

namespace Lottery.Studies.Settings;

/// <summary>An option of <c>find</c>.</summary>
/// <param name="Name">With its dashes.</param>
/// <param name="About">A sentence for the help.</param>
/// <param name="ValueName">What the help calls the value.</param>
/// <param name="Default">The value where it is not given; null for none, or for several.</param>
/// <param name="IsFlag">Whether it has no value.</param>
/// <param name="IsRequired">Whether it must be given.</param>
/// <param name="Names">Values that a shell can offer; not all that it may have.</param>
internal sealed record OptionDescription(
    string Name, string About, string ValueName, string? Default, bool IsFlag, bool IsRequired, ImmutableArray<string> Names);

/// <summary>The settings of a search as options of <c>find</c>, in both directions; all of it follows from the registry.</summary>
internal static class SettingOptions
{
    private static readonly ImmutableArray<ImmutableArray<Target>> s_targets =
        [.. Below(SettingRegistry.Search, [], []).GroupBy(target => target.Name).Select(group => group.ToImmutableArray())];

    /// <summary>Every option, in the order of the help; the one of the seed is among them.</summary>
    public static ImmutableArray<OptionDescription> All { get; } = [.. s_targets.Select(Describe)];

    /// <summary>The settings that options state.</summary>
    /// <param name="given">The text of each option that is given, by its name; <c>true</c> for a flag.</param>
    /// <exception cref="UserException">A value is wrong, or options contradict each other; the sentence names the option.</exception>
    internal static YamlMap Read(IReadOnlyDictionary<string, string> given)
    {
        YamlMap defaults = Protocol.Defaults(NetworkOf(given), given.TryGetValue("--protocol", out string? choice) ? SettingNodes.Write(choice) : null,
            isSupermask: given.ContainsKey("--supermask"), source: null);
        YamlMap tree = new([], defaults.Location);
        foreach (ImmutableArray<Target> targets in s_targets)
        {
            string name = targets[0].Name;
            if (!given.TryGetValue(name, out string? text)) continue;
            if (targets[0].Setting.Option!.Needs is { } needed && !given.ContainsKey(needed) && !s_targets.First(one => one[0].Name == needed).Any(one => defaults.At(one.Path.AsSpan()) is not null))
                throw new UserException($"{name} is given without {needed}; add {needed}, or leave {name} out.");
            Target target = targets.FirstOrDefault(target => target.Branches.All(branch => branch.Name == Chosen(branch, tree, defaults)))
                ?? throw NotOf([.. targets.Select(one => one.Branches[^1])], name, tree, defaults);
            YamlNode value = target.Setting.Shape.Parse(text, new(name) { IsOption = true });
            target.Setting.Shape.Check(value, string.Join('.', target.Path));
            tree = StudyTree.Add(tree, target.Path.AsSpan(), value);
        }
        SettingRegistry.Search.Check(tree, "");
        return Complete(tree, defaults, SettingRegistry.Search);
    }

    /// <summary>The options that state a definition; those whose values are the defaults are left out. A flag's text is empty.</summary>
    /// <remarks>The data set and the starting point are no part of a definition.</remarks>
    public static IEnumerable<(string Name, string Text)> Write(SearchDefinition search)
    {
        bool isSupermask = search.Supermask is not null;
        YamlMap tree = SettingTree.Write(search), bare = SettingTree.Defaults(isSupermask, source: null),
            protocol = Protocol.Defaults(search.Network, null, isSupermask, source: null);
        // Options add to a protocol and cannot take everything out of it: then the search is stated without one.
        return protocol.Line == bare.Line || IsOver(tree, protocol) ? Write(tree, protocol)
            : Write(tree, bare).Prepend(("--protocol", KebabCase.Of(ProtocolChoice.None)));
    }

    /// <summary>Whether options can state values over defaults: they add to maps and cannot take anything out of one.</summary>
    private static bool IsOver(YamlMap tree, YamlMap defaults)
    {
        YamlMap both = StudyTree.Merge(defaults, tree, SettingRegistry.Search);
        return Protocol.Sections.All(section => (tree[section], both[section]) is not (YamlMap one, YamlMap other) || AreEqual(one, other))
            && !ReplacesMap(tree, defaults);
    }

    private static bool ReplacesMap(YamlMap tree, YamlMap defaults) => defaults.Entries.Any(entry =>
        entry.Value is YamlMap map && (tree[entry.Key.Value] is YamlScalar || (tree[entry.Key.Value] is YamlMap inner && ReplacesMap(inner, map))));

    private static IEnumerable<(string Name, string Text)> Write(YamlMap tree, YamlMap defaults)
    {
        foreach (ImmutableArray<Target> targets in s_targets)
        {
            if (targets.FirstOrDefault(target => tree.At(target.Path.AsSpan()) is not null) is not { } target) continue;
            YamlNode value = tree.At(target.Path.AsSpan())!;
            if (IsDefault(target, value, defaults)) continue;
            string text = target.Setting.Shape.Format(value);
            if (target.Setting.Shape is not BooleanShape) yield return (target.Name, text);
            else if (text == "true") yield return (target.Name, "");
        }
    }

    /// <summary>The network that options name, or that of the ticket they name; null where that cannot be read, which is an error of its own.</summary>
    private static Network? NetworkOf(IReadOnlyDictionary<string, string> given)
    {
        try
        {
            return given.TryGetValue("--network", out string? name) ? NetworkFile.Get(name)
                : given.TryGetValue("--from", out string? ticket) ? Ticket.Load(ticket).Network : null;
        }
        catch (UserException)
        {
            return null;
        }
    }

    private static bool IsDefault(Target target, YamlNode value, YamlMap defaults)
    {
        YamlNode? usual = defaults.At(target.Path.AsSpan());
        if (usual is null && target.Setting.Option!.Default is { } text) usual = SettingTree.Parse(text, value.Location);
        return usual is not null && (target.Setting.Shape is MapShape { IsBranch: true } shape
            ? shape.Format(usual) == shape.Format(value) : AreEqual(usual, value));
    }

    /// <summary>Whether two values are the same, however they are written.</summary>
    private static bool AreEqual(YamlNode one, YamlNode other) => (one, other) switch
    {
        (YamlMap a, YamlMap b) => a.Entries.Length == b.Entries.Length && a.Entries.All(entry => b[entry.Key.Value] is { } value && AreEqual(entry.Value, value)),
        (YamlList a, YamlList b) => a.Items.Length == b.Items.Length && a.Items.Zip(b.Items).All(pair => AreEqual(pair.First, pair.Second)),
        _ when Number(one) is { } a && Number(other) is { } b => a == b,
        _ => one.Text == other.Text,
    };

    private static double? Number(YamlNode node) =>
        double.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;

    /// <summary>Adds what a map that is given requires and has as an option's default: the factor of steps, a learning rate.</summary>
    private static YamlMap Complete(YamlMap given, YamlMap? defaults, MapShape shape)
    {
        foreach (Setting setting in shape.Settings)
        {
            if (given[setting.Key] is YamlMap inner && setting.MapOf() is { } map)
                given = given.With(setting.Key, Complete(inner, defaults?[setting.Key] as YamlMap, map));
            else if (setting is { IsRequired: true, Option: { Default: { } text } option } && given[setting.Key] is null && defaults?[setting.Key] is null)
                given = given.With(setting.Key, SettingTree.Parse(text, new(option.Name) { IsOption = true, IsDefault = true }));
        }
        return given;
    }

    /// <summary>The one of several maps that is given, or the default.</summary>
    private static string? Chosen(Branch branch, YamlMap tree, YamlMap defaults) =>
        ((tree.At(branch.Path.AsSpan()) ?? defaults.At(branch.Path.AsSpan())) as YamlMap)?.Entries[0].Key.Value;

    private static UserException NotOf(Branch[] branches, string option, YamlMap tree, YamlMap defaults) => new(
        $"{option} is for {string.Join(" and ", branches.Select(one => one.Name))}, and the {branches[0].Path[^1]} is {Chosen(branches[0], tree, defaults)}; "
        + $"add {branches[0].Option} {string.Join(" or ", branches.Select(one => one.Name))}.");

    private static OptionDescription Describe(ImmutableArray<Target> targets)
    {
        (Setting setting, SettingOption option) = (targets[0].Setting, targets[0].Setting.Option!);
        string? usual = targets.Length == 1 && (option.Default ?? setting.Default) is { } text
            ? setting.Shape.Format(SettingTree.Parse(text, new(""))) : null;
        string several = targets.Length == 1 ? ""
            : $" [default: {string.Join(", ", targets.Select(target => $"{target.Setting.Option!.Default} with {target.Branches[^1].Name}"))}]";
        bool isFlag = setting.Shape is BooleanShape;
        return new(option.Name, setting.About + several, option.ValueName ?? setting.Shape.ValueName, isFlag ? null : usual, isFlag, option.IsRequired,
            NamesOf(setting.Shape));
    }

    private static ImmutableArray<string> NamesOf(ValueShape shape) => shape switch
    {
        ChoiceShape choice => choice.Names,
        NameShape name => name.Names,
        ListShape list => NamesOf(list.Of),
        EitherShape either => [.. NamesOf(either.Scalar).Union(NamesOf(either.Nested))],
        MapShape { IsBranch: true } map => map.Alternatives,
        ControlsShape => ControlsShape.Names,
        _ => [],
    };

    private static IEnumerable<Target> Below(MapShape shape, ImmutableArray<string> path, ImmutableArray<Branch> branches) => shape.Settings.SelectMany(setting =>
    {
        ImmutableArray<string> here = path.Add(setting.Key);
        IEnumerable<Target> own = setting.Option is { } option ? [new(option.Name, setting, here, branches)] : [];
        if (setting.MapOf() is not { } map) return own;
        return own.Concat(!map.IsBranch ? Below(map, here, branches) : map.Settings.SelectMany(branch =>
            Below((MapShape)branch.Shape, here.Add(branch.Key), branches.Add(new(here, branch.Key, setting.Option!.Name)))));
    });

    /// <summary>A setting that an option states.</summary>
    private sealed record Target(string Name, Setting Setting, ImmutableArray<string> Path, ImmutableArray<Branch> Branches);

    /// <summary>One of several maps, of which a value is exactly one.</summary>
    private sealed record Branch(ImmutableArray<string> Path, string Name, string Option);
}
