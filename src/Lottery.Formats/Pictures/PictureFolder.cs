using System.Collections.Immutable;
using Lottery.Data;
using Lottery.Numerics;

namespace Lottery.Formats.Pictures;

/// <summary>
/// A folder of PNG and JPEG pictures, one subfolder a class. Where it has subfolders <c>train</c> and <c>test</c>, each has
/// the classes; otherwise a fifth of each class, rounded down, is drawn for testing.
/// </summary>
/// <remarks>
/// Classes are numbered by their names in ordinal order, and pictures follow one another by class and file name. The draw
/// is a permutation by the stream <c>test/CLASS</c> of seed 0, so that it depends on nothing but the number of pictures.
/// All pictures have one size; they have one channel if all are grey, otherwise three.
/// </remarks>
public sealed class PictureFolder
{
    private const int MostClasses = 256, ShareForTesting = 5;

    private readonly string _path;
    private readonly ImmutableArray<string> _classes;

    private PictureFolder(string path, ImmutableArray<string> classes) => (_path, _classes) = (path, classes);

    /// <summary>Reads all pictures of a folder.</summary>
    /// <exception cref="UserException">It has no such folders, or a file that is no whole picture of the same size.</exception>
    public static Dataset Load(string path)
    {
        if (!Directory.Exists(path))
            throw new UserException($"There is no folder {path}; give one with a subfolder of pictures for each class.");
        string train = Path.Combine(path, "train"), test = Path.Combine(path, "test");
        bool split = Directory.Exists(train) && Directory.Exists(test);
        var folder = new PictureFolder(path, ClassesOf(split ? train : path));
        if (!split) return folder.Read([.. folder.Drawn(testing: false)], [.. folder.Drawn(testing: true)]);
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
        if (classes.Length is 0 or > MostClasses)
            throw new UserException($"{folder}: expected 1 to {MostClasses} subfolders, one a class, found {classes.Length:N0}; "
                + "put the pictures of each class into a folder of their own.");
        return classes.FirstOrDefault(name => !ClassNames.IsName(name)) is { } strange
            ? throw new UserException($"{folder}: the name of subfolder {classes.IndexOf(strange) + 1} is too long or has control characters; give it another.")
            : classes;
    }

    /// <summary>Every picture of every class in <paramref name="folder"/>.</summary>
    private IEnumerable<Picture> All(string folder) =>
        _classes.SelectMany((name, label) => Files(Path.Combine(folder, name)).Select(path => new Picture(path, (byte)label)));

    /// <summary>A fifth of each class for testing, or the rest.</summary>
    private IEnumerable<Picture> Drawn(bool testing) => All(_path).GroupBy(picture => picture.Label).SelectMany(group =>
    {
        Picture[] pictures = [.. group];
        int[] order = new RandomStream(0, $"test/{_classes[group.Key]}").Permutation(pictures.Length);
        int drawn = pictures.Length / ShareForTesting;
        return (testing ? order[..drawn] : order[drawn..]).Order().Select(place => pictures[place]);
    });

    /// <summary>The pictures of a class by name; files whose names begin with a dot are no part of it.</summary>
    private static IEnumerable<string> Files(string folder)
    {
        if (!Directory.Exists(folder)) yield break;
        if (Directory.EnumerateDirectories(folder).FirstOrDefault() is { } inside)
            throw new UserException($"{inside}: expected pictures, found a folder; a class has no folders in it.");
        foreach (string name in Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal))
        {
            if (name.StartsWith('.')) continue;
            if (Path.GetExtension(name).ToUpperInvariant() is not (".PNG" or ".JPG" or ".JPEG"))
                throw new UserException($"{Path.Combine(folder, name)}: expected .png, .jpg or .jpeg files, found another; take it out of the folder.");
            yield return Path.Combine(folder, name);
        }
    }

    private Dataset Read(Picture[] train, Picture[] test)
    {
        if (test.Length == 0)
            throw new UserException($"{_path}: no pictures are left for testing; give at least {ShareForTesting} of a class, or folders train and test.");
        if (_classes.Where((_, label) => train.All(picture => picture.Label != label)).FirstOrDefault() is { } empty)
            throw new UserException($"{_path}: there are no pictures of the class '{empty}' to train on; add some or remove its folder.");
        PictureShape shape = ShapeOf([.. train, .. test]);
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(_path)));
        return Dataset.Create(name, _classes.Length, Decode(train, shape), Decode(test, shape)) with { ClassNames = _classes };
    }

    private PictureShape ShapeOf(Picture[] pictures)
    {
        (int height, int width, bool grey) = pictures[0].Measure();
        foreach (Picture picture in pictures.Skip(1))
        {
            (int Height, int Width, bool IsGrey) found = picture.Measure();
            if ((found.Height, found.Width) != (height, width))
                throw new UserException($"{picture.Path} is {found.Height}×{found.Width} and {pictures[0].Path} {height}×{width}; "
                    + "bring all pictures to one size.");
            grey &= found.IsGrey;
        }
        var shape = new PictureShape(grey ? 1 : 3, height, width);
        long bytes = (long)pictures.Length * shape.Features;
        return bytes <= Array.MaxLength ? shape
            : throw new UserException($"{_path} has {bytes:N0} bytes of pixels, more than the {Array.MaxLength:N0} that are read; give smaller pictures or fewer.");
    }

    private static Examples Decode(Picture[] pictures, PictureShape shape)
    {
        byte[] pixels = GC.AllocateUninitializedArray<byte>(pictures.Length * shape.Features);
        for (int i = 0; i < pictures.Length; i++)
            pictures[i].Decode(pixels.AsSpan(i * shape.Features, shape.Features), shape.Channels);
        return new(pixels, pictures.Select(picture => picture.Label).ToArray(), shape.Features) { Shape = shape };
    }
}
