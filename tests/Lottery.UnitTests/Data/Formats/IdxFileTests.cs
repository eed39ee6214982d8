using CsCheck;
using Lottery.Data.Formats;

namespace Lottery.UnitTests.Data.Formats;

public sealed class IdxFileTests
{
    private static readonly Gen<(int[] Dimensions, byte[] Values)> Files =
        Gen.Int[1, 6].Array[1, 3].SelectMany(dimensions =>
            Gen.Byte.Array[dimensions.Aggregate(1, (product, size) => product * size)].Select(values => (dimensions, values)));

    [Fact]
    public void ReadsWhatWasWrittenGzippedOrNotAndInAnyPieces() => Gen.Select(Files, Gen.Int[1, 300]).Sample((file, piece) =>
    {
        byte[] plain = IdxSample.Bytes(file.Dimensions, file.Values);
        foreach (byte[] bytes in new[] { plain, IdxSample.Gzip(plain) })
        {
            IdxFile read = IdxFile.Read(new MemoryStream(bytes), file.Dimensions.Length, piece);
            Assert.Equal(file.Dimensions, read.Dimensions);
            Assert.Equal(file.Values, read.Values.ToArray());
        }
    }, iter: 200);

    [Fact]
    public void EveryTruncationAndEveryExtensionIsAnError() => Files.Sample(file =>
    {
        byte[] plain = IdxSample.Bytes(file.Dimensions, file.Values);
        foreach (byte[] bytes in new[] { plain, IdxSample.Gzip(plain) })
        {
            for (int length = 0; length < bytes.Length; length++)
                Assert.Throws<InvalidDataException>(() => IdxFile.Read(new MemoryStream(bytes[..length]), file.Dimensions.Length));
            Assert.Throws<InvalidDataException>(() => IdxFile.Read(new MemoryStream([.. bytes, 0]), file.Dimensions.Length));
        }
    }, iter: 30);

    [Fact]
    public void NoDamageOfOneByteInTheHeaderDoesMoreThanAnError() =>
        Gen.Select(Gen.Int[0, 15], Gen.Byte, Gen.Bool).Sample(OneByteInTheHeader);

    private static void OneByteInTheHeader(int offset, byte value, bool gzip)
    {
        byte[] bytes = IdxSample.Images(4);
        byte before = bytes[offset];
        bytes[offset] = value;
        var file = new MemoryStream(gzip ? IdxSample.Gzip(bytes) : bytes);
        if (value == before) IdxFile.Read(file, 3);
        else Assert.Throws<InvalidDataException>(() => IdxFile.Read(file, 3));
    }

    [Fact]
    public void NoDamageOfOneByteInAGzippedFileGoesUnnoticed() =>
        Gen.Select(Gen.Int[10, 10_000], Gen.Byte[1, 255]).Sample(OneByteInAGzippedFile);

    private static void OneByteInAGzippedFile(int offset, byte difference)
    {
        byte[] plain = IdxSample.Images(4), bytes = IdxSample.Gzip(plain);
        bytes[10 + offset % (bytes.Length - 10)] ^= difference;
        try
        {
            IdxFile read = IdxFile.Read(new MemoryStream(bytes), 3);
            Assert.Equal(plain[16..], read.Values.ToArray());
        }
        catch (InvalidDataException)
        {
            // Refused with a message, as it should be.
        }
    }

    [Theory]
    [InlineData(int.MaxValue, int.MaxValue, int.MaxValue)]
    [InlineData(-1, -1, -1)]
    [InlineData(60_000, 28, 28)]
    [InlineData(46_340, 46_340, 1)]
    [InlineData(0, 28, 28)]
    [InlineData(5, 0, int.MaxValue)]
    public void AHeaderThatAsksForMoreThanThereIsTakesNoMemory(int count, int height, int width)
    {
        byte[] plain = IdxSample.Bytes([count, height, width], new byte[100]);
        foreach (byte[] bytes in new[] { plain, IdxSample.Gzip(plain) })
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Throws<InvalidDataException>(() => IdxFile.Read(new MemoryStream(bytes), 3));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        }
    }

    [Fact]
    public void AGzipBombIsNotInflated()
    {
        byte[] bomb = IdxSample.Gzip([.. IdxSample.Images(1, 1, 1), .. new byte[50_000_000]]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<InvalidDataException>(() => IdxFile.Read(new MemoryStream(bomb), 3));
        Assert.Equal("expected it to end after 17 bytes, found more", error.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void TheSentenceNamesFileExpectationFindingAndRemedy()
    {
        using var folder = new TemporaryFolder();
        string path = folder["train-images-idx3-ubyte"];
        var cases = new (byte[] Content, string Sentence)[]
        {
            ("<htm"u8.ToArray(), "expected an idx file of bytes with 3 dimensions (it starts 00000803), found 3c68746d"),
            ([], "expected an idx file of bytes with 3 dimensions, found an empty file"),
            (IdxSample.Labels(3), "expected an idx file of bytes with 3 dimensions, found 1"),
            ([0, 0, 0x0D, 3, 0, 0, 0, 1],
                "expected an idx file of bytes with 3 dimensions, found elements of type 0x0D (only 0x08, bytes, is read)"),
            (IdxSample.Images(5)[..9], "expected an idx header of 16 bytes, found 9"),
            (IdxSample.Images(1000)[..^1], "expected 6,016 bytes for 1000×3×2, found 6,015"),
            (IdxSample.Gzip(IdxSample.Images(1000)[..^1]), "expected 6,016 bytes for 1000×3×2, found 6,015"),
            (IdxSample.Bytes([0, 3, 2], []), "expected dimensions whose product is 1 to 2,147,483,591, found 0×3×2"),
            ([.. IdxSample.Gzip(IdxSample.Images(5)), 7], "its gzip data is damaged: it is cut short, or something follows it"),
        };
        foreach ((byte[] content, string sentence) in cases)
        {
            File.WriteAllBytes(path, content);
            var error = Assert.Throws<UserException>(() => IdxFile.Read(path, 3, "`lottery data get mnist` fetches it again"));
            Assert.Equal($"{path}: {sentence}; `lottery data get mnist` fetches it again.", error.Message);
        }
    }

    [Fact]
    public void AFileThatCannotBeReadIsNamed()
    {
        using var folder = new TemporaryFolder();
        foreach (string path in new[] { folder["absent"], folder.Path })
            Assert.StartsWith($"{path} cannot be read (",
                Assert.Throws<UserException>(() => IdxFile.Read(path, 3, "give another")).Message, StringComparison.Ordinal);
    }
}
