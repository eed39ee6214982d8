using System.Collections.Immutable;
using Lottery.Data.Formats;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Specifications;

namespace Lottery.Data;

/// <summary>A set of labelled images: one part for training and validation, one for testing.</summary>
/// <param name="Name">A name such as <c>mnist</c>, or the last part of the path.</param>
/// <param name="Sha256">SHA-256 over sizes, pixels and labels of both parts, in lower-case hexadecimal
/// (see <see cref="ContentHash"/>).</param>
/// <param name="Classes">The number of classes.</param>
/// <param name="Train">The official training part.</param>
/// <param name="Test">The official test part.</param>
public sealed record Dataset(string Name, string Sha256, int Classes, Examples Train, Examples Test)
{
    /// <summary>The names of the classes, in the order of the labels; empty if the set does not name them.</summary>
    public ImmutableArray<string> ClassNames { get; init; } = [];

    /// <summary>
    /// Loads the set of that name (mnist, fashion-mnist, cifar-10, cifar-100) or in that folder. The format is recognized by the files:
    /// idx, the binary files of CIFAR-10 or CIFAR-100, or <c>.npy</c>.
    /// </summary>
    /// <exception cref="UserException">There is no such set, or its files are damaged.</exception>
    public static Dataset Load(string nameOrPath) => Load(nameOrPath, DatasetLocator.FromEnvironment());

    /// <inheritdoc cref="Load(string)"/>
    internal static Dataset Load(string nameOrPath, DatasetLocator locator)
    {
        DataLocation location = locator.Locate(nameOrPath);
        FolderFormat format = location.Set?.Format ?? FolderFormat.Of(location.Folder)
            ?? throw new UserException($"{location.Folder}: expected {string.Join(" or ", FolderFormat.All.Select(one => one.Files))}, "
                + "found none of them; give the folder that holds the set's files, or folder:PATH for a folder with a subfolder of images for each class.");
        return format.Load(location);
    }

    /// <summary>Makes a set from examples in memory.</summary>
    public static Dataset Create(string name, int classes, Examples train, Examples test) =>
        new(name, ContentHash.Of(train, test), classes, train, test);

    /// <summary>Holds back <paramref name="validation"/> training examples, sampled by <paramref name="seed"/>.</summary>
    /// <param name="validation">The number of validation examples.</param>
    /// <param name="seed">The seed of the sample (stream <c>split</c>).</param>
    /// <param name="scale">The scaling of bytes to inputs.</param>
    /// <param name="augment">Random changes of training images.</param>
    /// <exception cref="UserException">No training examples would be left, or the number is negative.</exception>
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
