using System.Text;

namespace Lottery.Formats.Tables.Parquet;

/// <summary>
/// Reads what Thrift's compact protocol writes: the metadata of Parquet files. Each read takes at least a byte, and a length is
/// compared with what is left, so that time and memory are linear in the bytes.
/// </summary>
/// <remarks>Errors are <see cref="InvalidDataException"/>; the message is a clause.</remarks>
internal ref struct CompactReader(ReadOnlySpan<byte> bytes)
{
    private const int Deepest = 16, SmallBits = 4;
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>The types of fields.</summary>
    public const int True = 1, False = 2, Byte = 3, I16 = 4, I32 = 5, I64 = 6, Double = 7, Binary = 8, List = 9, Set = 10, Map = 11, Struct = 12;

    /// <summary>Bytes that were read.</summary>
    public int Position { get; private set; }

    /// <summary>Goes to the next field of a structure.</summary>
    /// <param name="id">The field before; 0 at the beginning. Receives that of the field.</param>
    /// <param name="type">Receives its type.</param>
    /// <returns>False at the end of the structure.</returns>
    public bool Next(ref int id, out int type)
    {
        int head = ReadByte();
        type = head & 0xF;
        if (head == 0) return false;
        id = head >> SmallBits == 0 ? (int)ReadInteger() : id + (head >> SmallBits);
        return true;
    }

    /// <summary>An integer of 16, 32 or 64 bits.</summary>
    public long ReadInteger()
    {
        ulong value = ReadUnsigned();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>An integer without a sign, seven bits a byte.</summary>
    public ulong ReadUnsigned()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            int next = ReadByte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
        throw new InvalidDataException("an integer is too long");
    }

    /// <summary>An integer that is a count or an index.</summary>
    public int ReadCount() => ReadInteger() is >= 0 and <= int.MaxValue and var count ? (int)count : throw new InvalidDataException("a count is impossible");

    /// <summary>Text.</summary>
    public string ReadText()
    {
        ulong length = ReadUnsigned();
        if (length > (ulong)(_bytes.Length - Position)) throw TooShort();
        Position += (int)length;
        return Encoding.UTF8.GetString(_bytes.Slice(Position - (int)length, (int)length));
    }

    /// <summary>The number and the type of a list's items.</summary>
    public (int Count, int Type) ReadList()
    {
        int head = ReadByte();
        ulong count = head >> SmallBits == 0xF ? ReadUnsigned() : (ulong)(head >> SmallBits);
        return count <= (ulong)(_bytes.Length - Position) ? ((int)count, head & 0xF) : throw TooShort();
    }

    /// <summary>Passes over a value.</summary>
    public void Skip(int type) => Skip(type, 0);

    private void Skip(int type, int depth)
    {
        if (depth > Deepest) throw new InvalidDataException("it is nested too deep");
        switch (type)
        {
            case True or False: break;
            case Byte: ReadByte(); break;
            case I16 or I32 or I64: ReadUnsigned(); break;
            case Double: for (int i = 0; i < sizeof(double); i++) ReadByte(); break;
            case Binary: ReadText(); break;
            case List or Set:
                (int count, int item) = ReadList();
                for (int i = 0; i < count; i++) SkipItem(item, depth);
                break;
            case Map:
                ulong pairs = ReadUnsigned();
                if (pairs > (ulong)(_bytes.Length - Position)) throw TooShort();
                int types = pairs == 0 ? 0 : ReadByte();
                for (ulong i = 0; i < pairs; i++)
                {
                    SkipItem(types >> SmallBits, depth);
                    SkipItem(types & 0xF, depth);
                }
                break;
            case Struct:
                for (int id = 0; Next(ref id, out int field);) Skip(field, depth + 1);
                break;
            default: throw new InvalidDataException("a field has an unknown type");
        }
    }

    // Among items a Boolean is a byte; in a field it is the type.
    private void SkipItem(int type, int depth) => Skip(type is True or False ? Byte : type, depth + 1);

    private int ReadByte() => Position < _bytes.Length ? _bytes[Position++] : throw TooShort();

    private static InvalidDataException TooShort() => new("it ends too early");
}
