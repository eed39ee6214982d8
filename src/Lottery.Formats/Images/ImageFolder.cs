using System.Collections.Immutable;
using Lottery.Data;
using Lottery.Data.Formats;

namespace Lottery.Formats.Images;

/// <summary>
/// A folder of PNG and JPEG images, one subfolder for each class. If it has subfolders <c>train</c> and <c>test</c>, each holds
/// the class folders, and so does <c>val</c> or <c>valid</c>, which is then the validation set; without <c>test</c> it is the test set.
/// Otherwise a fifth of each class, rounded down, is sampled for testing (see <see cref="TestSample"/>).
/// </summary>
/// <remarks>
/// Classes are numbered by name in ordinal order; images are ordered by class and file name. All images must have the same size,
/// or are resized to the one asked for; they have one channel if all are grey, otherwise three.
/// </remarks>
internal sealed class ImageFolder
{
    private const int MaxClasses = 256, BitsOfTwelve = 4, LargestOfTwelve = 4095;
    private static readonly ImmutableArray<string> s_passedOver = ["THUMBS.DB", "EHTHUMBS.DB", "DESKTOP.INI", "__MACOSX", "@EADIR"];

    private readonly string _path, _name;
    private readonly ImmutableArray<string> _classes;
    private readonly (int Height, int Width)? _size;
    private readonly List<string> _notes = [];

    private ImageFolder(string path, ImmutableArray<string> classes, (int, int)? size)
    {
        (_path, _classes, _size) = (path, classes, size);
        _name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
    }

    /// <summary>Reads all images of a folder.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="size">Height and width to resize images to; null to keep their common size.</param>
    /// <exception cref="UserException">It has no such folders, or a file is not a complete image of the common size.</exception>
    public static Dataset Load(string path, (int Height, int Width)? size = null)
    {
        if (!Directory.Exists(path))
            throw new UserException($"There is no folder {path}; give one with a subfolder of images for each class.");
        string? train = Part(path, "train", "training"), validation = Part(path, "val", "valid", "validation"), test = Part(path, "test", "testing");
        if (train is null || (test ?? validation) is null) return new ImageFolder(path, ClassesOf(path), size).Sampled();
        var folder = new ImageFolder(path, ClassesOf(train), size);
        foreach (string other in new[] { validation, test }.OfType<string>())
            if (ClassesOf(other).Except(folder._classes).FirstOrDefault() is { } unknown)
                throw new UserException($"{Path.Combine(other, unknown)}: there is no class '{unknown}' in {train}; give both the same classes.");
        return folder.Read(folder.All(train), validation is null ? [] : folder.All(validation), test is null ? [] : folder.All(test));
    }

    private static string? Part(string path, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
            if (Directory.EnumerateDirectories(path).FirstOrDefault(part => Path.GetFileName(part).Equals(name, StringComparison.OrdinalIgnoreCase)) is { } found)
                return found;
        return null;
    }

    private static ImmutableArray<string> ClassesOf(string folder)
    {
        ImmutableArray<string> classes =
        [
            .. Directory.EnumerateDirectories(folder).Select(path => Path.GetFileName(path)!).Where(name => !IsPassedOver(name)).Order(StringComparer.Ordinal),
        ];
        if (classes.Length is 0 or > MaxClasses)
            throw new UserException($"{folder}: expected 1 to {MaxClasses} subfolders, one for each class, found {classes.Length:N0}; "
                + "put the images of each class into a folder of its own.");
        return classes.FirstOrDefault(name => !ClassNames.IsName(name)) is { } strange
            ? throw new UserException($"{folder}: the name of subfolder {classes.IndexOf(strange) + 1} is too long or has control characters; give it another.")
            : classes;
    }

    /// <summary>What file managers and archivers leave in folders: hidden files and folders, thumbnails, resource forks.</summary>
    private static bool IsPassedOver(string name) => name.StartsWith('.') || s_passedOver.Contains(name.ToUpperInvariant());

    /// <summary>Every image of every class in <paramref name="folder"/>.</summary>
    private Image[] All(string folder) =>
        [.. _classes.SelectMany((name, label) => Files(Path.Combine(folder, name)).Select(path => new Image(path, (byte)label)))];

