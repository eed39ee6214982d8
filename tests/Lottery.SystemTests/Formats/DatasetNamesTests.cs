using System.Buffers.Binary;
using System.IO.Compression;
using Lottery.Data.Formats;

namespace Lottery.SystemTests.Formats;

/// <summary>Sets whose files and arrays are named as their makers name them are found, trained on and pruned: ten steps of each.</summary>
public sealed class DatasetNamesTests : IDisposable
{
    private const int Side = 4;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("medmnist", "train_images train_labels val_images val_labels test_images test_labels", 16)]
    [InlineData("medmnist in colour", "train_images train_labels val_images val_labels test_images test_labels", 48)]
    [InlineData("keras", "x_train y_train x_test y_test", 16)]
    public void Arrays(string maker, string names, int features)
    {
        using (var archive = new ZipArchive(File.Create(_folder["set.npz"]), ZipArchiveMode.Create))
            foreach ((int i, string name) in names.Split(' ').Index())
            {
                bool isImages = i % 2 == 0;
                int count = i < 2 ? 60 : 20;
                int[] shape = isImages ? features == 16 ? [count, Side, Side] : [count, Side, Side, 3] : maker == "keras" ? [count] : [count, 1];
                using Stream array = archive.CreateEntry($"{name}.npy").Open();
                array.Write(new NpyHeader("u1", [.. shape]).ToBytes());
                array.Write(isImages ? Pixels(count * features) : Labels(count));
            }
        AssertFound(_folder["set.npz"], features, maker == "keras" ? "--validation 10" : "");
    }

    [Theory]
    [InlineData("emnist-letters-train-images-idx3-ubyte.gz emnist-letters-train-labels-idx1-ubyte.gz emnist-letters-test-images-idx3-ubyte.gz emnist-letters-test-labels-idx1-ubyte.gz")]
    [InlineData("emnist-balanced-train-images-idx3-ubyte emnist-balanced-train-labels-idx1-ubyte emnist-balanced-test-images-idx3-ubyte emnist-balanced-test-labels-idx1-ubyte")]
    [InlineData("qmnist-train-images-idx3-ubyte.gz qmnist-train-labels-idx2-int.gz qmnist-test-images-idx3-ubyte.gz qmnist-test-labels-idx2-int.gz")]
    [InlineData("train-images.idx3-ubyte train-labels.idx1-ubyte t10k-images.idx3-ubyte t10k-labels.idx1-ubyte")]
    public void Files(string names)
    {
        foreach ((int i, string name) in names.Split(' ').Index())
        {
            int count = i < 2 ? 60 : 20;
            byte[] content = name.Contains("images", StringComparison.Ordinal) ? Idx(8, [count, Side, Side], Pixels(count * Side * Side))
                : name.Contains("idx2-int", StringComparison.Ordinal) ? Idx(12, [count, 8], [.. Labels(count).SelectMany(label => (byte[])[0, 0, 0, label, .. new byte[28]])])
                : Idx(8, [count], [.. Labels(count).Select(label => (byte)(label + (name.Contains("letters", StringComparison.Ordinal) ? 1 : 0)))]);
            using var file = new MemoryStream();
            if (name.EndsWith(".gz", StringComparison.Ordinal))
                using (var gzip = new GZipStream(file, CompressionMode.Compress, leaveOpen: true)) gzip.Write(content);
            else file.Write(content);
            File.WriteAllBytes(_folder[name], file.ToArray());
        }
        AssertFound(_folder.Path, Side * Side, "--validation 10");
    }

    private void AssertFound(string data, int features, string options)
    {
        using var store = new TemporaryFolder();
        CommandLineRun run = CommandLineRun.Of(["find", "--network", $"mlp:{features}-8-3", "--data", data, "--levels", "1", "--steps", "10", "--batch", "10", "--evaluate", "5",
            "--store", store.Path, "--json", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(2, run.Json["cells"]!.AsArray().Count);
    }

    private static byte[] Labels(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(i % 3))];

    private static byte[] Pixels(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(i * 37))];

    private static byte[] Idx(byte type, int[] lengths, byte[] values)
    {
        var head = new byte[4 + 4 * lengths.Length];
        (head[2], head[3]) = (type, (byte)lengths.Length);
        for (int d = 0; d < lengths.Length; d++) BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4 + 4 * d), lengths[d]);
        return [.. head, .. values];
    }
}
