using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Lottery.Data.Formats;

/// <summary>
/// The header of a NumPy <c>.npy</c> file, read and written: magic and version, the length of the rest (little-endian, 16 bits in
/// version 1 and 32 in versions 2 and 3), and a Python dictionary, padded so that the values begin at a multiple of 64 bytes.
/// Values are little-endian.
/// </summary>
/// <param name="Type">The type of a value without its byte order: <c>b1</c>, <c>u1</c>, <c>i8</c>, <c>f4</c>, …</param>
/// <param name="Shape">The lengths of the dimensions, each at least 1; empty for a single value.</param>
internal sealed partial record NpyHeader(string Type, ImmutableArray<int> Shape)
{
    private const int LongestText = 1 << 16, MostDimensions = 8, Alignment = 64;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>The offset of the values in the file that the header was read from.</summary>
    public int Start { get; private init; }

    /// <summary>The type as files name it, with its byte order: <c>|u1</c>, <c>&lt;f4</c>.</summary>
    public string Descriptor => $"{(Size == 1 ? '|' : '<')}{Type}";

    /// <summary>True where the file has the values of the first dimension next to one another, as of a transposed array.</summary>
    private bool IsFortran { get; init; }

    /// <summary>True for floating-point numbers.</summary>
    public bool IsFloat => Type[0] == 'f';

    /// <summary>Bytes in a value.</summary>
    public int Size => Type[1] - '0';

    /// <summary>The number of values.</summary>
    public int Count => Shape.Aggregate(1, (product, length) => checked(product * length));

    /// <summary>Bytes of the whole file that the header was read from.</summary>
    public long TotalLength => Start + (long)Count * Size;

    /// <summary>
    /// Reads the beginning of a file that must be as long as its values need; the stream is then at the first value. Nothing is
    /// allocated for the values.
    /// </summary>
    /// <param name="file">The content, which need not be seekable.</param>
    /// <param name="length">Its length.</param>
    /// <exception cref="InvalidDataException">The message says what was expected and what was found.</exception>
    public static NpyHeader Read(Stream file, long length) => Beginning(file, length) is var header && length == header.TotalLength ? header
        : throw new InvalidDataException($"expected {header.TotalLength:N0} bytes for {header}, found {length:N0}");

    /// <summary>Reads a file whose values may be in either order.</summary>
    /// <param name="file">The content, which need not be seekable.</param>
    /// <param name="length">Its length.</param>
    /// <param name="read">Receives the values in C order, at the first, and the header, and reads exactly as many.</param>
    /// <exception cref="InvalidDataException">The message says what was expected and what was found.</exception>
    public static T Read<T>(Stream file, long length, Func<Stream, NpyHeader, T> read)
    {
        NpyHeader header = Read(file, length);
        if (!header.IsFortran) return read(file, header);
        var values = new byte[checked(header.Count * header.Size)];
        file.ReadExactly(values);
        return read(new MemoryStream(header.InRows(values), writable: false), header);
    }

    /// <summary>The values of an array in Fortran order, in C order.</summary>
    private byte[] InRows(byte[] columns)
    {
        var rows = new byte[columns.Length];
        int size = Size, at = 0;
        Span<int> index = stackalloc int[Shape.Length], steps = stackalloc int[Shape.Length];
        index.Clear();
        for (int d = 0, step = size; d < steps.Length; step *= Shape[d++]) steps[d] = step;
        for (int row = 0; row < rows.Length; row += size)
        {
            columns.AsSpan(at, size).CopyTo(rows.AsSpan(row));
            // The next index: the last dimension first.
            for (int d = steps.Length - 1; d >= 0; d--)
            {
                at += steps[d];
                if (++index[d] < Shape[d]) break;
                at -= index[d] * steps[d];
                index[d] = 0;
            }
        }
        return rows;
    }

