using System.Collections.Immutable;
using Lottery.Data;
using Lottery.Data.Formats;
using Lottery.Files;
using Lottery.Formats.Npz;
using Lottery.Formats.Zip;

namespace Lottery.Formats.Datasets;

/// <summary>
/// A data set in one <c>.npz</c> file, by the names that Keras (<c>x_train</c>, <c>y_train</c>, <c>x_val</c>, <c>x_test</c>, …),
/// MedMNIST (<c>train_images</c>, <c>train_labels</c>, <c>val_images</c>, …) and others use; <c>x</c> and <c>y</c> alone are sampled
/// for testing.
/// </summary>
internal sealed class NpzDataset
{
    private static readonly ImmutableArray<string> s_train = ["train", "training"], s_validation = ["val", "valid", "validation", "dev"], s_test = ["test", "testing"];
    private static readonly ImmutableArray<string> s_examples = ["x", "images", "data", "features"], s_labels = ["y", "labels", "label", "target", "targets"];

    private readonly string _path;
    private readonly NpzArchive _archive;
    private readonly SetParts _parts;

    private NpzDataset(string path, NpzArchive archive)
    {
        (_path, _archive) = (path, archive);
        _parts = new(Path.GetFileNameWithoutExtension(path), Wrong);
    }

    /// <summary>Reads a set.</summary>
    /// <exception cref="UserException">The file cannot be read, is damaged, or has no such arrays.</exception>
    public static Dataset Load(string path)
    {
        try
        {
            using var members = new ZipMembers(InputFile.Open(path));
            return new NpzDataset(path, new NpzArchive(members)).Read();
        }
        catch (InvalidDataException exception)
        {
            // A clause with a remedy of its own needs no other.
            throw new UserException($"{path}: {exception.Message}{(exception.Message.Contains(';', StringComparison.Ordinal) ? "" : "; give the file as np.savez wrote it")}.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{path} cannot be read ({exception.Message.TrimEnd('.')}); make it readable.", exception);
        }
    }

    private Dataset Read()
    {
        (string, string) train = Find(s_train) ?? Find([""])
            ?? throw Wrong($"expected arrays x_train, y_train, x_test and y_test, or train_images and so on, or x and y, found {Names}");
        return _parts.Join(Part(train), Find(s_validation) is { } validation ? Part(validation) : null, Find(s_test) is { } test ? Part(test) : null);
    }

    private LabelledPart Part((string Examples, string Labels) names) => _parts.Part(
        names.Examples, At(names.Examples, NpyArrays.Examples), names.Labels, At(names.Labels, NpyArrays.Labels));

    private T At<T>(string name, Func<Stream, NpyHeader, T> read)
    {
        try
        {
            return _archive.Read(name, read);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"{name}: {exception.Message}", exception);
        }
    }

    /// <summary>The arrays of a part: the words of part and kind in either order, in any case, joined by <c>_</c> or by nothing.</summary>
    private (string Examples, string Labels)? Find(ImmutableArray<string> part)
    {
        string? examples = Find(part, s_examples), labels = Find(part, s_labels);
        return (examples, labels) switch
        {
            (null, null) => null,
            ({ } x, { } y) => (x, y),
            ({ } x, null) => part is [""] ? null : throw Wrong($"it has {x}, but no labels for it among {Names}"),
            (null, { } y) => part is [""] ? null : throw Wrong($"it has {y}, but no examples for it among {Names}"),
        };
    }

    private string? Find(ImmutableArray<string> parts, ImmutableArray<string> kinds)
    {
        string[] wanted = [.. parts.SelectMany(part => kinds.SelectMany(kind => part.Length == 0 ? [kind] : (string[])[kind + part, part + kind]))];
        return _archive.Names.FirstOrDefault(name =>
            wanted.Contains(name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant()));
    }

    private string Names => _archive.Names.IsEmpty ? "none" : _archive.Names.Length <= 12 ? string.Join(", ", _archive.Names) : $"{string.Join(", ", _archive.Names.Take(12))} and {_archive.Names.Length - 12} others";

    private UserException Wrong(string what) => new($"{_path}: {what}; give a .npz file with images or features and their labels for training and testing.");
}
