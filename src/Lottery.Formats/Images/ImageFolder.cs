using System.Collections.Immutable;
using Lottery.Data;
using Lottery.Data.Formats;
using Lottery.Numerics;

namespace Lottery.Formats.Images;

/// <summary>
/// A folder of PNG and JPEG images, one subfolder for each class. If it has subfolders <c>train</c> and <c>test</c>, each holds
/// the class folders; otherwise a fifth of each class, rounded down, is sampled for testing.
/// </summary>
/// <remarks>
/// Classes are numbered by name in ordinal order; images are ordered by class and file name. The test sample is a permutation
/// by the stream <c>test/CLASS</c> of seed 0, so that it depends on the number of images only. All images must have the same
/// size; they have one channel if all are grey, otherwise three.
/// </remarks>
internal sealed class ImageFolder
{
    private const int MaxClasses = 256, TestOneIn = 5;

    private readonly string _path;
    private readonly ImmutableArray<string> _classes;

    private ImageFolder(string path, ImmutableArray<string> classes) => (_path, _classes) = (path, classes);

    /// <summary>Reads all images of a folder.</summary>
    /// <exception cref="UserException">It has no such folders, or a file is not a complete image of the common size.</exception>
    public static Dataset Load(string path)
    {
        if (!Directory.Exists(path))
            throw new UserException($"There is no folder {path}; give one with a subfolder of images for each class.");
        string train = Path.Combine(path, "train"), test = Path.Combine(path, "test");
        bool split = Directory.Exists(train) && Directory.Exists(test);
        var folder = new ImageFolder(path, ClassesOf(split ? train : path));
        if (!split) return folder.Read([.. folder.Sample(testing: false)], [.. folder.Sample(testing: true)]);
        if (ClassesOf(test).Except(folder._classes).FirstOrDefault() is { } other)
            throw new UserException($"{Path.Combine(test, other)}: there is no class '{other}' in {train}; give both the same classes.");
        return folder.Read([.. folder.All(train)], [.. folder.All(test)]);
    }

    private static ImmutableArray<string> ClassesOf(string folder)
    {
        ImmutableArray<string> classes =
        [
            .. Directory.EnumerateDirectories(folder).Select(path => Path.GetFileName(path)!)
                .Where(name => !name.StartsWith('.')).Order(StringComparer.Ordinal),
        ];
        if (classes.Length is 0 or > MaxClasses)
            throw new UserException($"{folder}: expected 1 to {MaxClasses} subfolders, one for each class, found {classes.Length:N0}; "
                + "put the images of each class into a folder of its own.");
        return classes.FirstOrDefault(name => !ClassNames.IsName(name)) is { } strange
            ? throw new UserException($"{folder}: the name of subfolder {classes.IndexOf(strange) + 1} is too long or has control characters; give it another.")
            : classes;
    }

    /// <summary>Every image of every class in <paramref name="folder"/>.</summary>
    private IEnumerable<Image> All(string folder) =>
        _classes.SelectMany((name, label) => Files(Path.Combine(folder, name)).Select(path => new Image(path, (byte)label)));

    /// <summary>The test sample (a fifth of each class), or the rest.</summary>
    private IEnumerable<Image> Sample(bool testing) => All(_path).GroupBy(image => image.Label).SelectMany(group =>
    {
        Image[] images = [.. group];
        int[] order = new RandomStream(0, $"test/{_classes[group.Key]}").Permutation(images.Length);
        int tested = images.Length / TestOneIn;
        return (testing ? order[..tested] : order[tested..]).Order().Select(index => images[index]);
    });

    /// <summary>The image files of a class by name; files whose names begin with a dot are ignored.</summary>
    private static IEnumerable<string> Files(string folder)
    {
        if (!Directory.Exists(folder)) yield break;
        if (Directory.EnumerateDirectories(folder).FirstOrDefault() is { } inside)
            throw new UserException($"{inside}: expected images, found a folder; a class folder must not contain folders.");
        foreach (string name in Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal))
        {
            if (name.StartsWith('.')) continue;
            if (Path.GetExtension(name).ToUpperInvariant() is not (".PNG" or ".JPG" or ".JPEG"))
                throw new UserException($"{Path.Combine(folder, name)}: expected .png, .jpg or .jpeg files, found another; remove it from the folder.");
            yield return Path.Combine(folder, name);
        }
    }

    private Dataset Read(Image[] train, Image[] test)
    {
        if (test.Length == 0)
            throw new UserException($"{_path}: no images are left for testing; give at least {TestOneIn} images of a class, or folders train and test.");
        if (_classes.Where((_, label) => train.All(image => image.Label != label)).FirstOrDefault() is { } empty)
            throw new UserException($"{_path}: there are no training images of the class '{empty}'; add some, or remove its folder.");
        ImageShape shape = ShapeOf([.. train, .. test]);
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(_path)));
        return Dataset.Create(name, _classes.Length, Decode(train, shape), Decode(test, shape)) with { ClassNames = _classes };
    }

    private ImageShape ShapeOf(Image[] images)
    {
        (int height, int width, bool grey) = images[0].Measure();
        foreach (Image image in images.Skip(1))
        {
            (int Height, int Width, bool IsGrey) found = image.Measure();
            if ((found.Height, found.Width) != (height, width))
                throw new UserException($"{image.Path} is {found.Height}×{found.Width} and {images[0].Path} is {height}×{width}; "
                    + "resize all images to one size.");
            grey &= found.IsGrey;
        }
        var shape = new ImageShape(grey ? 1 : 3, height, width);
        long bytes = (long)images.Length * shape.Features;
        return bytes <= Array.MaxLength ? shape
            : throw new UserException($"{_path} has {bytes:N0} bytes of pixels, more than the limit of {Array.MaxLength:N0}; give smaller or fewer images.");
    }

    private static Examples Decode(Image[] images, ImageShape shape)
    {
        byte[] pixels = GC.AllocateUninitializedArray<byte>(images.Length * shape.Features);
        for (int i = 0; i < images.Length; i++)
            images[i].Decode(pixels.AsSpan(i * shape.Features, shape.Features), shape.Channels);
        return new(pixels, images.Select(image => image.Label).ToArray(), shape.Features) { Shape = shape };
    }
}
