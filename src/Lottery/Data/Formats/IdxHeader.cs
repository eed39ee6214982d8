using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Lottery.Data.Formats;

/// <summary>The checked header of an <see cref="IdxFile"/>.</summary>
internal sealed record IdxHeader(ImmutableArray<int> Dimensions, int Elements)
{
    /// <summary>The element types that are read: bytes, and 32-bit big-endian integers.</summary>
    public const byte BytesType = 8, IntegersType = 12;

    /// <summary>Bytes of an element.</summary>
    public int ElementSize { get; private init; } = 1;

    /// <summary>Bytes of all elements.</summary>
    public int ValueLength => Elements * ElementSize;

    /// <summary>Bytes in the header.</summary>
    public int Length => 4 + 4 * Dimensions.Length;

    /// <summary>Bytes in the whole file, uncompressed.</summary>
    public long TotalLength => (long)Length + ValueLength;

    public static IdxHeader Read(Uncompressed content, int rank, byte type = BytesType)
    {
        int size = type == IntegersType ? sizeof(int) : 1;
        Span<byte> bytes = stackalloc byte[4 + 4 * rank];
        int got = content.Fill(bytes);
        CheckMagic(bytes[..Math.Min(got, 4)], rank, type);
        if (got < bytes.Length)
            throw new InvalidDataException($"expected an idx header of {bytes.Length} bytes, found {got}");
        var dimensions = ImmutableArray.CreateBuilder<int>(rank);
        long elements = 1;
        for (int i = 0; i < rank; i++)
        {
            uint dimension = BinaryPrimitives.ReadUInt32BigEndian(bytes[(4 + 4 * i)..]);
            elements *= dimension;
            if (elements is 0 || elements > Array.MaxLength / size)
                throw new InvalidDataException(
                    $"expected dimensions whose product is 1 to {Array.MaxLength / size:N0}, found {Dimension(bytes, rank)}");
            dimensions.Add((int)dimension);
        }
        return new(dimensions.MoveToImmutable(), (int)elements) { ElementSize = size };
    }

    /// <summary><c>60000×28×28</c>.</summary>
    public override string ToString() => string.Join('×', Dimensions);

    private static void CheckMagic(ReadOnlySpan<byte> found, int rank, byte type)
    {
        if (found is [0, 0, var elements, var written] && written == rank && elements == type) return;
        string kind = type == BytesType ? "bytes" : "integers";
        string expected = $"expected an idx file of {kind} with {rank} dimension{(rank == 1 ? "" : "s")}";
        throw new InvalidDataException(found switch
        {
            [] => $"{expected}, found an empty file",
            [0, 0, var same, var other] when same == type => $"{expected}, found {other}",
            [0, 0, var another and >= 8 and <= 14, _] => $"{expected}, found elements of type 0x{another:X2} (only 0x{type:X2}, {kind}, is read)",
            _ => $"{expected} (it starts 0000{type:X2}0{rank}), found {Convert.ToHexStringLower(found)}",
        });
    }

    private static string Dimension(ReadOnlySpan<byte> bytes, int rank)
    {
        var written = new string[rank];
        for (int i = 0; i < rank; i++)
            written[i] = $"{BinaryPrimitives.ReadUInt32BigEndian(bytes[(4 + 4 * i)..])}";
        return string.Join('×', written);
    }
}
