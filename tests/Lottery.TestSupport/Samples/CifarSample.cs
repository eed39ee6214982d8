using System.Formats.Tar;
using System.Security.Cryptography;
using Lottery.Data;

namespace Lottery.TestSupport.Samples;

/// <summary>Small sets in the binary format of CIFAR, made on the spot.</summary>
internal static class CifarSample
{
    public static readonly string[] Names10 =
        [.. Enumerable.Range(1, 5).Select(i => $"data_batch_{i}.bin"), "test_batch.bin"];

    /// <summary>Records whose label is their index and whose pixels encode their position; the last label byte is used.</summary>
    public static byte[] Records(int count, int labels = 1, int classes = 10, int first = 0)
    {
        var bytes = new List<byte>();
        for (int i = first; i < first + count; i++)
        {
            if (labels == 2) bytes.Add(255);
            bytes.Add((byte)(i % classes));
            for (int p = 0; p < 3072; p++) bytes.Add(Pixel(i, p));
        }
        return [.. bytes];
    }

    public static byte Pixel(int image, int pixel) => (byte)(image * 7 + pixel / 1024 * 100 + pixel % 1024 / 32 * 3 + pixel % 32);

    /// <summary>CIFAR-10 in little: four records a file, counted through.</summary>
    public static void Write10(string folder)
    {
        Directory.CreateDirectory(folder);
        for (int i = 0; i < 6; i++) File.WriteAllBytes(Path.Combine(folder, Names10[i]), Records(4, first: 4 * i));
        File.WriteAllText(Path.Combine(folder, "batches.meta.txt"),
            "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n");
    }

    /// <summary>CIFAR-100 in little: a record a class to train on, three to test on.</summary>
    public static void Write100(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "train.bin"), Records(100, 2, 100));
        File.WriteAllBytes(Path.Combine(folder, "test.bin"), Records(3, 2, 100));
    }

    /// <summary>A gzipped tar with these files.</summary>
    public static byte[] Archive(params (string Name, byte[] Content)[] files)
    {
        using var content = new MemoryStream();
        using (var tar = new TarWriter(content, TarEntryFormat.Ustar, leaveOpen: true))
            foreach ((string name, byte[] bytes) in files)
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(bytes) });
        return IdxSample.Gzip(content.ToArray());
    }

    /// <summary>CIFAR-10 in little as a set that is known by name, in an archive of that content.</summary>
    public static KnownSet Known(byte[] archive) => KnownSet.Cifar10 with
    {
        Name = "toy",
        Files = [.. Names10.Select(name => new KnownFile(name, 4 * 3073, null))],
        Archive = KnownSet.Cifar10.Archive! with { Md5 = Convert.ToHexStringLower(MD5.HashData(archive)) },
    };
}
