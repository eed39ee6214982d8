using System.Collections.Immutable;

namespace Lottery.Data.Formats;

/// <summary>A folder layout of a data set: file names, and how to read them.</summary>
internal abstract class FolderFormat
{
    /// <summary>Four idx files, as MNIST is distributed.</summary>
    public static FolderFormat Idx { get; } = new IdxFolder();

    /// <summary>The idx files of QMNIST, whose labels are rows of integers.</summary>
    public static FolderFormat Qmnist { get; } = new QmnistFolder();

    /// <summary>The binary batches of CIFAR-10.</summary>
    public static FolderFormat Cifar10 { get; } = CifarFolder.Ten;

    /// <summary>The binary files of CIFAR-100.</summary>
    public static FolderFormat Cifar100 { get; } = CifarFolder.Hundred;

    /// <summary>The Python version of CIFAR-10.</summary>
    public static FolderFormat Cifar10Pickles { get; } = CifarPickleFolder.Ten;

    /// <summary>The Python version of CIFAR-100.</summary>
    public static FolderFormat Cifar100Pickles { get; } = CifarPickleFolder.Hundred;

    /// <summary>The archive of Tiny ImageNet, as it was downloaded.</summary>
    public static FolderFormat TinyImageNet { get; } = new TinyArchiveFormat();

    /// <summary>Four NumPy files.</summary>
    public static FolderFormat Npy { get; } = new NpyFolder();

    /// <summary>All formats, in the order in which a folder is tried.</summary>
    public static ImmutableArray<FolderFormat> All { get; } = [Idx, .. IdxFolder.Emnist, Qmnist, Cifar10, Cifar100, Cifar10Pickles, Cifar100Pickles, Npy];

    /// <summary>The kinds of files, for the error about a folder that holds none of them.</summary>
    public static string Kinds => string.Join(" or ", new[] { Idx, Cifar10, Cifar100, Npy }.Select(format => format.Files));

    /// <summary>The kind of files, as in "complete <c>idx files</c>".</summary>
    public abstract string Files { get; }

    /// <summary>The folder inside the given one in which the official archive puts the files; null if it has none.</summary>
    public virtual string? Subfolder => null;

    /// <summary>The names of the required files.</summary>
    protected abstract ImmutableArray<string> Names { get; }

    /// <summary>The format of a folder that holds any of its files; null if there is none.</summary>
    /// <exception cref="UserException">It holds files of several formats.</exception>
    public static FolderFormat? Of(string folder) => All.Where(format => format.HoldsAny(folder)).ToArray() switch
    {
        [] => null,
        [var only] => only,
        var several => throw new UserException($"{folder} holds {string.Join(" and ", several.Select(format => format.Files))}; "
            + "put those that you want into a folder of their own."),
    };

    /// <summary>The folder itself if it holds files of any format, or an unpacked archive's folder inside it; null if neither.</summary>
    public static string? Within(string folder) =>
        Of(folder) is not null ? folder : All.Select(format => format.Inside(folder)).FirstOrDefault(inside => inside is not null);

    /// <summary>Whether the folder holds any of the files.</summary>
    public bool HoldsAny(string folder) => Names.Any(name => Find(folder, name) is not null);

    /// <summary>The path of a file under the first of its spellings that exists; null if none does.</summary>
    public string? Find(string folder, string name) => Spellings(folder, name).FirstOrDefault(File.Exists);

    /// <summary>The possible paths of a file, the preferred one first.</summary>
    public virtual IEnumerable<string> Spellings(string folder, string name) => [Path.Combine(folder, name)];

    /// <summary>Reads and checks all files.</summary>
    /// <exception cref="UserException">A file is missing, unreadable or damaged, or does not match the others.</exception>
    public Dataset Load(DataLocation location)
    {
        string[] missing = [.. Names.Where(name => Find(location.Folder, name) is null)];
        if (missing.Length > 0)
            throw Wrong(location, $"expected {Expected}, found no {string.Join(" and no ", missing)}");
        return Read(location);
    }

    /// <summary>The error for a folder with missing or wrong files.</summary>
    public UserException Wrong(DataLocation location, string what) => new($"{location.Folder}: {what}; {Advice(location)}.");

    /// <summary>What to do about it: the end of a sentence, without a full stop.</summary>
    public string Advice(DataLocation location) => location.Advice(Files);

    /// <summary>What a folder must hold.</summary>
    protected abstract string Expected { get; }

    /// <summary>Reads and checks the files; all of them exist.</summary>
    protected abstract Dataset Read(DataLocation location);

    /// <summary>What the parts of a set are joined by.</summary>
    protected SetParts Parts(DataLocation location) => new(location.Name, what => Wrong(location, what))
    {
        Classes = location.Set?.Classes, ClassNames = location.Set?.ClassNames ?? [],
    };

    private string? Inside(string folder) =>
        Subfolder is { } name && Path.Combine(folder, name) is var inside && HoldsAny(inside) ? inside : null;
}
