using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using Lottery.Data.Pickle;
using Lottery.Files;

namespace Lottery.Data.Formats;

/// <summary>
/// A folder with the Python version of CIFAR-10 or CIFAR-100: pickles of a dictionary with <c>data</c>, rows of 3,072 bytes, and
/// <c>labels</c> or <c>fine_labels</c>. They are read as data (<see cref="PickleReader"/>): nothing is executed.
/// </summary>
internal sealed class CifarPickleFolder : FolderFormat
{
    private const long LargestFile = 1L << 30;

    private const string Remedy = "give the files of the official archive";

    /// <summary>What NumPy's arrays are made of.</summary>
    private static readonly FrozenSet<string> s_allowed = new[]
    {
        "numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct", "numpy.core.numeric._frombuffer", "numpy._core.numeric._frombuffer",
        "numpy.ndarray", "numpy.dtype", "_codecs.encode", "collections.OrderedDict",
    }.ToFrozenSet();

    private readonly string _title, _labels, _names, _namesKey;
    private readonly ImmutableArray<string> _training;
    private readonly int _classes;

    private CifarPickleFolder(string title, int classes, string subfolder, string labels, string names, string namesKey, ImmutableArray<string> training, string test)
    {
        (_title, _classes, _labels, _names, _namesKey, _training) = (title, classes, labels, names, namesKey, training);
        Subfolder = subfolder;
        Names = [.. training, test];
    }

    /// <summary>CIFAR-10: five training files.</summary>
    public static CifarPickleFolder Ten { get; } = new("CIFAR-10", 10, "cifar-10-batches-py", "labels", "batches.meta", "label_names",
        [.. Enumerable.Range(1, 5).Select(i => $"data_batch_{i}")], "test_batch");

    /// <summary>CIFAR-100, with its fine labels.</summary>
    public static CifarPickleFolder Hundred { get; } =
        new("CIFAR-100", 100, "cifar-100-python", "fine_labels", "meta", "fine_label_names", ["train"], "test");

    public override string Files => $"Python files of {_title}";

    public override string Subfolder { get; }

    protected override string Expected => $"{Files} ({string.Join(", ", Names)})";

    protected override ImmutableArray<string> Names { get; }

    protected override Dataset Read(DataLocation location)
    {
        LabelledPart train = Part(location, _training), test = Part(location, [Names[^1]]);
        int largest = Math.Max(LabelCheck.Largest(train.Examples.Labels.Span), LabelCheck.Largest(test.Examples.Labels.Span));
        // A smaller set in the same files has classes of its own.
        ImmutableArray<string> names = NamesOf(location);
        int classes = names.IsEmpty ? _classes : Math.Max(names.Length, largest + 1);
        SetParts parts = new(location.Name, what => Wrong(location, what)) { Classes = classes, ClassNames = names.Length == classes ? names : [] };
        return parts.Join(train, null, test);
    }

    private LabelledPart Part(DataLocation location, ImmutableArray<string> files)
    {
        var (pixels, labels) = (new List<ReadOnlyMemory<byte>>(), new List<byte>());
        foreach (string file in files)
        {
            PickleDictionary content = Pickle(location, file);
            ReadOnlyMemory<byte> images = At(location, file, () => BytesOf(content["data"]) ?? throw new InvalidDataException("it has no array of bytes as data"));
            byte[] own = At(location, file, () => LabelsOf(content[_labels]) ?? throw new InvalidDataException($"it has no list of integers as {_labels}"));
            if (images.Length != (long)own.Length * CifarFolder.Shape.Features || own.Length == 0)
                throw Wrong(location, $"expected {CifarFolder.Shape.Features:N0} bytes for each of {own.Length:N0} labels in {file}, found {images.Length:N0}");
            pixels.Add(images);
            labels.AddRange(own);
        }
        if (pixels.Sum(part => (long)part.Length) > Array.MaxLength) throw Wrong(location, "its files have more images than fit into one array");
        byte[] all = new byte[pixels.Sum(part => part.Length)];
        int start = 0;
        foreach (ReadOnlyMemory<byte> part in pixels)
        {
            part.CopyTo(all.AsMemory(start));
            start += part.Length;
        }
        return Parts(location).Part(files[0], new(all, default, CifarFolder.Shape), files[0], new([.. labels]));
    }

    private ImmutableArray<string> NamesOf(DataLocation location) =>
        Find(location.Folder, _names) is not null && Pickle(location, _names)[_namesKey] is PickleList list
        && list.Items.Select(TextOf).ToArray() is var names && names.All(name => name is not null && ClassNames.IsName(name)) && names.Length <= 256 ? [.. names!] : [];

    private PickleDictionary Pickle(DataLocation location, string file) => At(location, file, () =>
        PickleReader.Read(InputFile.ReadAll(Path.Combine(location.Folder, file), LargestFile), s_allowed, Remedy) as PickleDictionary
            ?? throw new InvalidDataException("it holds no dictionary"));

    private T At<T>(DataLocation location, string file, Func<T> read)
    {
        string path = Path.Combine(location.Folder, file);
        try
        {
            return read();
        }
        catch (InvalidDataException exception)
        {
            throw new UserException($"{path}: {exception.Message}; {Advice(location)}.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{path} cannot be read ({exception.Message.TrimEnd('.')}); {Advice(location)}.", exception);
        }
    }

    /// <summary>The bytes of an array, of bytes in C order; null for anything else.</summary>
    private static ReadOnlyMemory<byte>? BytesOf(object? value)
    {
        if (value is not PickleCall call) return null;
        // _frombuffer(bytes, dtype, shape, order)
        if (call.Function.Name == "_frombuffer")
            return call.Arguments is [var buffer, PickleCall type, _, "C"] && IsBytes(type) ? Raw(buffer) : null;
        // _reconstruct(…), then its state: (version, shape, dtype, is in Fortran order, bytes)
        return call.State is PickleList { Items: [_, _, PickleCall dtype, false, var content] } && IsBytes(dtype) ? Raw(content) : null;
    }

    private static bool IsBytes(PickleCall type) => type is { Function.Name: "dtype", Arguments: ["u1" or "uint8", ..] };

    private static ReadOnlyMemory<byte>? Raw(object? content) => content switch
    {
        ReadOnlyMemory<byte> bytes => bytes,
        string text => Encoding.Latin1.GetBytes(text),
        PickleCall { Function.Name: "encode", Arguments: [string text, ..] } => Encoding.Latin1.GetBytes(text),
        _ => null,
    };

    private static byte[]? LabelsOf(object? value)
    {
        if (value is not PickleList list) return BytesOf(value)?.ToArray();
        var labels = new byte[list.Items.Count];
        for (int i = 0; i < labels.Length; i++)
        {
            if (list.Items[i] is not (long and >= 0 and <= byte.MaxValue and var label)) return null;
            labels[i] = (byte)label;
        }
        return labels;
    }

    private static string? TextOf(object? value) => value as string ?? (value is ReadOnlyMemory<byte> bytes ? Encoding.UTF8.GetString(bytes.Span) : null);
}
