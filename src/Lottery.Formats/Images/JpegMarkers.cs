using System.Buffers.Binary;

namespace Lottery.Formats.Images;

/// <summary>The markers of a JPEG file (ITU-T T.81, annex B), from the start of the image to its end.</summary>
internal static class JpegMarkers
{
    private const byte Start = 0xD8, End = 0xD9, Scan = 0xDA, FirstRestart = 0xD0, LastRestart = 0xD7, Temporary = 0x01, Marker = 0xFF;

    /// <summary>True if a file begins as JPEG.</summary>
    public static bool IsJpeg(ReadOnlySpan<byte> file) => file is [Marker, Start, Marker, ..];

    /// <summary>
    /// The length of the image. What follows it is ignored, as viewers do: telephones and programs append videos, further images and
    /// tables of their own, and padding.
    /// </summary>
    /// <exception cref="InvalidDataException">The image does not end.</exception>
    public static int Length(ReadOnlySpan<byte> file)
    {
        int at = 2;
        while (at + 1 < file.Length)
        {
            // Any number of FF may stand before a marker.
            if (file[at] != Marker || file[at + 1] == Marker)
            {
                at++;
                continue;
            }
            byte marker = file[at + 1];
            at += 2;
            if (marker == End) return at;
            // Within a scan, 00 after FF is data; restarts have no length.
            if (marker is 0 or Temporary or Start or (>= FirstRestart and <= LastRestart)) continue;
            if (at + 2 > file.Length) break;
            at += Math.Max(2, (int)BinaryPrimitives.ReadUInt16BigEndian(file[at..]));
        }
        throw new InvalidDataException("expected a JPEG file with the marker FF D9 at the end of the image, found the end of the file: it is truncated");
    }
}
