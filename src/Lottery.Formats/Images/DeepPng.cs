using System.Buffers.Binary;
using System.IO.Compression;

namespace Lottery.Formats.Images;

/// <summary>Decodes a PNG file of 16 bits per channel that is not interlaced, with all its bits. The file was checked to be whole.</summary>
internal sealed class DeepPng
{
    private const int HeaderStart = 16, SampleBytes = 2;

    private DeepPng(int channels, ushort[] values) => (Channels, Values) = (channels, values);

    /// <summary>Channels of <see cref="Values"/>: 1 grey, 2 grey and alpha, 3 colour, 4 colour and alpha.</summary>
    public int Channels { get; }

    /// <summary><c>[height, width, channels]</c>.</summary>
    public ushort[] Values { get; }

    /// <summary>The largest value of grey or of red, green and blue; alpha does not count.</summary>
    public int Largest
    {
        get
        {
            int largest = 0, shown = Channels >= 3 ? 3 : 1;
            for (int i = 0; i < Values.Length; i++)
                if (i % Channels < shown) largest = Math.Max(largest, Values[i]);
            return largest;
        }
    }

    /// <summary>Whether a file is of that kind; others are decoded by the library.</summary>
    public static bool Is(ReadOnlySpan<byte> file) => PngChunks.IsPng(file) && file.Length > HeaderStart + 13 && file[24] == 16 && file[25] is 0 or 2 or 4 or 6 && file[28] == 0;

    /// <summary>All values of a file.</summary>
    /// <exception cref="InvalidDataException">Its pixels are damaged.</exception>
    public static DeepPng Read(ReadOnlySpan<byte> file)
    {
        int width = BinaryPrimitives.ReadInt32BigEndian(file[HeaderStart..]), height = BinaryPrimitives.ReadInt32BigEndian(file[(HeaderStart + 4)..]);
        int channels = file[25] switch { 0 => 1, 4 => 2, 2 => 3, _ => 4 }, step = SampleBytes * channels, length = step * width;
        var values = new ushort[height * width * channels];
        using var content = new ZLibStream(PngChunks.Pixels(file), CompressionMode.Decompress);
        byte[] row = new byte[length + 1], above = new byte[length + 1];
        for (int y = 0; y < height; y++)
        {
            if (content.ReadAtLeast(row, row.Length, throwOnEndOfStream: false) < row.Length) throw new InvalidDataException("its pixels are cut short");
            Restore(row[0], row.AsSpan(1), above.AsSpan(1), step);
            for (int i = 0; i < width * channels; i++) values[y * width * channels + i] = BinaryPrimitives.ReadUInt16BigEndian(row.AsSpan(1 + SampleBytes * i));
            (row, above) = (above, row);
        }
        return new(channels, values);
    }

    /// <summary>Undoes a row's filter (PNG, section 9).</summary>
    private static void Restore(byte filter, Span<byte> row, ReadOnlySpan<byte> above, int step)
    {
        for (int i = 0; i < row.Length; i++)
        {
            int left = i < step ? 0 : row[i - step], up = above[i], corner = i < step ? 0 : above[i - step];
            row[i] += filter switch
            {
                0 => 0,
                1 => (byte)left,
                2 => (byte)up,
                3 => (byte)((left + up) / 2),
                4 => (byte)Paeth(left, up, corner),
                _ => throw new InvalidDataException($"its pixels have filter {filter}, which PNG does not know"),
            };
        }
    }

    private static int Paeth(int left, int up, int corner)
    {
        int toLeft = Math.Abs(up - corner), toUp = Math.Abs(left - corner), toCorner = Math.Abs(left + up - 2 * corner);
        return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
    }
}
