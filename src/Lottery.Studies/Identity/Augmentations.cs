using System.Collections.Immutable;
using Lottery.Specifications;

namespace Lottery.Studies.Identity;

/// <summary>The names of augmentations in files and options: <c>crop</c>, <c>flip</c>.</summary>
internal static class Augmentations
{
    /// <summary>Each by itself, in the order in which they are written.</summary>
    public static ImmutableArray<Augmentation> All { get; } = [Augmentation.Crop, Augmentation.Flip];

    /// <summary>The names of those in <paramref name="augment"/>; none for none.</summary>
    public static IEnumerable<string> Names(this Augmentation augment) =>
        All.Where(one => augment.HasFlag(one)).Select(KebabCase.Of);

    /// <summary>Those called <paramref name="names"/>.</summary>
    /// <exception cref="FormatException">There is no augmentation of that name; the message lists the names.</exception>
    public static Augmentation Parse(IEnumerable<string> names) =>
        names.Aggregate(Augmentation.None, (all, name) => all | KebabCase.Parse<Augmentation>(name));
}
