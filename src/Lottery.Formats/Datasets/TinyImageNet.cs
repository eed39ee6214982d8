using System.Collections.Immutable;
using System.IO.Compression;
using System.Text;
using Lottery.Data;
using Lottery.Data.Formats;
using Lottery.Files;
using Lottery.Formats.Images;

namespace Lottery.Formats.Datasets;

/// <summary>
/// Tiny ImageNet from its zip archive: <c>wnids.txt</c> lists the classes, <c>train/ID/images/*.JPEG</c> are the training images, and
/// <c>val/images</c> with <c>val/val_annotations.txt</c> the test images (those of <c>test</c> have no labels). Classes are numbered by
/// id in ordinal order, as folders of images are. Grey images get three channels.
/// </summary>
internal sealed class TinyImageNet
{
    private const string Root = "tiny-imagenet-200/";
    private const int MostEntries = 1 << 18, LongestList = 1 << 23, AtOnce = 2048;

    private readonly string _path;
    private readonly Dictionary<string, ZipArchiveEntry> _entries;
    private readonly ImmutableArray<string> _ids;

    private TinyImageNet(string path, ZipArchive archive)
    {
        _path = path;
        if (archive.Entries.Count > MostEntries) throw new InvalidDataException($"it has more than {MostEntries:N0} files");
        _entries = archive.Entries.Where(entry => entry.FullName.StartsWith(Root, StringComparison.Ordinal))
            .DistinctBy(entry => entry.FullName).ToDictionary(entry => entry.FullName[Root.Length..], StringComparer.Ordinal);
        _ids = [.. Lines("wnids.txt").Order(StringComparer.Ordinal)];
        if (_ids.Length is 0 or > 256 || _ids.Distinct().Count() != _ids.Length || !_ids.All(ClassNames.IsName))
            throw new InvalidDataException($"expected 1 to 256 different classes in wnids.txt, found {_ids.Length:N0} lines");
    }

    /// <summary>Reads the set of an archive.</summary>
    /// <param name="location">Where it is.</param>
    /// <exception cref="UserException">It cannot be read, or is another archive.</exception>
    public static Dataset Load(DataLocation location)
    {
        string path = Path.Combine(location.Folder, TinyArchiveFormat.FileName);
        try
        {
            using var archive = new ZipArchive(InputFile.Open(path), ZipArchiveMode.Read);
            return new TinyImageNet(path, archive).Read(location);
        }
        catch (Exception wrong) when (wrong is InvalidDataException or IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new UserException($"{path}: {wrong.Message.TrimEnd('.')}; {location.Advice("copies of " + TinyArchiveFormat.FileName)}.", wrong);
        }
    }

    private Dataset Read(DataLocation location)
    {
        var train = new List<(string Name, byte Label)>();
        foreach ((string name, _) in _entries)
            if (name.Split('/') is ["train", var id, "images", var image] && image.EndsWith(".JPEG", StringComparison.Ordinal) && _ids.IndexOf(id) is >= 0 and var label)
                train.Add((name, (byte)label));
        // Numbers in names are not padded: n01443537_10 comes after n01443537_9.
        train = [.. train.OrderBy(one => one.Label).ThenBy(one => one.Name.Length).ThenBy(one => one.Name, StringComparer.Ordinal)];
        var test = new List<(string Name, byte Label)>();
        foreach (string line in Lines("val/val_annotations.txt"))
            test.Add(line.Split('\t') is [var image, var id, ..] && _ids.IndexOf(id) is >= 0 and var label && _entries.ContainsKey($"val/images/{image}")
                ? ($"val/images/{image}", (byte)label) : throw new InvalidDataException("expected an image and its class in each line of val_annotations.txt, found something else"));
        if (train.Count == 0 || test.Count == 0) throw new InvalidDataException("expected images in train and in val, found none");
        ImageFacts first = Measure(train[0].Name);
        var shape = new ImageShape(3, first.Height, first.Width);
        var parts = new SetParts(location.Name, what => new($"{_path}: {what}; {location.Advice(TinyArchiveFormat.FileName)}.")) { Classes = _ids.Length, ClassNames = Names() };
        return parts.Join(Part(parts, train, shape), null, Part(parts, test, shape));
    }

    private ImageFacts Measure(string name)
    {
        try
        {
            return new ImageFile(Bytes(name)).Measure();
        }
        catch (InvalidDataException wrong)
        {
            throw new InvalidDataException($"{name}: {wrong.Message}", wrong);
        }
    }

    private LabelledPart Part(SetParts parts, List<(string Name, byte Label)> images, ImageShape shape)
    {
        byte[] pixels = GC.AllocateUninitializedArray<byte>(checked(images.Count * shape.Features));
        for (int start = 0; start < images.Count; start += AtOnce)
        {
            byte[][] files = [.. images.Skip(start).Take(AtOnce).Select(image => Bytes(image.Name))];
            string?[] wrong = new string?[files.Length];
            int at = start;
            Parallel.For(0, files.Length, i => wrong[i] = Decode(files[i], pixels.AsSpan((at + i) * shape.Features, shape.Features), shape));
            int first = Array.FindIndex(wrong, what => what is not null);
            if (first >= 0) throw new InvalidDataException($"{images[start + first].Name}: {wrong[first]}");
        }
        return parts.Part("the archive", new(pixels, default, shape), "the archive", new([.. images.Select(image => image.Label)]));
    }

    private static string? Decode(byte[] bytes, Span<byte> target, ImageShape shape)
    {
        try
        {
            var file = new ImageFile(bytes);
            ImageFacts facts = file.Measure();
            if ((facts.Height, facts.Width) != (shape.Height, shape.Width)) return $"expected {shape.Height}×{shape.Width} pixels, found {facts.Height}×{facts.Width}";
            file.Decode(target, shape.Channels);
            return null;
        }
        catch (InvalidDataException wrong)
        {
            return wrong.Message;
        }
    }

    /// <summary>The first name of each class in words.txt, where it has one; its id otherwise.</summary>
    private ImmutableArray<string> Names()
    {
        var words = new Dictionary<string, string>(StringComparer.Ordinal);
        if (_entries.ContainsKey("words.txt"))
            foreach (string line in Lines("words.txt"))
                if (line.Split('\t') is [var id, var names] && names.Split(',')[0].Trim() is var name && ClassNames.IsName(name)) words[id] = name;
        return [.. _ids.Select(id => words.GetValueOrDefault(id, id))];
    }

    private string[] Lines(string name) =>
        Encoding.UTF8.GetString(Bytes(name, LongestList)).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private byte[] Bytes(string name, int most = ImageFile.MaxFileLength)
    {
        ZipArchiveEntry entry = _entries.TryGetValue(name, out ZipArchiveEntry? found) ? found : throw new InvalidDataException($"it has no {Root}{name}");
        if (entry.Length > most) throw new InvalidDataException($"expected at most {most:N0} bytes in {name}, found {entry.Length:N0}");
        var bytes = new byte[entry.Length];
        using Stream content = entry.Open();
        content.ReadExactly(bytes);
        return bytes;
    }
}
