using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using CsCheck;
using Lottery.Data;
using Lottery.Data.Formats;

namespace Lottery.UnitTests.Data.Formats;

public sealed class NpyFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("(12, 2, 3)", 1)]
    [InlineData("(12, 1, 2, 3)", 1)]
    [InlineData("(4, 3, 2, 3)", 3)]
    public void Images_have_three_or_four_dimensions_channels_first(string shape, int channels)
    {
        Write(shape, 12 / channels);
        Dataset data = Dataset.Load(_folder.Path);
        Assert.Equal(new ImageShape(channels, 2, 3), data.Train.Shape);
        Assert.Equal(Enumerable.Range(0, 72).Select(i => (byte)i), data.Train.Pixels.ToArray());
        Assert.Equal(Enumerable.Range(0, 12 / channels).Select(i => (byte)(i % 2)), data.Test.Labels.ToArray());
        Assert.Equal(2, data.Classes);
    }

    [Theory]
    [InlineData("|u1", 1)]
    [InlineData("|i1", 1)]
    [InlineData("<u2", 2)]
    [InlineData("<i4", 4)]
    [InlineData("<i8", 8)]
    public void Labels_are_integers_of_any_size(string type, int size)
    {
        Write("(12, 2, 3)", 12);
        File.WriteAllBytes(_folder["y_train.npy"], Labels(type, size, 12));
        Assert.Equal(Enumerable.Range(0, 12).Select(i => (byte)(i % 2)), Dataset.Load(_folder.Path).Train.Labels.ToArray());
        foreach (byte other in new byte[] { 0x80, 0xFF })
        {
            byte[] negative = Labels(type, size, 12);
            negative[^1] = other;
            File.WriteAllBytes(_folder["y_train.npy"], negative);
            if (type != "|u1") AssertWrong("y_train.npy", "expected labels from 0 to 255, found another at index 11");
        }
    }

    [Fact]
    public void A_file_cut_or_extended_anywhere_is_an_error()
    {
        Write("(12, 2, 3)", 12);
        foreach (string name in new[] { "x_test.npy", "y_test.npy" })
        {
            byte[] file = File.ReadAllBytes(_folder[name]);
            for (int length = 0; length <= file.Length + 1; length++)
            {
                File.WriteAllBytes(_folder[name], length <= file.Length ? file[..length] : [.. file, 0]);
                if (length != file.Length) Assert.Throws<UserException>(() => Dataset.Load(_folder.Path));
                else Dataset.Load(_folder.Path);
            }
            File.WriteAllBytes(_folder[name], file);
        }
    }

    [Fact]
    public void A_header_changed_anywhere_is_an_error_or_a_set()
    {
        Write("(12, 2, 3)", 12);
        byte[] file = File.ReadAllBytes(_folder["x_train.npy"]);
        Gen.Select(Gen.Int[0, 127], Gen.Byte).Sample((offset, value) =>
        {
            byte[] changed = [.. file];
            changed[offset] = value;
            File.WriteAllBytes(_folder["x_train.npy"], changed);
            try
            {
                Assert.Equal(12, Dataset.Load(_folder.Path).Train.Count);
            }
            catch (UserException error)
            {
                Assert.Contains(_folder.Path, error.Message, StringComparison.Ordinal);
            }
        }, iter: 150, threads: 1);
    }

    [Theory]
    [InlineData("x_train.npy", "|u1", "(12, 5, 32, 32)", "with 1 to 4 channels, first or last) or features ([count, features]), found 12×5×32×32")]
    [InlineData("x_train.npy", "<c8", "(12, 2, 3)", "expected little-endian numbers of 1 to 8 bytes, found '<c8'")]
    [InlineData("x_train.npy", ">u2", "(12, 2, 3)", "expected little-endian numbers of 1 to 8 bytes, found '>u2'")]
    [InlineData("x_train.npy", "|u1", "(72,)", "found 72")]
    [InlineData("x_train.npy", "|u1", "(0, 2, 3)", "found (0, 2, 3)")]
    [InlineData("x_train.npy", "|u1", "(2000000000, 2000000000, 2000000000)", "found (2000000000, 2000000000, 2000000000)")]
    [InlineData("x_train.npy", "|u1", "(4294967297, 2, 3)", "found (4294967297, 2, 3)")]
    [InlineData("x_train.npy", "|u1", "()", "found ()")]
    [InlineData("x_train.npy", "|u1", "(2147483591, 1, 1)", "expected 2,147,483,719 bytes for 2147483591×1×1, found 200")]
    [InlineData("y_train.npy", "|u1", "(12, 6)", "found 12 of 12 rows with none or several of 6 labels: a multi-label set, which is not supported; keep one column as the labels (y[:, k])")]
    [InlineData("y_train.npy", "|u1", "(12, 6, 1)", "expected labels as [count], [count, 1] or one-hot rows, found 12×6×1")]
    public void A_header_that_says_something_else_is_told(string name, string type, string shape, string sentence)
    {
        Write("(12, 2, 3)", 12);
        long count = shape.StartsWith("(12", StringComparison.Ordinal) ? Elements(shape) * Math.Max(1, type[2] - '0') : 72;
        File.WriteAllBytes(_folder[name], Bytes(type, shape, new byte[count]));
        long before = GC.GetAllocatedBytesForCurrentThread();
        AssertWrong(name, sentence);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void A_header_that_is_written_is_read() => Gen.Select(
        Gen.Int[0, 5].Select(i => new[] { "b1", "u1", "i2", "u8", "f4", "f8" }[i]), Gen.Int[1, 12].Array[1, 8]).Sample((type, shape) =>
        {
            NpyHeader written = new(type, [.. shape]);
            byte[] bytes = written.ToBytes();
            using var file = new MemoryStream([.. bytes, 1, 2, 3]);
            var header = NpyHeader.Read(file, bytes.Length + (long)written.Count * written.Size);
            Assert.Equal((type, bytes.Length, 0), (header.Type, header.Start, bytes.Length % 64));
            Assert.Equal(shape, header.Shape);
        });

    /// <summary>As NumPy saves a transposed array.</summary>
    [Fact]
    public void Arrays_in_Fortran_order_are_read()
    {
        Write("(12, 2, 3)", 12);
        byte[] images = new byte[72], turned = new byte[72];
        for (int i = 0; i < 12; i++)
            for (int row = 0; row < 2; row++)
                for (int column = 0; column < 3; column++)
                {
                    images[i * 6 + row * 3 + column] = (byte)(i * 6 + row * 3 + column);
                    turned[i + 12 * row + 24 * column] = (byte)(i * 6 + row * 3 + column);
                }
        File.WriteAllBytes(_folder["x_train.npy"], Bytes("|u1", "(12, 2, 3)", turned, order: "True"));
        Assert.Equal(images, Dataset.Load(_folder.Path).Train.Pixels.ToArray());
        byte[] doubles = [.. Enumerable.Range(0, 6).SelectMany(i => BitConverter.GetBytes(i % 2 * 3.0 + i / 2))];
        using var file = new MemoryStream(Bytes("<f8", "(2, 3)", doubles, order: "True"));
        double[] values = NpyHeader.Read(file, file.Length, (rows, header) =>
        {
            var bytes = new byte[header.Count * header.Size];
            rows.ReadExactly(bytes);
            return MemoryMarshal.Cast<byte, double>(bytes).ToArray();
        });
        Assert.Equal([0, 1, 2, 3, 4, 5], values);
    }

    [Fact]
    public void Other_files_are_told()
    {
        Write("(12, 2, 3)", 12);
        File.WriteAllBytes(_folder["x_train.npy"], "PK\u0003\u0004 not such a file"u8.ToArray());
        AssertWrong("x_train.npy", "expected a .npy file of version 1 to 3, found something else");
        File.WriteAllBytes(_folder["x_train.npy"], Bytes("|u1", "(11, 2, 3)", new byte[66]));
        Assert.Contains("x_train.npy has 11 images and y_train.npy 12 labels",
            Assert.Throws<UserException>(() => Dataset.Load(_folder.Path)).Message, StringComparison.Ordinal);
        File.Delete(_folder["y_test.npy"]);
        Assert.Equal($"{_folder.Path}: expected four .npy files, found no y_test.npy; give a folder with images and labels for "
            + "training and testing as complete .npy files.", Assert.Throws<UserException>(() => Dataset.Load(_folder.Path)).Message);
    }

    private static byte[] Bytes(string type, string shape, byte[] values, string order = "False")
    {
        string header = $"{{'descr': '{type}', 'fortran_order': {order}, 'shape': {shape}, }}";
        var file = new byte[128 + values.Length];
        ((ReadOnlySpan<byte>)[0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0]).CopyTo(file);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(8), 118);
        Encoding.ASCII.GetBytes(header.PadRight(117) + "\n").CopyTo(file, 10);
        values.CopyTo(file, 128);
        return file;
    }

    private static byte[] Labels(string type, int size, int count)
    {
        var values = new byte[count * size];
        for (int i = 0; i < count; i++) values[i * size] = (byte)(i % 2);
        return Bytes(type, $"({count},)", values);
    }

    private static long Elements(string shape) =>
        shape.Trim('(', ')').Split(',', StringSplitOptions.RemoveEmptyEntries).Aggregate(1L, (product, word) => product * long.Parse(word));

    private void Write(string shape, int count)
    {
        byte[] pixels = [.. Enumerable.Range(0, 72).Select(i => (byte)i)];
        foreach (string part in new[] { "train", "test" })
        {
            File.WriteAllBytes(_folder[$"x_{part}.npy"], Bytes("|u1", shape, pixels));
            File.WriteAllBytes(_folder[$"y_{part}.npy"], Labels("|u1", 1, count));
        }
    }

    private void AssertWrong(string name, string sentence)
    {
        var error = Assert.Throws<UserException>(() => Dataset.Load(_folder.Path));
        Assert.StartsWith($"{_folder[name]}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(sentence, error.Message, StringComparison.Ordinal);
    }
}
