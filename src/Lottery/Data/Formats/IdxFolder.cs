using System.Collections.Immutable;

namespace Lottery.Data.Formats;

/// <summary>A folder with the four idx files of a set: images and labels, for training and testing.</summary>
internal sealed class IdxFolder : FolderFormat
{
    public const string TrainImages = "train-images-idx3-ubyte", TrainLabels = "train-labels-idx1-ubyte";
    public const string TestImages = "t10k-images-idx3-ubyte", TestLabels = "t10k-labels-idx1-ubyte";

    public override string Files => "idx files";

    protected override string Expected => "four idx files (plain or .gz)";

    protected override ImmutableArray<string> Names { get; } = [TrainImages, TrainLabels, TestImages, TestLabels];

    /// <summary>The paths that a file may have: <c>-idx3</c> or <c>.idx3</c>, plain or <c>.gz</c>.</summary>
    public override IEnumerable<string> Spellings(string folder, string name)
    {
        string dotted = name.Replace("-idx", ".idx", StringComparison.Ordinal);
        return new[] { name, dotted, name + ".gz", dotted + ".gz" }.Select(spelling => Path.Combine(folder, spelling));
    }

    /// <summary>Reads and checks the four files in parallel.</summary>
    protected override Dataset Read(DataLocation location)
    {
        Task<ContentHash.Part> training = Task.Run(() => ReadPart(location, TrainImages, TrainLabels));
        ContentHash.Part test = ReadPart(location, TestImages, TestLabels);
        ContentHash.Part train = training.GetAwaiter().GetResult();
        return Join(location, train, TrainLabels, test, TestLabels) with { ClassNames = location.Set?.ClassNames ?? [] };
    }

    private ContentHash.Part ReadPart(DataLocation location, string imagesName, string labelsName)
    {
        string imagesPath = Find(location.Folder, imagesName)!, labelsPath = Find(location.Folder, labelsName)!;
        IdxFile labels = IdxFile.Read(labelsPath, rank: 1, Advice(location));
        IdxFile images = IdxFile.Read(imagesPath, rank: 3, Advice(location));
        var shape = new ImageShape(1, images.Dimensions[1], images.Dimensions[2]);
        return PartOf(location, Path.GetFileName(imagesPath), images.Values, shape, Path.GetFileName(labelsPath), labels.Values);
    }
}
