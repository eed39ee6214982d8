using System.Collections.Immutable;
using Lottery.Data.Formats;

namespace Lottery.Data;

/// <summary>A public data set that has a name: its files, hashes and official mirrors.</summary>
/// <param name="Name">The name to use in commands.</param>
/// <param name="Title">The authors' name of the set.</param>
/// <param name="Licence">The licence, as an SPDX identifier; <c>none stated</c> if the authors state none.</param>
/// <param name="Classes">The number of classes.</param>
/// <param name="Files">The training files, then the test files.</param>
/// <param name="Mirrors">Official folders with the files, gzipped, or the archive, in the order of use.</param>
/// <param name="Package">The Debian package that installs it, if there is one.</param>
internal sealed record KnownSet(
    string Name, string Title, string Licence, int Classes,
    ImmutableArray<KnownFile> Files, ImmutableArray<Uri> Mirrors, string? Package)
{
    /// <summary>LeCun, Cortes and Burges: handwritten digits.</summary>
    public static KnownSet Mnist { get; } = new(
        "mnist", "MNIST", "CC-BY-SA-3.0", 10,
        Sized("ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
              "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
              "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
              "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
        [new("https://ossci-datasets.s3.amazonaws.com/mnist/"), new("https://storage.googleapis.com/cvdf-datasets/mnist/")],
        Package: null)
    {
        ContentSha256 = "08f77e6e2e290ff548c8ce34f899d39063cb0db6159ec5287ada338eba585883", Black = 0.81,
    };

    /// <summary>Xiao, Rasul and Vollgraf: clothes, in MNIST's format and size.</summary>
    public static KnownSet FashionMnist { get; } = new(
        "fashion-mnist", "Fashion-MNIST", "MIT", 10,
        Sized("c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
              "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
              "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
              "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
        [new("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/")],
        Package: "dataset-fashion-mnist")
    {
        ContentSha256 = "e4fbdc1f3512d6616d5c19586c3fe92fe8732d6d42345b999dd2c819bc16336f", Black = 0.5,
        ClassNames = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"],
    };

    /// <summary>Krizhevsky 2009: colour photographs of ten kinds of things.</summary>
    public static KnownSet Cifar10 { get; } = new("cifar-10", "CIFAR-10", "none stated", 10,
        [.. Enumerable.Range(1, 5).Select(i => $"data_batch_{i}.bin").Append("test_batch.bin").Select(name => new KnownFile(name, 30_730_000, null))],
        Toronto, Package: null)
    {
        Format = FolderFormat.Cifar10, Shape = CifarFolder.Shape, Examples = (50_000, 10_000),
        Archive = new("cifar-10-binary.tar.gz", CifarFolder.Ten.Subfolder, CifarFolder.Ten.ClassNamesFile,
            "c32a1d4ab5d03f1284b67883e8d87530", LargestArchive),
    };

    /// <summary>Krizhevsky 2009: colour photographs of a hundred kinds of things, by their fine labels.</summary>
    public static KnownSet Cifar100 { get; } = new("cifar-100", "CIFAR-100", "none stated", 100,
        [new("train.bin", 153_700_000, null), new("test.bin", 30_740_000, null)], Toronto, Package: null)
    {
        Format = FolderFormat.Cifar100, Shape = CifarFolder.Shape, Examples = (50_000, 10_000),
        Archive = new("cifar-100-binary.tar.gz", CifarFolder.Hundred.Subfolder, CifarFolder.Hundred.ClassNamesFile,
            "03b5dce01913d631647c71ecec9e9cb8", LargestArchive),
    };

    /// <summary>Clanuwat et al. 2018: cursive Japanese characters, in MNIST's format and size.</summary>
    public static KnownSet Kmnist { get; } = new("kmnist", "Kuzushiji-MNIST", "CC-BY-SA-4.0", 10,
        [.. IdxFiles([IdxFolder.TrainImages, IdxFolder.TrainLabels, IdxFolder.TestImages, IdxFolder.TestLabels], 60_000, 10_000).Zip(
            ["bdb82020997e1d708af4cf47b453dcf7", "e144d726b3acfaa3e44228e80efcd344", "5c965bf0a639b31b8f53240b1b52f4d7", "7320c461ea6c1c855c0b718fb2a4b134"],
            (file, md5) => file with { Md5 = md5 })],
        [new("http://codh.rois.ac.jp/kmnist/dataset/kmnist/")], Package: null)
    {
        ClassNames = ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"],
    };

    /// <summary>Cohen et al. 2017: handwritten characters, in six splits; images are stored with rows and columns exchanged, and read so.</summary>
    public static ImmutableArray<KnownSet> Emnist { get; } =
    [
        EmnistOf("balanced", MergedCharacters, 112_800, 18_800), EmnistOf("letters", [.. "abcdefghijklmnopqrstuvwxyz".Select(letter => $"{letter}")], 124_800, 20_800),
        EmnistOf("digits", Digits, 240_000, 40_000), EmnistOf("mnist", Digits, 60_000, 10_000),
        EmnistOf("byclass", Characters, 697_932, 116_323), EmnistOf("bymerge", MergedCharacters, 697_932, 116_323),
    ];

    /// <summary>Le and Yang 2015: photographs of 200 kinds of things. The labelled validation part is the test set.</summary>
    public static KnownSet TinyImageNet { get; } = new("tiny-imagenet", "Tiny ImageNet", "none stated", 200,
        [new(TinyArchiveFormat.FileName, 248_100_043, null) { Md5 = "90528d7ca1a48142e341f4ef8d21d0de", IsSentPlain = true }],
        [new("http://cs231n.stanford.edu/")], Package: null)
    {
        Format = FolderFormat.TinyImageNet, Shape = new(3, 64, 64), Examples = (100_000, 10_000),
    };

    /// <summary>Every set that has a name, in the order in which they are listed.</summary>
    public static ImmutableArray<KnownSet> All { get; } = [Mnist, FashionMnist, Kmnist, .. Emnist, Cifar10, Cifar100, TinyImageNet];

    /// <summary>The archive that holds the files; null if each file is downloaded by itself, gzipped.</summary>
    public KnownArchive? Archive { get; init; }

    /// <summary>The names of the classes, if the files do not hold them and labels are not names themselves.</summary>
    public ImmutableArray<string> ClassNames { get; init; } = [];

    /// <summary>The SHA-256 of its examples (<see cref="Dataset.Sha256"/>); null if it was never computed here.</summary>
    internal string? ContentSha256 { get; init; }

    /// <summary>
    /// A set of the same sizes and with as many black pixels, to plan with where the files are not there. Its hash is the real one's
    /// if that is known, so that runs have their ids.
    /// </summary>
    internal Dataset StandIn()
    {
        return new(Name, ContentSha256 ?? new string('0', 64), Classes, Blank(Examples.Train), Blank(Examples.Test))
        {
            ClassNames = ClassNames,
        };

        Data.Examples Blank(int count)
        {
            var pixels = new byte[count * Shape.Features];
            pixels.AsSpan((int)(Black * pixels.Length)).Fill(byte.MaxValue);
            return new(pixels, new byte[count], Shape.Features) { Shape = Shape };
        }
    }

    /// <summary>The share of training pixels that are 0, to two digits.</summary>
    internal double Black { get; init; }

    /// <summary>The shape of an image.</summary>
    internal ImageShape Shape { get; init; } = new(1, 28, 28);

    /// <summary>The numbers of training and test examples.</summary>
    internal (int Train, int Test) Examples { get; init; } = (60_000, 10_000);

    /// <summary>The folder layout of its files.</summary>
    internal FolderFormat Format { get; init; } = FolderFormat.Idx;

    /// <summary>The set of that name, or null.</summary>
    public static KnownSet? Find(string name) => All.FirstOrDefault(set => set.Name == name);

    /// <summary>The set of that name.</summary>
    /// <exception cref="UserException">There is none; the nearest is suggested.</exception>
    public static KnownSet Get(string name) => Find(name) ?? throw Unknown(name);

    internal static UserException Unknown(string name)
    {
        string[] names = [.. All.Select(set => set.Name)];
        return new($"There is no data set called '{name}' (only {string.Join(", ", names.SkipLast(1))} and {names.Last()})"
            + Suggestion.Ending(name, names));
    }

    /// <summary>The part of an advice sentence that names the Debian package, if there is one.</summary>
    internal string OrInstall => Package is null ? "" : $", or `apt-get install {Package}` installs it";

    // Both archives have some 170 MB; unpacked they have 184.
    private const long LargestArchive = 184_440_000;

    private static ImmutableArray<Uri> Toronto => [new("https://www.cs.toronto.edu/~kriz/")];

    private static ImmutableArray<string> Digits => [.. "0123456789".Select(digit => $"{digit}")];

    private static ImmutableArray<string> Characters => [.. "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".Select(letter => $"{letter}")];

    // Small letters that look like their capitals are one class with them.
    private static ImmutableArray<string> MergedCharacters => [.. Characters.Where(letter => !"cijklmopsuvwxyz".Contains(letter, StringComparison.Ordinal))];

    private static KnownSet EmnistOf(string split, ImmutableArray<string> classes, int train, int test) => new(
        $"emnist-{split}", $"EMNIST {split}", "none stated", classes.Length, IdxFiles(IdxFolder.EmnistNames(split), train, test),
        [new("https://biometrics.nist.gov/cs_links/EMNIST/"), new("https://www.itl.nist.gov/iaui/vip/cs_links/EMNIST/")], Package: null)
    {
        Format = IdxFolder.EmnistOf(split), ClassNames = classes, Examples = (train, test),
        Archive = new("gzip.zip", "gzip", null, "58c8d27c78d21e728a6bc7b3cc06412e", 700_000_000),
    };

    private static ImmutableArray<KnownFile> Sized(params ReadOnlySpan<string> sha256)
    {
        string[] hashes = [.. sha256];
        return [.. IdxFiles([IdxFolder.TrainImages, IdxFolder.TrainLabels, IdxFolder.TestImages, IdxFolder.TestLabels], 60_000, 10_000).Zip(hashes, (file, hash) => file with { Sha256 = hash })];
    }

    /// <summary>Images of 28×28 and their labels, with headers of 16 and 8 bytes.</summary>
    private static ImmutableArray<KnownFile> IdxFiles(ImmutableArray<string> names, int train, int test) =>
    [
        new(names[0], 16 + train * 784L, null), new(names[1], 8 + train, null), new(names[2], 16 + test * 784L, null), new(names[3], 8 + test, null),
    ];
}
