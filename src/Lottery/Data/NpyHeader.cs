using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Lottery.Data;

/// <summary>The checked header of a NumPy <c>.npy</c> file of whole numbers, little-endian, in C order.</summary>
/// <param name="Type">How an element is written: <c>u1</c>, <c>i8</c>, …</param>
/// <param name="Dimensions">Each from 1 up.</param>
/// <param name="Elements">Their product.</param>
/// <param name="Start">Where the elements begin in the file.</param>
internal sealed partial record NpyHeader(string Type, ImmutableArray<int> Dimensions, int Elements, int Start)
{
    private const int LongestText = 1 << 16, MostDimensions = 8;

    /// <summary>Bytes of an element.</summary>
    public int Size => Type[1] - '0';

    /// <summary>Bytes of the whole file.</summary>
    public long TotalLength => Start + (long)Elements * Size;

    /// <summary>Reads the beginning of a file.</summary>
    /// <exception cref="InvalidDataException">The message says what was expected and what was found.</exception>
    public static NpyHeader Read(Stream file)
    {
        (string text, int start) = Text(file);
        string type = Field(text, TypePattern(), "descr");
        if (SupportedPattern().Match(type) is not { Success: true } supported)
            throw new InvalidDataException($"expected whole numbers of 1 to 8 bytes, little-endian, found '{type}'");
        if (Field(text, OrderPattern(), "fortran_order") != "False")
            throw new InvalidDataException("expected elements in C order, found Fortran order (np.ascontiguousarray changes it)");
        ImmutableArray<int> dimensions = DimensionsOf(Field(text, ShapePattern(), "shape"), out int elements);
        return new(supported.Groups[1].Value, dimensions, elements, start);
    }

    /// <summary><c>60000×28×28</c>.</summary>
    public override string ToString() => string.Join('×', Dimensions);

    private static (string Text, int Start) Text(Stream file)
    {
        Span<byte> head = stackalloc byte[12];
        int got = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (got < 12 || head[0] != 0x93 || !head[1..6].SequenceEqual("NUMPY"u8) || head[6] is < 1 or > 3)
            throw new InvalidDataException("expected a .npy file of version 1 to 3, found something else");
        int start = head[6] == 1 ? 10 : 12;
        uint length = head[6] == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(head[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(head[8..]);
        if (length > LongestText || start + length > file.Length)
            throw new InvalidDataException($"expected a header of at most {Math.Min(LongestText, file.Length - start):N0} bytes, found {length:N0}");
        var text = new byte[length];
        file.Position = start;
        file.ReadExactly(text);
        return (Encoding.Latin1.GetString(text), start + (int)length);
    }

    private static string Field(string text, Regex pattern, string name) => pattern.Match(text) is { Success: true } field
        ? field.Groups[1].Value
        : throw new InvalidDataException($"expected a header with {name}, found none");

    private static ImmutableArray<int> DimensionsOf(string text, out int elements)
    {
        string[] words = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var dimensions = ImmutableArray.CreateBuilder<int>();
        long product = words.Length is > 0 and <= MostDimensions ? 1 : 0;
        foreach (string word in words)
        {
            bool whole = int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int dimension);
            product = whole && product <= Array.MaxLength ? product * dimension : 0;
            dimensions.Add(dimension);
        }
        elements = product is > 0 && product <= Array.MaxLength ? (int)product : throw new InvalidDataException(
            $"expected 1 to {MostDimensions} dimensions whose product is 1 to {Array.MaxLength:N0}, found ({text.Trim()})");
        return dimensions.ToImmutable();
    }

    [GeneratedRegex("""['"]descr['"]\s*:\s*['"]([^'"]{1,20})['"]""")]
    private static partial Regex TypePattern();

    [GeneratedRegex("""['"]fortran_order['"]\s*:\s*(True|False)""")]
    private static partial Regex OrderPattern();

    [GeneratedRegex("""['"]shape['"]\s*:\s*\(([0-9,\s]{0,200})\)""")]
    private static partial Regex ShapePattern();

    [GeneratedRegex("^(?:<|[|=](?=.1))([iu][1248])$")]
    private static partial Regex SupportedPattern();
}
