using System.Collections.Immutable;
using Lottery.Formats.Yaml;

namespace Lottery.Studies.Files;

/// <summary>Finding and laying over in the tree of a study's values.</summary>
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
    /// <paramref name="over"/> laid over <paramref name="under"/>: maps are merged, other values replaced, and a key takes
    /// the place of its alternatives.
    /// </summary>
    public static YamlMap Merge(YamlMap under, YamlMap over, MapShape shape)
    {
        foreach ((YamlScalar key, YamlNode value) in over.Entries)
        {
            if (shape.Alternatives.Contains(key.Value))
                under = under.Without(shape.Alternatives.Where(other => other != key.Value));
            bool bothMaps = under[key.Value] is YamlMap && value is YamlMap && shape[key.Value]?.Shape is MapShape;
            under = under.With(key.Value, bothMaps
                ? Merge((YamlMap)under[key.Value]!, (YamlMap)value, (MapShape)shape[key.Value]!.Shape)
                : value);
        }
        // Of a map that a file writes, errors name the place there, and not the defaults.
        return under.Place.Line == 0 ? under with { Place = over.Place } : under;
    }

    /// <summary>A map with one value at a path.</summary>
    public static YamlMap Path(ReadOnlySpan<string> path, YamlNode value)
    {
        YamlNode inner = path.Length == 1 ? value : Path(path[1..], value);
        return new([new(new(path[0], false, value.Place), inner)], value.Place);
    }

    /// <summary>The keys that <paramref name="text"/> names in a shape: dots lead down, unless a key has them itself.</summary>
    public static ImmutableArray<string> Keys(string text, MapShape? shape)
    {
        string[] words = text.Split('.');
        for (int length = words.Length; length > 0; length--)
        {
            string key = string.Join('.', words[..length]);
            if (shape?[key] is not { } known) continue;
            return length == words.Length ? [key] : [key, .. Keys(string.Join('.', words[length..]), known.Shape as MapShape)];
        }
        return [.. words];
    }
}
