using System.Collections.Immutable;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Specifications;

namespace Lottery.Data;

/// <summary>A set of labelled images: one part for training and validation, one for testing.</summary>
/// <param name="Name">What it is called: <c>mnist</c>, or the path's last part.</param>
/// <param name="Sha256">SHA-256 over sizes, pixels and labels of both parts, in lower-case hexadecimal
/// (see <see cref="ContentHash"/>).</param>
/// <param name="Classes">The number of classes.</param>
/// <param name="Train">The official training part.</param>
/// <param name="Test">The official test part.</param>
public sealed record Dataset(string Name, string Sha256, int Classes, Examples Train, Examples Test)
{
    /// <summary>What the classes are called, in the order of the labels; empty where the set does not say.</summary>
    public ImmutableArray<string> ClassNames { get; init; } = [];

    /// <summary>
    /// The set of that name (see <see cref="KnownSet.All"/>) or in that folder, whose files tell what they are: idx
    /// files, the binary files of CIFAR-10 or CIFAR-100, or <c>.npy</c> files.
    /// </summary>
    /// <exception cref="UserException">There is no such set, or its files are damaged.</exception>
    public static Dataset Load(string nameOrPath) => Load(nameOrPath, DatasetLocator.FromEnvironment());

    /// <inheritdoc cref="Load(string)"/>
    public static Dataset Load(string nameOrPath, DatasetLocator locator)
    {
        DataPlace place = locator.Locate(nameOrPath);
        FolderFormat format = place.Set?.Format ?? FolderFormat.Of(place.Folder)
            ?? throw new UserException($"{place.Folder}: expected {string.Join(" or ", FolderFormat.All.Select(one => one.Files))}, "
                + "found none of them; give the folder that holds the set's files, or folder:PATH for one with a subfolder of images a class.");
        return format.Load(place);
    }

    /// <summary>A set made of these examples, whatever they come from.</summary>
    public static Dataset Create(string name, int classes, Examples train, Examples test) =>
        new(name, ContentHash.Of(train, test), classes, train, test);

    /// <summary>Holds back <paramref name="validation"/> training examples, drawn by <paramref name="seed"/>.</summary>
    /// <param name="validation">How many.</param>
    /// <param name="seed">The seed that draws them.</param>
    /// <param name="scale">How bytes become values.</param>
    /// <param name="augment">How images are changed each time they are trained on.</param>
    /// <exception cref="UserException">Nothing would be left to train on, or the number is negative.</exception>
    public SplitDataset Split(int validation, ulong seed, Scaling scale = Scaling.Unit, Augmentation augment = Augmentation.None)
    {
        if (validation < 0 || validation >= Train.Count)
            throw new UserException(
                $"A validation set of {validation:N0} cannot be taken from the {Train.Count:N0} training examples of {Name}; "
                + $"hold back 0 to {Train.Count - 1:N0}.");
        var held = new BitSet(Train.Count);
        foreach (int index in new RandomStream(seed, "split").Permutation(Train.Count).AsSpan(0, validation))
            held[index] = true;
        var specification = new DataSpecification
        {
            Sha256 = Sha256, Validation = validation, SplitSeed = seed, Scale = scale, Augment = augment,
        };
        int[] training = Indices(held, false);
        return new(ScaledBy(scale, training), specification, training, Indices(held, true));
    }

    private Dataset ScaledBy(Scaling scale, int[] training)
    {
        if (scale == Scaling.Unit) return this;
        var standardized = PixelScale.Standardized(ChannelMoments.Of(Train, training));
        return this with { Train = Train with { Scale = standardized }, Test = Test with { Scale = standardized } };
    }

    private static int[] Indices(BitSet held, bool value) =>
        [.. Enumerable.Range(0, held.Length).Where(index => held[index] == value)];
}
