namespace Lottery.SystemTests.Cli;

/// <summary>Images of 4×5 that a small network learns in some hundred steps: three classes, each bright in rows of its own.</summary>
internal static class TinyImages
{
    public const int Training = 600, Testing = 200, Features = 20, Classes = 3;

    /// <summary>Writes the four idx files into <paramref name="folder"/>.</summary>
    public static string Write(string folder)
    {
        Directory.CreateDirectory(folder);
        Write(folder, "train", Training, seed: 1);
        Write(folder, "t10k", Testing, seed: 2);
        return folder;
    }

    private static void Write(string folder, string part, int count, int seed)
    {
        var random = new Random(seed);
        byte[] labels = new byte[count], pixels = new byte[count * Features];
        for (int i = 0; i < count; i++)
        {
            labels[i] = (byte)(i % Classes);
            for (int feature = 0; feature < Features; feature++)
                pixels[i * Features + feature] = (byte)(random.Next(160) + (feature / 5 == labels[i] ? 70 : 0));
        }
        File.WriteAllBytes(Path.Combine(folder, $"{part}-images-idx3-ubyte"), IdxSample.Bytes([count, 4, 5], pixels));
        File.WriteAllBytes(Path.Combine(folder, $"{part}-labels-idx1-ubyte"), IdxSample.Bytes([count], labels));
    }
}
