namespace Lottery.Formats.Images;

/// <summary>A grey image as PGM: <c>P5</c>, width, height and 255 in decimal, one white-space character, then one byte for each pixel.</summary>
internal static class PgmFile
{
    private const int MaxSide = 4096;

    /// <summary>True if a file has the signature of PGM.</summary>
    public static bool IsPgm(ReadOnlySpan<byte> file) => file.StartsWith("P5"u8);

    /// <summary>Height, width and the pixels.</summary>
    /// <exception cref="InvalidDataException">It is not a complete PGM file of 8 bits; the message says what was expected.</exception>
    public static (int Height, int Width, byte[] Pixels) Read(ReadOnlySpan<byte> file)
    {
        int at = 2;
        int width = Number(file, ref at), height = Number(file, ref at), maximum = Number(file, ref at);
        if (width is < 1 or > MaxSide || height is < 1 or > MaxSide)
            throw new InvalidDataException($"expected an image of at most {MaxSide:N0}×{MaxSide:N0}, found {height:N0}×{width:N0}");
        if (maximum != 255) throw new InvalidDataException($"expected 255 as its largest value, found {maximum}");
        ReadOnlySpan<byte> pixels = at < file.Length ? file[(at + 1)..] : [];
        return pixels.Length == width * height ? (height, width, pixels.ToArray())
            : throw new InvalidDataException($"expected {width * height:N0} pixels, found {pixels.Length:N0}");
    }

    /// <summary>The next number of the header, after white space and comments.</summary>
    private static int Number(ReadOnlySpan<byte> file, ref int at)
    {
        while (at < file.Length && (IsSpace(file[at]) || file[at] == '#'))
        {
            if (file[at] == '#') while (at < file.Length && file[at] != '\n') at++;
            else at++;
        }
        int start = at, number = 0;
        for (; at < file.Length && char.IsAsciiDigit((char)file[at]) && at - start < 6; at++) number = 10 * number + (file[at] - '0');
        return at > start && at < file.Length && IsSpace(file[at]) ? number
            : throw new InvalidDataException("expected width, height and 255 after P5, found something else");
    }

    private static bool IsSpace(byte letter) => letter is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r' or 11 or 12;
}
