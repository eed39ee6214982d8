using System.Collections.Immutable;
using Lottery.Formats.Yaml;

namespace Lottery.Studies.Settings;

/// <summary>Look-ups and overrides in the tree of a study's values.</summary>
internal static class StudyTree
{
    /// <summary>The value at a path, or null.</summary>
    public static YamlNode? At(this YamlMap map, params ReadOnlySpan<string> path)
    {
        YamlNode? node = map;
        foreach (string key in path) node = (node as YamlMap)?[key];
        return node;
    }

    /// <summary>
    /// <paramref name="over"/> laid over <paramref name="under"/>: maps are merged, other values are replaced, and a key
    /// replaces its alternatives.
    /// </summary>
    public static YamlMap Merge(YamlMap under, YamlMap over, MapShape shape)
    {
        foreach ((YamlScalar key, YamlNode value) in over.Entries)
        {
            under = under.Without(shape.GroupOf(key.Value).Where(other => other != key.Value));
            under = under.With(key.Value, under[key.Value] is YamlMap below && value is YamlMap above && shape[key.Value]?.MapOf() is { } inner
                ? Merge(below, above, inner) : value);
        }
        // Errors about a map that a file states name its location there, not that of the defaults.
        return under.Location.IsDefault ? under with { Location = over.Location } : under;
    }

    /// <summary>The values that two maps have in common.</summary>
    public static YamlMap Common(YamlMap one, YamlMap other) => one with
    {
        Entries =
        [
            .. one.Entries.Select(entry => (entry.Value, other[entry.Key.Value]) switch
            {
                (_, null) => null,
                (YamlMap a, YamlMap b) => Common(a, b) is var both && (!both.Entries.IsEmpty || a.Line == b.Line) ? entry with { Value = both } : null,
                var (a, b) => a.Line == b.Line ? entry : null,
            }).OfType<YamlEntry>(),
        ],
    };

    /// <summary>A map with one value at a path.</summary>
    public static YamlMap Path(ReadOnlySpan<string> path, YamlNode value)
    {
        YamlNode inner = path.Length == 1 ? value : Path(path[1..], value);
        return new([new(new(path[0], false, value.Location), inner)], value.Location);
    }

    /// <summary>A map with one more value at a path; alternatives stay side by side, for a check to find.</summary>
    /// <exception cref="UserException">Another option states the whole that the value is a part of.</exception>
    public static YamlMap Add(YamlMap tree, ReadOnlySpan<string> path, YamlNode value)
    {
        if (path.Length > 1 && tree[path[0]] is YamlScalar whole)
            throw new UserException($"{whole.Location} and {value.Location} are both given; give one of them.");
        if (path.Length > 1 && tree[path[0]] is YamlMap inner) return tree.With(path[0], Add(inner, path[1..], value));
        YamlNode added = path.Length == 1 ? value : Path(path[1..], value);
        return tree with { Entries = [.. tree.Without(path[0]).Entries, new(new(path[0], false, value.Location), added)] };
    }

    /// <summary>The keys that <paramref name="text"/> names in a shape: dots lead down, unless a key contains them itself.</summary>
    public static ImmutableArray<string> Keys(string text, MapShape? shape)
    {
        string[] words = text.Split('.');
        for (int length = words.Length; length > 0; length--)
        {
            string key = string.Join('.', words[..length]);
            if (shape?[key] is not { } known) continue;
            return length == words.Length ? [key] : [key, .. Keys(string.Join('.', words[length..]), known.MapOf())];
        }
        return [.. words];
    }
}
