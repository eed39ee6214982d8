using System.Collections.Immutable;

namespace Lottery.Data.Formats;

/// <summary>A folder with the four idx files of a set: images and labels, for training and testing.</summary>
internal class IdxFolder : FolderFormat
{
    public const string TrainImages = "train-images-idx3-ubyte", TrainLabels = "train-labels-idx1-ubyte";
    public const string TestImages = "t10k-images-idx3-ubyte", TestLabels = "t10k-labels-idx1-ubyte";

    private readonly string _kind;

    /// <summary>Files that are named as MNIST's are.</summary>
    public IdxFolder() : this("idx files", [TrainImages, TrainLabels, TestImages, TestLabels])
    {
    }

    /// <summary>Files that are named otherwise: training images and labels, then test images and labels.</summary>
    protected IdxFolder(string kind, ImmutableArray<string> names) => (_kind, Names) = (kind, names);

    /// <summary>The splits of EMNIST, each with files of its own.</summary>
    public static ImmutableArray<IdxFolder> Emnist { get; } =
        [.. new[] { "balanced", "byclass", "bymerge", "digits", "letters", "mnist" }.Select(split => new IdxFolder($"idx files of EMNIST {split}", EmnistNames(split)))];

    public override string Files => _kind;

    protected override string Expected => $"four {_kind} (plain or .gz)";

    protected override ImmutableArray<string> Names { get; }

    /// <summary>The format of EMNIST's files of one split.</summary>
    public static IdxFolder EmnistOf(string split) => Emnist.Single(format => format.Names[0] == EmnistNames(split)[0]);

    /// <summary>The names of EMNIST's files of one split.</summary>
    public static ImmutableArray<string> EmnistNames(string split) =>
        [.. new[] { "train", "test" }.SelectMany(part => new[] { $"emnist-{split}-{part}-images-idx3-ubyte", $"emnist-{split}-{part}-labels-idx1-ubyte" })];

    /// <summary>The paths that a file may have: <c>-idx3</c> or <c>.idx3</c>, plain or <c>.gz</c>.</summary>
    public override IEnumerable<string> Spellings(string folder, string name)
    {
        string dotted = name.Replace("-idx", ".idx", StringComparison.Ordinal);
        return new[] { name, dotted, name + ".gz", dotted + ".gz" }.Select(spelling => Path.Combine(folder, spelling));
    }

    /// <summary>Reads and checks the four files in parallel.</summary>
    protected override Dataset Read(DataLocation location)
    {
        SetParts parts = Parts(location);
        Task<LabelledPart> training = Task.Run(() => ReadPart(parts, location, Names[0], Names[1]));
        LabelledPart test = ReadPart(parts, location, Names[2], Names[3]);
        return parts.Join(training.GetAwaiter().GetResult(), null, test);
    }

    /// <summary>The labels in a file.</summary>
    protected virtual byte[] ReadLabels(DataLocation location, string path) => IdxFile.Read(path, rank: 1, Advice(location)).Values.ToArray();

    private LabelledPart ReadPart(SetParts parts, DataLocation location, string imagesName, string labelsName)
    {
        string imagesPath = Find(location.Folder, imagesName)!, labelsPath = Find(location.Folder, labelsName)!;
        byte[] labels = ReadLabels(location, labelsPath);
        IdxFile images = IdxFile.Read(imagesPath, rank: 3, Advice(location));
        var shape = new ImageShape(1, images.Dimensions[1], images.Dimensions[2]);
        return parts.Part(imagesName, new(images.Values, default, shape), labelsName, new(labels));
    }
}
