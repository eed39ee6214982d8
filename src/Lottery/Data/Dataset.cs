using System.Collections.Immutable;
using Lottery.Data.Formats;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Specifications;

namespace Lottery.Data;

/// <summary>A set of labelled images or of numeric features: one part for training and validation, one for testing.</summary>
/// <param name="Name">A name such as <c>mnist</c>, or the last part of the path.</param>
/// <param name="Sha256">SHA-256 over sizes, pixels and labels of both parts, in lower-case hexadecimal
/// (see <see cref="ContentHash"/>).</param>
/// <param name="Classes">The number of classes.</param>
/// <param name="Train">The official training part, followed by the validation set if it has one of its own.</param>
/// <param name="Test">The official test part.</param>
public sealed record Dataset(string Name, string Sha256, int Classes, Examples Train, Examples Test)
{
    /// <summary>The names of the classes, in the order of the labels; empty if the set does not name them.</summary>
    public ImmutableArray<string> ClassNames { get; init; } = [];

    /// <summary>The last examples of <see cref="Train"/> that are the set's own validation set; 0 if it has none.</summary>
    public int OwnValidation { get; init; }

    /// <summary>What was done to the files' content to read it, one sentence each: labels shifted, for example.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

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
            ?? throw new UserException($"{location.Folder}: expected {FolderFormat.Kinds}, "
                + "found none of them; give the folder that holds the set's files, or folder:PATH for a folder with a subfolder of images for each class.");
        return format.Load(location);
    }

    /// <summary>Makes a set from examples in memory.</summary>
    public static Dataset Create(string name, int classes, Examples train, Examples test) =>
        new(name, ContentHash.Of(train, test), classes, train, test);

    /// <summary>
    /// Holds back <paramref name="validation"/> training examples, sampled by <paramref name="seed"/>; a validation set of its own
    /// is used as it is.
    /// </summary>
    /// <param name="validation">The number of validation examples; 0, or its length, for a validation set of its own.</param>
    /// <param name="seed">The seed of the sample (stream <c>split</c>).</param>
    /// <param name="scale">The scaling of bytes to inputs; numeric features are always standardized.</param>
    /// <param name="augment">Random changes of training images.</param>
    /// <exception cref="UserException">No training examples would be left, the number is not possible, or features were to be augmented.</exception>
    public SplitDataset Split(int validation, ulong seed, Scaling scale = Scaling.Unit, Augmentation augment = Augmentation.None)
    {
        RequireSplit(validation, augment);
        var held = new BitSet(Train.Count);
        foreach (int index in Held(validation, seed)) held[index] = true;
        var specification = new DataSpecification
        {
            Sha256 = Sha256, Validation = OwnValidation > 0 ? OwnValidation : validation, SplitSeed = seed,
            Scale = Train.AreNumeric ? Scaling.MeanStd : scale, Augment = augment,
        };
        int[] training = Indices(held, false);
        return new(ScaledBy(specification.Scale, training), specification, training, Indices(held, true));
    }

    /// <summary>Why a network cannot take its examples: the rest of a sentence that begins with the network's name; null if it can.</summary>
    internal string? ShapeMismatch(Network network)
    {
        Shape input = network.Input;
        ImageShape image = Train.Shape;
        if (input.IsFlat)
            return input.Channels == Train.Features ? null
                : $"takes {input.Channels} values, but {Example} of {Name} has {Train.Features}; use mlp:{Train.Features}-…";
        if (Train.AreNumeric) return $"takes images of {input}, but {Name} has {Train.Features} numeric features; use mlp:{Train.Features}-…";
        return (input.Channels, input.Height, input.Width) == (image.Channels, image.Height, image.Width) ? null
            : $"takes images of {input.Channels}×{input.Height}×{input.Width}, but an image of {Name} is {image.Channels}×{image.Height}×{image.Width}; "
                + "use a network for images of that shape";
    }

    private string Example => Train.AreNumeric ? "an example" : "an image";

    private void RequireSplit(int validation, Augmentation augment)
    {
        if (augment != Augmentation.None && Train.AreNumeric)
            throw new UserException($"{Name} has numeric features, and {string.Join(" and ", augment.ToString().ToLowerInvariant().Split(", "))} change images; leave augmentation out.");
        if (OwnValidation > 0 && validation != 0 && validation != OwnValidation)
            throw new UserException($"{Name} has a validation set of its own of {OwnValidation:N0}, so {validation:N0} cannot be held back; leave the number out.");
        if (validation < 0 || validation >= Train.Count)
            throw new UserException(
                $"A validation set of {validation:N0} cannot be taken from the {Train.Count:N0} training examples of {Name}; "
                + $"hold back 0 to {Train.Count - 1:N0}.");
    }

    private ReadOnlySpan<int> Held(int validation, ulong seed) => OwnValidation > 0
        ? Enumerable.Range(Train.Count - OwnValidation, OwnValidation).ToArray()
        : new RandomStream(seed, "split").Permutation(Train.Count).AsSpan(0, validation);

    private Dataset ScaledBy(Scaling scale, int[] training)
    {
        if (scale == Scaling.Unit) return this;
        var standardized = PixelScale.Standardized(Train.AreNumeric ? FeatureMoments.Of(Train, training) : ChannelMoments.Of(Train, training));
        return this with { Train = Train with { Scale = standardized }, Test = Test with { Scale = standardized } };
    }

    private static int[] Indices(BitSet held, bool value) =>
        [.. Enumerable.Range(0, held.Length).Where(index => held[index] == value)];
}
