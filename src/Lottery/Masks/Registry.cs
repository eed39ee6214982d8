using System.Collections.Immutable;

namespace Lottery.Masks;

/// <summary>Looks up by name what specifications and the command line name.</summary>
internal static class Registry
{
    /// <summary>The one of <paramref name="all"/> that is called <paramref name="name"/>.</summary>
    /// <exception cref="UserException">None is; the sentence suggests the nearest, or lists them all.</exception>
    internal static T Get<T>(string noun, string name, ImmutableArray<T> all, Func<T, string> nameOf)
    {
        foreach (T one in all)
            if (nameOf(one) == name) return one;
        ImmutableArray<string> names = [.. all.Select(nameOf)];
        throw new UserException(Suggestion.Nearest(name, names) is { } nearest
            ? $"There is no {noun} called '{name}'; did you mean '{nearest}'?"
            : $"There is no {noun} called '{name}': take one of {string.Join(", ", names)}.");
    }
}
