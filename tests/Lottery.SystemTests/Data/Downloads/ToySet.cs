using System.Security.Cryptography;
using Lottery.Data;

namespace Lottery.SystemTests.Data.Downloads;

/// <summary>A set with a name whose files are small: what a mirror has, and what is known of it.</summary>
internal sealed class ToySet
{
    private static readonly string[] Names =
        ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];

    private readonly Dictionary<string, byte[]> _files = [];

    public ToySet()
    {
        var noise = new byte[60_000];
        new Random(1).NextBytes(noise);
        byte[][] contents =
            [IdxSample.Bytes([100, 20, 30], noise), IdxSample.Labels(100), IdxSample.Images(50, 20, 30), IdxSample.Labels(50)];
        for (int i = 0; i < Names.Length; i++) _files[Names[i]] = IdxSample.Gzip(contents[i]);
        Known = new("toy", "Toy", "CC0-1.0", 10,
            [.. Names.Zip(contents, (name, content) => new KnownFile(name, content.Length, Convert.ToHexStringLower(SHA256.HashData(content))))],
            [], Package: null);
    }

    public KnownSet Known { get; }

    /// <summary>The gzipped images to train on, some 60,000 bytes.</summary>
    public byte[] Images => _files[Names[0]];

    /// <summary>The gzipped file that a request asks for.</summary>
    public byte[] this[LoopbackServer.Request request] => _files[Path.GetFileNameWithoutExtension(request.Path)];

    /// <summary>Whether a request asks for the images to train on.</summary>
    public static bool IsImages(LoopbackServer.Request request) => request.Path == $"/toy/{Names[0]}.gz";
}
