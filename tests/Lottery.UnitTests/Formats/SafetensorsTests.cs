using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using CsCheck;
using Lottery.Formats.Safetensors;

namespace Lottery.UnitTests.Formats;

public sealed class SafetensorsTests
{
    private static readonly Tensor[] Two =
        [Tensor.Of("a", [2, 1], [1.0f, -2.0f]), Tensor.Of("b", [3], [true, false, true])];

    [Fact]
    public void A_file_is_what_the_format_says()
    {
        const string Header =
            """{"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"b":{"dtype":"BOOL","shape":[3],"data_offsets":[8,11]}}""";
        byte[] file = SafetensorsWriter.Write(Two);
        int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        Assert.Equal(0, length % 8);
        Assert.Equal(Header, Encoding.UTF8.GetString(file, 8, length).TrimEnd(' '));
        Assert.Equal([0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0, 1, 0, 1], file[(8 + length)..]);
    }

    [Fact]
    public void Tensors_come_back() => Gen.Select(Gen.Single.Array[0, 20], Gen.Bool.Array[0, 20]).Sample((floats, bools) =>
    {
        ImmutableArray<Tensor> read = SafetensorsReader.Read(SafetensorsWriter.Write(
            [Tensor.Of("x", [floats.Length], floats), Tensor.Of("m", [1, bools.Length], bools)],
            new Dictionary<string, string> { ["k"] = "v" }));
        Assert.Equal(
            floats.Select(BitConverter.SingleToInt32Bits),
            read.Single(t => t.Name == "x").Floats().Select(BitConverter.SingleToInt32Bits));
        Assert.Equal(bools, read.Single(t => t.Name == "m").Bools());
    });

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "do not match")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8, "end at byte 4 of 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "begins at byte 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "begins at byte 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[4,0]}}""", 4, "do not match")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2147483647,2147483647,2147483647],"data_offsets":[0,4]}}""", 4, "is incomplete")]
    [InlineData("""{"a":{"dtype":"Q7","shape":[1],"data_offsets":[0,4]}}""", 4, "type Q7")]
    [InlineData("""{"a":{"shape":[1],"data_offsets":[0,4]}}""", 4, "is incomplete")]
    [InlineData("""{"a":7}""", 4, "is incomplete")]
    [InlineData("""[1]""", 0, "not an object")]
    public void A_header_that_lies_is_refused(string header, int values, string why)
    {
        byte[] file = [.. Length(header.Length), .. Encoding.UTF8.GetBytes(header), .. new byte[values]];
        var wrong = Assert.Throws<InvalidDataException>(() => SafetensorsReader.Read((ReadOnlyMemory<byte>)file));
        Assert.Contains(why, wrong.Message);
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(100_000_001UL)]
    [InlineData(3UL)]
    public void A_header_longer_than_the_file_is_not_allocated(ulong length)
    {
        byte[] file = new byte[10];
        BinaryPrimitives.WriteUInt64LittleEndian(file, length);
        Assert.Throws<InvalidDataException>(() => SafetensorsReader.Read((ReadOnlyMemory<byte>)file));
    }

    [Fact]
    public void Whatever_the_bytes_nothing_but_a_refusal_happens()
    {
        byte[] good = SafetensorsWriter.Write(Two);
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Int[0, good.Length]).Sample((offset, value, length) =>
        {
            byte[] bad = [.. good];
            bad[offset] = value;
            try
            {
                SafetensorsReader.Read((ReadOnlyMemory<byte>)bad.AsMemory(0, length));
            }
            catch (Exception refusal) when (refusal is InvalidDataException or JsonException)
            {
            }
        });
    }

    [Fact]
    public void A_name_that_is_no_text_is_refused()
    {
        byte[] bad = SafetensorsWriter.Write(Two);
        int offset = Enumerable.Range(9, bad.Length).First(i => bad[i] == '"' && char.IsAsciiLetter((char)bad[i + 1])) + 1;
        bad[offset] = 0xA0;
        Assert.Throws<InvalidDataException>(() => SafetensorsReader.Read((ReadOnlyMemory<byte>)bad));
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        var wrong = Assert.Throws<UserException>(() => SafetensorsReader.Read("/no/such.safetensors"));
        Assert.Contains("/no/such.safetensors", wrong.Message);
    }

    private static byte[] Length(int length)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)length);
        return bytes;
    }
}
