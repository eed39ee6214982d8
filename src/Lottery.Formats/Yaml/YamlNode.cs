using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Lottery.Formats.Yaml;

/// <summary>Where a value was written, for errors.</summary>
/// <param name="Source">A file's path, or an option of the command line.</param>
/// <param name="Line">From 1; 0 outside of a file.</param>
/// <param name="Column">From 1; 0 outside of a file.</param>
internal sealed record SourceLocation(string Source, int Line = 0, int Column = 0)
{
    /// <summary>True where <see cref="Source"/> is an option that names the setting itself, as in <c>--batch</c>.</summary>
    public bool IsOption { get; init; }

    /// <summary>True for a default value: neither a file nor an option states it.</summary>
    public bool IsDefault { get; init; }

    /// <summary>A sentence about the value, without a full stop: after FILE:LINE:COLUMN, or as it is where an option states the value.</summary>
    public string Sentence(string text) => IsOption ? text : $"{this}: {text}";

    /// <summary>What an error calls the value: the option, or FILE:LINE:COLUMN and the setting's key.</summary>
    public string Subject(string key) => IsOption ? Source : $"{this}: {key}";

    /// <summary>FILE:LINE:COLUMN, or the option.</summary>
    public override string ToString() => Line == 0 ? Source : FormattableString.Invariant($"{Source}:{Line}:{Column}");
}

/// <summary>A value in a YAML document, and its location.</summary>
internal abstract record YamlNode(SourceLocation Location)
{
    private static readonly JsonSerializerOptions Quoted = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The value in one line of YAML; equal values have equal lines.</summary>
    public string Line => this switch
    {
        YamlScalar scalar => Spell(scalar),
        YamlList { Items.Length: 0 } => "[]",
        YamlList list => $"[{string.Join(", ", list.Items.Select(item => item.Line))}]",
        YamlMap { Entries.Length: 0 } => "{}",
        YamlMap map => $"{{ {string.Join(", ", map.Entries.Select(entry => $"{Spell(entry.Key)}: {entry.Value.Line}"))} }}",
        _ => throw new NotSupportedException(GetType().Name),
    };

    /// <summary>The text for people: that of a scalar as it is, everything else as <see cref="Line"/>.</summary>
    public string Text => this is YamlScalar scalar ? scalar.Value : Line;

    private static string Spell(YamlScalar scalar) =>
        scalar.IsQuoted || scalar.Value.AsSpan().ContainsAny(",[]{}:#\"'\n")
            ? JsonSerializer.Serialize(scalar.Value, Quoted)
            : scalar.Value;
}

/// <summary>A single value.</summary>
/// <param name="Value">Its text, without quotes.</param>
/// <param name="IsQuoted">Whether it was in quotes; quoted text is never a number.</param>
/// <param name="Location">Where it was written.</param>
internal sealed record YamlScalar(string Value, bool IsQuoted, SourceLocation Location) : YamlNode(Location);

/// <summary>A list of values.</summary>
internal sealed record YamlList(ImmutableArray<YamlNode> Items, SourceLocation Location) : YamlNode(Location);

/// <summary>Values with keys, each key once.</summary>
internal sealed record YamlMap(ImmutableArray<YamlEntry> Entries, SourceLocation Location) : YamlNode(Location)
{
    /// <summary>The value of a key, or null.</summary>
    public YamlNode? this[string key] => Entries.FirstOrDefault(entry => entry.Key.Value == key)?.Value;

    /// <summary>With a key's value replaced, or the key added.</summary>
    public YamlMap With(string key, YamlNode value)
    {
        int index = Entries.IndexOf(Entries.FirstOrDefault(entry => entry.Key.Value == key)!);
        var entry = new YamlEntry(new(key, false, value.Location), value);
        return index < 0
            ? this with { Entries = Entries.Add(entry) }
            : this with { Entries = Entries.SetItem(index, entry with { Key = Entries[index].Key }) };
    }

    /// <summary>Without some keys.</summary>
    public YamlMap Without(params IEnumerable<string> keys) =>
        this with { Entries = [.. Entries.Where(entry => !keys.Contains(entry.Key.Value))] };
}

/// <summary>A key and its value.</summary>
internal sealed record YamlEntry(YamlScalar Key, YamlNode Value);
