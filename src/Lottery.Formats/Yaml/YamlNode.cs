using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Lottery.Formats.Yaml;

/// <summary>Where something was written, for errors.</summary>
/// <param name="Source">A file's path, or an option with its value.</param>
/// <param name="Line">From 1; 0 in an option.</param>
/// <param name="Column">From 1.</param>
public sealed record Place(string Source, int Line, int Column)
{
    /// <summary>FILE:LINE:COLUMN, or the option.</summary>
    public override string ToString() => Line == 0 ? Source : FormattableString.Invariant($"{Source}:{Line}:{Column}");
}

/// <summary>A value in a YAML document, and where it stands.</summary>
public abstract record YamlNode(Place Place)
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
/// <param name="IsQuoted">Whether it was in quotes: what is quoted is no number.</param>
/// <param name="Place">Where it stands.</param>
public sealed record YamlScalar(string Value, bool IsQuoted, Place Place) : YamlNode(Place);

/// <summary>Values in an order.</summary>
public sealed record YamlList(ImmutableArray<YamlNode> Items, Place Place) : YamlNode(Place);

/// <summary>Values with keys; no key is there twice.</summary>
public sealed record YamlMap(ImmutableArray<YamlEntry> Entries, Place Place) : YamlNode(Place)
{
    /// <summary>The value of a key, or null.</summary>
    public YamlNode? this[string key] => Entries.FirstOrDefault(entry => entry.Key.Value == key)?.Value;

    /// <summary>With a key's value replaced, or the key added.</summary>
    public YamlMap With(string key, YamlNode value)
    {
        int index = Entries.IndexOf(Entries.FirstOrDefault(entry => entry.Key.Value == key)!);
        var entry = new YamlEntry(new(key, false, value.Place), value);
        return index < 0
            ? this with { Entries = Entries.Add(entry) }
            : this with { Entries = Entries.SetItem(index, entry with { Key = Entries[index].Key }) };
    }

    /// <summary>Without some keys.</summary>
    public YamlMap Without(params IEnumerable<string> keys) =>
        this with { Entries = [.. Entries.Where(entry => !keys.Contains(entry.Key.Value))] };
}

/// <summary>A key and its value.</summary>
public sealed record YamlEntry(YamlScalar Key, YamlNode Value);
