using System.Collections.Immutable;

namespace Lottery.Data;

/// <summary>A way in which a set's files lie in a folder: what they are called and how they are read.</summary>
internal abstract class FolderFormat
{
    /// <summary>Four idx files, as MNIST comes in.</summary>
    public static FolderFormat Idx { get; } = new IdxFolder();

    /// <summary>The binary batches of CIFAR-10.</summary>
    public static FolderFormat Cifar10 { get; } = CifarFolder.Ten;

    /// <summary>The binary files of CIFAR-100.</summary>
    public static FolderFormat Cifar100 { get; } = CifarFolder.Hundred;

    /// <summary>Four NumPy files.</summary>
    public static FolderFormat Npy { get; } = new NpyFolder();

    /// <summary>All of them, in the order in which a folder is tried.</summary>
    public static ImmutableArray<FolderFormat> All { get; } = [Idx, Cifar10, Cifar100, Npy];

    /// <summary>What the files are, as in "whole <c>idx files</c>".</summary>
    public abstract string Files { get; }

    /// <summary>The folder inside the given one in which the official archive puts the files; null where there is none.</summary>
    public virtual string? Subfolder => null;

    /// <summary>The names of the files that have to be there.</summary>
    protected abstract ImmutableArray<string> Names { get; }

    /// <summary>The format of which a folder holds any file; null where there is none.</summary>
    public static FolderFormat? Of(string folder) => All.FirstOrDefault(format => format.HoldsAny(folder));

    /// <summary>The folder itself where it holds files of any format, or the one of an unpacked archive inside it; null if neither.</summary>
    public static string? Within(string folder) =>
        Of(folder) is not null ? folder : All.Select(format => format.Inside(folder)).FirstOrDefault(inside => inside is not null);

    /// <summary>Whether the folder holds any of the files.</summary>
    public bool HoldsAny(string folder) => Names.Any(name => Find(folder, name) is not null);

    /// <summary>The file of that name in the first of its spellings that is there, or null.</summary>
    public string? Find(string folder, string name) => Spellings(folder, name).FirstOrDefault(File.Exists);

    /// <summary>The paths that a file may have, the preferred one first.</summary>
    public virtual IEnumerable<string> Spellings(string folder, string name) => [Path.Combine(folder, name)];

    /// <summary>Reads and checks all files.</summary>
    /// <exception cref="UserException">One is missing, cannot be read, is damaged, or does not belong to the others.</exception>
    public Dataset Load(DataPlace place)
    {
        string[] missing = [.. Names.Where(name => Find(place.Folder, name) is null)];
        if (missing.Length > 0)
            throw Wrong(place, $"expected {Expected}, found no {string.Join(" and no ", missing)}");
        return Read(place);
    }

    /// <summary>The sentence about a folder whose files are not as they should be.</summary>
    public UserException Wrong(DataPlace place, string what) => new($"{place.Folder}: {what}; {Advice(place)}.");

    /// <summary>What to do then: the end of a sentence, without a full stop.</summary>
    public string Advice(DataPlace place) => place.Advice(Files);

    /// <summary>What a folder has to hold.</summary>
    protected abstract string Expected { get; }

    /// <summary>Reads and checks the files, which are all there.</summary>
    protected abstract Dataset Read(DataPlace place);

    /// <summary>Images and as many labels.</summary>
    protected ContentHash.Part PartOf(
        DataPlace place, string imagesName, ReadOnlyMemory<byte> pixels, ImageShape shape, string labelsName, ReadOnlyMemory<byte> labels)
    {
        int count = pixels.Length / shape.Features;
        if (count != labels.Length)
            throw Wrong(place, $"{imagesName} has {count:N0} images and {labelsName} {labels.Length:N0} labels");
        return ContentHash.Part.Of(new(pixels, labels, shape.Features) { Shape = shape });
    }

    /// <summary>A set of two parts whose images have one shape and whose labels are of the same classes.</summary>
    protected Dataset Join(DataPlace place, ContentHash.Part train, string trainLabels, ContentHash.Part test, string testLabels)
    {
        if (train.Examples.Shape != test.Examples.Shape)
            throw Wrong(place, $"images to train on are {train.Examples.Shape} and those to test on {test.Examples.Shape}");
        int classes = place.Set?.Classes ?? ClassCounter.Count(this, place, train.Examples.Labels.Span);
        ClassCounter.Check(this, place, trainLabels, train.Examples.Labels.Span, classes);
        ClassCounter.Check(this, place, testLabels, test.Examples.Labels.Span, classes);
        return new(place.Name, ContentHash.Of(train, test), classes, train.Examples, test.Examples);
    }

    private string? Inside(string folder) =>
        Subfolder is { } name && Path.Combine(folder, name) is var inside && HoldsAny(inside) ? inside : null;
}