    private static NpyHeader Beginning(Stream file, long length)
    {
        (string text, int start) = Text(file, length);
        string descriptor = Field(text, DescriptorPattern(), "descr");
        if (TypePattern().Match(descriptor) is not { Success: true } type)
            throw new InvalidDataException($"expected little-endian numbers of 1 to 8 bytes, found '{descriptor}'");
        bool isFortran = Field(text, OrderPattern(), "fortran_order") == "True";
        return new(type.Groups[1].Value, ShapeOf(Field(text, ShapePattern(), "shape"))) { Start = start, IsFortran = isFortran };
    }

    /// <summary>The header's bytes, in version 1.</summary>
    public byte[] ToBytes()
    {
        string lengths = string.Join(", ", Shape) + (Shape.Length == 1 ? "," : "");
        byte[] text = Encoding.ASCII.GetBytes($"{{'descr': '{Descriptor}', 'fortran_order': False, 'shape': ({lengths}), }}");
        int before = Magic.Length + 2 + sizeof(ushort), length = (before + text.Length + 1 + Alignment - 1) / Alignment * Alignment;
        byte[] header = new byte[length];
        header.AsSpan().Fill((byte)' ');
        Magic.CopyTo(header);
        (header[Magic.Length], header[Magic.Length + 1]) = (1, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(before - sizeof(ushort)), checked((ushort)(length - before)));
        text.CopyTo(header, before);
        header[^1] = (byte)'\n';
        return header;
    }

    /// <summary><c>60000×28×28</c>.</summary>
    public override string ToString() => string.Join('×', Shape);

    private static (string Text, int Start) Text(Stream file, long length)
    {
        Span<byte> head = stackalloc byte[12];
        int got = file.ReadAtLeast(head[..10], 10, throwOnEndOfStream: false);
        if (got < 10 || !head.StartsWith(Magic) || head[6] is < 1 or > 3)
            throw new InvalidDataException("expected a .npy file of version 1 to 3, found something else");
        int start = head[6] == 1 ? 10 : 12;
        if (file.ReadAtLeast(head[10..start], start - 10, throwOnEndOfStream: false) < start - 10)
            throw new InvalidDataException("expected a .npy file of version 1 to 3, found its first bytes only");
        uint text = head[6] == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(head[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(head[8..]);
        if (text > LongestText || start + text > length)
            throw new InvalidDataException($"expected a header of at most {Math.Min(LongestText, Math.Max(0, length - start)):N0} bytes, found {text:N0}");
        var bytes = new byte[text];
        if (file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            throw new InvalidDataException("its header is cut short");
        return (Encoding.Latin1.GetString(bytes), start + bytes.Length);
    }

    private static string Field(string text, Regex pattern, string name) => pattern.Match(text) is { Success: true } field
        ? field.Groups[1].Value
        : throw new InvalidDataException($"expected a header with {name}, found none");

    private static ImmutableArray<int> ShapeOf(string text)
    {
        string[] lengths = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var shape = ImmutableArray.CreateBuilder<int>();
        long product = lengths.Length is > 0 and <= MostDimensions ? 1 : 0;
        foreach (string length in lengths)
        {
            bool isInteger = int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out int dimension);
            product = isInteger && product <= Array.MaxLength ? product * dimension : 0;
            shape.Add(dimension);
        }
        return product is > 0 && product <= Array.MaxLength ? shape.ToImmutable() : throw new InvalidDataException(
            $"expected 1 to {MostDimensions} dimensions whose product is 1 to {Array.MaxLength:N0}, found ({text.Trim()})");
    }

    [GeneratedRegex("""['"]descr['"]\s*:\s*['"]([^'"]{1,20})['"]""")]
    private static partial Regex DescriptorPattern();

    [GeneratedRegex("""['"]fortran_order['"]\s*:\s*(True|False)""")]
    private static partial Regex OrderPattern();

    [GeneratedRegex("""['"]shape['"]\s*:\s*\(([0-9,\s]{0,200})\)""")]
    private static partial Regex ShapePattern();

    [GeneratedRegex("^(?:<|[|=](?=.1))(b1|[iu][1248]|f[248])$")]
    private static partial Regex TypePattern();
}
