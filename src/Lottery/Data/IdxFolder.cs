using System.Collections.Immutable;

namespace Lottery.Data;

/// <summary>A folder with the four idx files of a set: pictures and labels, for training and testing.</summary>
internal static class IdxFolder
{
    public const string TrainImages = "train-images-idx3-ubyte", TrainLabels = "train-labels-idx1-ubyte";
    public const string TestImages = "t10k-images-idx3-ubyte", TestLabels = "t10k-labels-idx1-ubyte";

    private static readonly ImmutableArray<string> Names = [TrainImages, TrainLabels, TestImages, TestLabels];

    /// <summary>Whether the folder holds any of the four.</summary>
    public static bool HoldsAny(string folder) => Names.Any(name => Find(folder, name) is not null);

    /// <summary>The file of that name in the first of its spellings that is there, or null.</summary>
    public static string? Find(string folder, string name) => Spellings(folder, name).FirstOrDefault(File.Exists);

    /// <summary>The paths that a file may have: <c>-idx3</c> or <c>.idx3</c>, plain or <c>.gz</c>.</summary>
    public static IEnumerable<string> Spellings(string folder, string name)
    {
        string dotted = name.Replace("-idx", ".idx", StringComparison.Ordinal);
        return new[] { name, dotted, name + ".gz", dotted + ".gz" }.Select(spelling => Path.Combine(folder, spelling));
    }

    /// <summary>Reads and checks the four files, at once.</summary>
    /// <exception cref="UserException">One is missing, cannot be read, is damaged, or does not belong to the others.</exception>
    public static Dataset Load(DataPlace place)
    {
        CheckComplete(place);
        Task<ContentHash.Part> training = Task.Run(() => ReadPart(place, TrainImages, TrainLabels));
        ContentHash.Part test = ReadPart(place, TestImages, TestLabels);
        ContentHash.Part train = training.GetAwaiter().GetResult();
        if (train.Examples.Shape != test.Examples.Shape)
            throw Wrong(place, $"pictures to train on are {train.Examples.Shape} and those to test on {test.Examples.Shape}");
        int classes = place.Set?.Classes ?? ClassCounter.Count(place, train.Examples.Labels.Span);
        ClassCounter.Check(place, TrainLabels, train.Examples.Labels.Span, classes);
        ClassCounter.Check(place, TestLabels, test.Examples.Labels.Span, classes);
        return new(place.Name, ContentHash.Of(train, test), classes, train.Examples, test.Examples);
    }

    /// <summary>The sentence about a folder whose files are not as they should be.</summary>
    public static UserException Wrong(DataPlace place, string what) => new($"{place.Folder}: {what}; {place.Advice}.");

    private static void CheckComplete(DataPlace place)
    {
        string[] missing = [.. Names.Where(name => Find(place.Folder, name) is null)];
        if (missing.Length > 0)
            throw Wrong(place, $"expected four idx files (plain or .gz), found no {string.Join(" and no ", missing)}");
    }

    private static ContentHash.Part ReadPart(DataPlace place, string imagesName, string labelsName)
    {
        string imagesPath = Find(place.Folder, imagesName)!, labelsPath = Find(place.Folder, labelsName)!;
        IdxFile labels = IdxFile.Read(labelsPath, rank: 1, place.Advice);
        IdxFile images = IdxFile.Read(imagesPath, rank: 3, place.Advice);
        if (images.Dimensions[0] != labels.Dimensions[0])
            throw Wrong(place, $"{Path.GetFileName(imagesPath)} has {images.Dimensions[0]:N0} pictures "
                + $"and {Path.GetFileName(labelsPath)} {labels.Dimensions[0]:N0} labels");
        var shape = new PictureShape(1, images.Dimensions[1], images.Dimensions[2]);
        return ContentHash.Part.Of(new(images.Values, labels.Values, shape.Features) { Shape = shape });
    }
}
