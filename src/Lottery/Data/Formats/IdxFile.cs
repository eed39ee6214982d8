using System.Collections.Immutable;
using Lottery.Files;

namespace Lottery.Data.Formats;

/// <summary>
/// An idx file, the format of MNIST: two zero bytes, the element type (8 for bytes), the rank, each dimension as a
/// big-endian 32-bit integer, then the elements, the last dimension fastest. Gzip is recognized by content.
/// </summary>
/// <param name="Dimensions">At least one, all positive; their product is the number of elements.</param>
/// <param name="Values">The elements: bytes, or integers of four bytes each, big-endian.</param>
internal sealed record IdxFile(ImmutableArray<int> Dimensions, ReadOnlyMemory<byte> Values)
{
    // Memory is allocated as content arrives, so that a header alone cannot ask for more than this.
    private const int FirstPiece = 1 << 26;

    /// <summary>Reads and checks a file of <paramref name="rank"/> dimensions.</summary>
    /// <param name="path">The file.</param>
    /// <param name="rank">1 for labels, 3 for images.</param>
    /// <param name="advice">What to do if the file is wrong: the end of a sentence, without a full stop.</param>
    /// <param name="type">The type of its elements.</param>
    /// <exception cref="UserException">The file cannot be read, is not an idx file, or is too short or too long.</exception>
    public static IdxFile Read(string path, int rank, string advice, byte type = IdxHeader.BytesType)
    {
        try
        {
            using FileStream file = InputFile.Open(path);
            return Read(file, rank, type: type);
        }
        catch (InvalidDataException exception)
        {
            throw new UserException($"{path}: {exception.Message}; {advice}.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{path} cannot be read ({exception.Message.TrimEnd('.')}); {advice}.", exception);
        }
    }

    /// <summary>Reads and checks a seekable stream; the first allocation is for <paramref name="firstPiece"/> bytes of elements.</summary>
    /// <exception cref="InvalidDataException">The message says what was expected and what was found.</exception>
    internal static IdxFile Read(Stream file, int rank, int firstPiece = FirstPiece, byte type = IdxHeader.BytesType)
    {
        using var content = new Uncompressed(file);
        IdxHeader header = IdxHeader.Read(content, rank, type);
        if (header.TotalLength > content.LargestLength)
            throw TooShort(header, content.LargestLength, content.IsGzip ? "at most " : "");
        byte[] values = ReadValues(content, header, firstPiece);
        content.ExpectEnd(header.TotalLength);
        return new(header.Dimensions, values);
    }

    private static byte[] ReadValues(Uncompressed content, IdxHeader header, int firstPiece)
    {
        byte[] values = [];
        int filled = 0;
        while (filled < header.ValueLength)
        {
            int length = (int)Math.Min(header.ValueLength, Math.Max(firstPiece, 2L * values.Length));
            byte[] larger = GC.AllocateUninitializedArray<byte>(length);
            values.AsSpan(0, filled).CopyTo(larger);
            values = larger;
            filled += content.Fill(values.AsSpan(filled));
            if (filled < length) throw TooShort(header, header.Length + filled);
        }
        return values;
    }

    private static InvalidDataException TooShort(IdxHeader header, long found, string bound = "") =>
        new($"expected {header.TotalLength:N0} bytes for {header}, found {bound}{found:N0}");
}
