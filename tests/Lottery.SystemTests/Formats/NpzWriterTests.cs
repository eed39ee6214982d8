using System.IO.Compression;
using System.Text;
using Lottery.Formats.Npz;
using Lottery.Formats.Safetensors;

namespace Lottery.SystemTests.Formats;

public sealed class NpzWriterTests
{
    private static readonly Tensor[] Three =
    [
        Tensor.Of("fc1.weight", [2, 3], [1.5f, -2, 0, float.MaxValue, 1e-40f, 7]),
        Tensor.Of("fc1.mask", [2], [true, false]),
        new("scale", TensorType.U8, [], new byte[] { 255 }),
    ];

    [Fact]
    public void Numpy_reads_it()
    {
        Assert.SkipUnless(DebianPython.Has("numpy"), "There is no python3 with numpy here.");
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "some.npz");
        File.WriteAllBytes(path, NpzWriter.Write(Three));
        (int code, string said, _) = DebianPython.Run(
            "-c", "import sys, numpy; z = numpy.load(sys.argv[1]); print([(k, v.dtype.str, v.shape, v.tolist()) for k, v in z.items()])", path);
        Assert.Equal(
            "[('fc1.weight', '<f4', (2, 3), [[1.5, -2.0, 0.0], [3.4028234663852886e+38, 9.99994610111476e-41, 7.0]]), "
            + "('fc1.mask', '|b1', (2,), [True, False]), ('scale', '|u1', (), 255)]", said.Trim());
        Assert.Equal(0, code);
    }

    [Fact]
    public void A_member_is_what_the_format_says()
    {
        using var archive = new ZipArchive(new MemoryStream(NpzWriter.Write(Three)));
        Assert.Equal(["fc1.weight.npy", "fc1.mask.npy", "scale.npy"], archive.Entries.Select(entry => entry.FullName));
        using var bytes = new MemoryStream();
        archive.Entries[0].Open().CopyTo(bytes);
        byte[] member = bytes.ToArray();
        Assert.Equal([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0, 118, 0], member[..10]);
        Assert.Equal("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", Encoding.ASCII.GetString(member, 10, 117).TrimEnd());
        Assert.Equal((byte)'\n', member[127]);
        Assert.Equal(Three[0].Bytes.ToArray(), member[128..]);
    }

    [Fact]
    public void Equal_tensors_are_equal_bytes() => Assert.Equal(NpzWriter.Write(Three), NpzWriter.Write(Three));
}
