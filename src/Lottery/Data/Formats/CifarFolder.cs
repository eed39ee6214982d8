using System.Collections.Immutable;
using Lottery.Files;

namespace Lottery.Data.Formats;

/// <summary>
/// A folder with the binary files of CIFAR-10 or CIFAR-100 (Krizhevsky 2009): records of one label (CIFAR-100: the
/// coarse one, then the fine one, which is used) and an image of 3×32×32 bytes, 1,024 red, 1,024 green, 1,024 blue, row by row.
/// </summary>
/// <remarks>
/// The number of records follows from the length of a file, so a known set must have the official lengths; a user's own
/// files may hold any number of whole records.
/// </remarks>
internal sealed class CifarFolder : FolderFormat
{
    public static readonly ImageShape Shape = new(3, 32, 32);

    private readonly int _labels, _classes;
    private readonly ImmutableArray<string> _training;
    private readonly string _test, _names, _title;

    private CifarFolder(string title, int classes, int labels, string subfolder, string names, ImmutableArray<string> training, string test)
    {
        (_title, _classes, _labels, _names, _training, _test) = (title, classes, labels, names, training, test);
        Subfolder = subfolder;
        Names = [.. training, test];
    }

    /// <summary>CIFAR-10: five training files.</summary>
    public static CifarFolder Ten { get; } = new("CIFAR-10", 10, 1, "cifar-10-batches-bin", "batches.meta.txt",
        [.. Enumerable.Range(1, 5).Select(i => $"data_batch_{i}.bin")], "test_batch.bin");

    /// <summary>CIFAR-100, with its fine labels.</summary>
    public static CifarFolder Hundred { get; } =
        new("CIFAR-100", 100, 2, "cifar-100-binary", "fine_label_names.txt", ["train.bin"], "test.bin");

    public override string Files => $"binary files of {_title}";

    public override string Subfolder { get; }

    /// <summary>The file with the names of the classes, one a line.</summary>
    public string ClassNamesFile => _names;

    /// <summary>Bytes of one record.</summary>
    public int RecordLength => _labels + Shape.Features;

    protected override string Expected => $"{Files} ({_training[0]}{(_training.Length > 1 ? " and so on" : "")}, {_test})";

    protected override ImmutableArray<string> Names { get; }

    protected override Dataset Read(DataLocation location)
    {
        Task<ContentHash.Part> training = Task.Run(() => ReadPart(location, _training));
        ContentHash.Part test = ReadPart(location, [_test]);
        ContentHash.Part train = training.GetAwaiter().GetResult();
        return new(location.Name, ContentHash.Of(train, null, test), _classes, train.Examples, test.Examples)
        {
            ClassNames = ClassNamesOf(location),
        };
    }

    private ImmutableArray<string> ClassNamesOf(DataLocation location) =>
        Find(location.Folder, _names) is { } path ? ClassNames.Read(path, _classes, Advice(location)) : [];

    private ContentHash.Part ReadPart(DataLocation location, ImmutableArray<string> names)
    {
        int[] counts = [.. names.Select(name => CountOf(location, name))];
        long count = counts.Sum(one => (long)one);
        if (count * Shape.Features > Array.MaxLength)
            throw Wrong(location, $"its files have {count:N0} images, more than the {Array.MaxLength / Shape.Features:N0} that fit into one array");
        byte[] pixels = GC.AllocateUninitializedArray<byte>((int)count * Shape.Features);
        var labels = new byte[count];
        int start = 0;
        for (int i = 0; i < names.Length; start += counts[i++])
            ReadFile(location, names[i], pixels.AsSpan(start * Shape.Features, counts[i] * Shape.Features), labels.AsSpan(start, counts[i]));
        return ContentHash.Part.Of(new(pixels, labels, Shape.Features) { Shape = Shape });
    }

    /// <summary>The number of records, by the length of the file.</summary>
    private int CountOf(DataLocation location, string name)
    {
        long length = new FileInfo(Path.Combine(location.Folder, name)).Length;
        if (location.Set?.Files.FirstOrDefault(file => file.Name == name) is { } known && known.Bytes != length)
            throw Wrong(location, $"expected {known.Bytes:N0} bytes in {name}, found {length:N0}");
        if (length == 0 || length % RecordLength != 0)
            throw Wrong(location, $"expected records of {RecordLength:N0} bytes in {name}, found {length:N0} bytes in all");
        return (int)Math.Min(length / RecordLength, int.MaxValue);
    }

    private void ReadFile(DataLocation location, string name, Span<byte> pixels, Span<byte> labels)
    {
        string path = Path.Combine(location.Folder, name);
        try
        {
            using FileStream file = InputFile.Open(path);
            Span<byte> label = stackalloc byte[2];
            for (int i = 0; i < labels.Length; i++)
            {
                file.ReadExactly(label[.._labels]);
                labels[i] = label[_labels - 1];
                file.ReadExactly(pixels.Slice(i * Shape.Features, Shape.Features));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{path} cannot be read ({exception.Message.TrimEnd('.')}); {Advice(location)}.", exception);
        }
        LabelCheck.Require(name, labels, _classes, what => Wrong(location, what));
    }
}
