using Lottery.Formats.Yaml;
using Lottery.Search;

namespace Lottery.Studies.Settings;

/// <summary>
/// One setting of a search, described once. Study files and their schema, the options of <c>find</c> and their help, the
/// definition of a search and the command that repeats it all follow from this.
/// </summary>
/// <param name="Key">Its key in a study file, within the map that holds it.</param>
/// <param name="Shape">What its value may be.</param>
/// <param name="About">A sentence for editors and the help.</param>
internal sealed record Setting(string Key, ValueShape Shape, string About)
{
    /// <summary>Whether the map that holds it must have it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>The value of a file that does not state it, in YAML; null for none.</summary>
    public string? Default { get; init; }

    /// <summary>The default where a supermask is learned, if it differs.</summary>
    public string? SupermaskDefault { get; init; }

    /// <summary>Whether it has no meaning where a supermask is learned.</summary>
    public bool IsOfPruning { get; init; }

    /// <summary>The option of <c>find</c> that states it; null where it has none, or options of its parts.</summary>
    public SettingOption? Option { get; init; }

    /// <summary>Puts a checked value into a definition; null where its parts do, or where it is no part of one.</summary>
    public Func<SearchDefinition, YamlNode, SearchDefinition>? Read { get; init; }

    /// <summary>The value in a definition; null where the definition does not state the setting.</summary>
    public Func<SearchDefinition, YamlNode?>? Write { get; init; }
}

/// <summary>An option of <c>find</c> that states a setting.</summary>
/// <param name="Name">With its dashes; options of settings that exclude each other may share a name.</param>
internal sealed record SettingOption(string Name)
{
    /// <summary>The value where the option is not given, if the file's default is another or none; YAML.</summary>
    public string? Default { get; init; }

    /// <summary>Another option that must be given too; null for none.</summary>
    public string? Needs { get; init; }

    /// <summary>What the help calls the value; null for the shape's own word.</summary>
    public string? ValueName { get; init; }

    /// <summary>Whether the command line refuses to go without it.</summary>
    public bool IsRequired { get; init; }
}