    /// <summary>The image files of a class by name.</summary>
    private static IEnumerable<string> Files(string folder)
    {
        if (!Directory.Exists(folder)) yield break;
        if (Directory.EnumerateDirectories(folder).FirstOrDefault(inside => !IsPassedOver(Path.GetFileName(inside))) is { } inside)
            throw new UserException($"{inside}: expected images, found a folder; a class folder must not contain folders.");
        foreach (string name in Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal))
        {
            if (IsPassedOver(name)) continue;
            if (Path.GetExtension(name).ToUpperInvariant() is not (".PNG" or ".JPG" or ".JPEG"))
                throw new UserException($"{Path.Combine(folder, name)}: expected .png, .jpg or .jpeg files, found another; remove it from the folder.");
            yield return Path.Combine(folder, name);
        }
    }

    private Dataset Sampled()
    {
        Image[] images = All(_path);
        (int[] training, int[] test) = TestSample.Of(images.Select(image => image.Label).ToArray(), _classes);
        return Read([.. training.Select(index => images[index])], [], [.. test.Select(index => images[index])]);
    }

    private Dataset Read(Image[] train, Image[] validation, Image[] test)
    {
        if (test.Length + validation.Length == 0)
            throw new UserException($"{_path}: no images are left for testing; give at least {TestSample.OneIn} images of a class, or folders train and test.");
        if (_classes.Where((_, label) => train.All(image => image.Label != label)).FirstOrDefault() is { } empty)
            throw new UserException($"{_path}: there are no training images of the class '{empty}'; add some, or remove its folder.");
        Image[] all = [.. train, .. validation, .. test];
        ImageFacts[] facts = [.. all.Select(image => image.Measure())];
        ImageShape shape = ShapeOf(all, facts);
        int shift = ShiftOf(facts);
        var parts = new SetParts(_name, what => new($"{_path}: {what}.")) { Classes = _classes.Length, ClassNames = _classes };
        Dataset data = parts.Join(Decode(parts, train, shape, shift), validation.Length == 0 ? null : Decode(parts, validation, shape, shift),
            test.Length == 0 ? null : Decode(parts, test, shape, shift));
        return data with { Notes = [.. _notes, .. data.Notes] };
    }

    private ImageShape ShapeOf(Image[] images, ImageFacts[] facts)
    {
        int other = Array.FindIndex(facts, fact => (fact.Height, fact.Width) != (facts[0].Height, facts[0].Width));
        if (_size is null && other >= 0)
            throw new UserException($"{images[other].Path} is {facts[other].Height}×{facts[other].Width} and {images[0].Path} is {facts[0].Height}×{facts[0].Width}; "
                + "resize all images to one size, or have it done: --resize 32x32, for example.");
        int colour = Array.FindIndex(facts, fact => !fact.IsGrey), grey = facts.Count(fact => fact.IsGrey);
        if (colour >= 0 && grey > 0)
            _notes.Add($"{images[colour].Path} is in colour, so all images of {_name} have three channels, also the {grey:N0} of {images.Length:N0} that are grey");
        (int height, int width) = _size ?? (facts[0].Height, facts[0].Width);
        if (_size is not null && other >= 0) _notes.Add($"images of {_name} are resized to {height}×{width}, whatever their proportions");
        var shape = new ImageShape(colour < 0 ? 1 : 3, height, width);
        long bytes = (long)images.Length * shape.Features;
        return bytes <= Array.MaxLength ? shape
            : throw new UserException($"{_path} has {bytes:N0} bytes of pixels, more than the limit of {Array.MaxLength:N0}; give smaller or fewer images, or --resize 32x32.");
    }

    /// <summary>Cameras and microscopes put twelve bits into sixteen: their upper eight would be nearly black.</summary>
    private int ShiftOf(ImageFacts[] facts)
    {
        int[] largest = [.. facts.Select(fact => fact.Largest).OfType<int>()];
        if (largest.Length == 0 || largest.Max() > LargestOfTwelve || largest.Max() <= byte.MaxValue) return ImageFile.UpperBits;
        _notes.Add($"no value of the 16-bit images of {_name} is above {LargestOfTwelve:N0}; the upper eight of twelve bits are used");
        return BitsOfTwelve;
    }

    private LabelledPart Decode(SetParts parts, Image[] images, ImageShape shape, int shift)
    {
        byte[] pixels = GC.AllocateUninitializedArray<byte>(images.Length * shape.Features);
        for (int i = 0; i < images.Length; i++)
            images[i].Decode(pixels.AsSpan(i * shape.Features, shape.Features), shape.Channels, _size, shift);
        return parts.Part("the folder", new(pixels, default, shape), "the folder", new(images.Select(image => image.Label).ToArray()));
    }
}
