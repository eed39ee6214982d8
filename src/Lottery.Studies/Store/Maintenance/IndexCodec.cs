using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Lottery.Studies.Store.Maintenance;

/// <summary>Writes the values of a record of the index, little-endian.</summary>
internal sealed class IndexWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new(512);

    /// <summary>What was written.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    public void Write(long value) => Write((ulong)value);

    public void Write(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.GetSpan(sizeof(ulong)), value);
        _bytes.Advance(sizeof(ulong));
    }

    /// <summary>Writes a number to the bit, also one that is not finite.</summary>
    public void Write(double value) => Write(BitConverter.DoubleToUInt64Bits(value));

    public void Write(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        Write((long)utf8.Length);
        _bytes.Write(utf8);
    }

    /// <summary>Writes an id or another SHA-256: a byte that says whether there is one, and its 32 bytes.</summary>
    public void Id(string? id)
    {
        _bytes.Write([id is null ? (byte)0 : (byte)1]);
        if (id is not null) _bytes.Write(Convert.FromHexString(id));
    }
}

/// <summary>Reads what <see cref="IndexWriter"/> wrote.</summary>
/// <param name="bytes">The bytes.</param>
internal ref struct IndexReader(ReadOnlySpan<byte> bytes)
{
    private const int IdLength = 32;

    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>True if nothing is left.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    public ulong Number() => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));

    public long Long() => (long)Number();

    public int Integer() => checked((int)Long());

    public double Real() => BitConverter.UInt64BitsToDouble(Number());

    /// <summary>The number of things that follow, each of at least <paramref name="least"/> bytes.</summary>
    public int Count(int least) => Integer() is >= 0 and var count && count <= _rest.Length / least ? count : throw new FormatException("it has an impossible count");

    public string Text() => Encoding.UTF8.GetString(Take(Count(1)));

    /// <summary>An id or another SHA-256; null where there is none.</summary>
    /// <param name="known">What it often is: then it is that text, not another with the same letters.</param>
    public string? Id(string? known = null)
    {
        if (Take(1)[0] == 0) return null;
        ReadOnlySpan<byte> id = Take(IdLength);
        Span<char> text = stackalloc char[2 * IdLength];
        Convert.TryToHexStringLower(id, text, out _);
        return known is not null && text.SequenceEqual(known) ? known : new(text);
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length) throw new FormatException("it is too short");
        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
