using System.Buffers.Binary;
using System.IO.Compression;

namespace Lottery.Data;

/// <summary>The uncompressed content of a file. Gzip is recognized by the first two bytes, not by the name.</summary>
/// <remarks>Errors are thrown as <see cref="InvalidDataException"/>; the message describes what is wrong.</remarks>
internal sealed class Uncompressed : IDisposable
{
    // The largest possible compression ratio of deflate.
    private const long MaxRatio = 1032;
    private const string Damaged = "its gzip data is damaged";

    private readonly Stream _file, _content;

    /// <summary>The content of <paramref name="file"/>, which must be seekable and stays open.</summary>
    public Uncompressed(Stream file)
    {
        Span<byte> start = stackalloc byte[2];
        int got = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        IsGzip = got == 2 && start is [0x1F, 0x8B];
        file.Position = 0;
        _file = file;
        _content = IsGzip ? new GZipStream(file, CompressionMode.Decompress, leaveOpen: true) : file;
    }

    /// <summary>True if the file is gzipped.</summary>
    public bool IsGzip { get; }

    /// <summary>Upper bound of the content's length, in bytes.</summary>
    public long LargestLength => IsGzip ? _file.Length * MaxRatio : _file.Length;

    /// <summary>Reads until <paramref name="destination"/> is full or the content ends; returns the number of bytes read.</summary>
    public int Fill(Span<byte> destination)
    {
        try
        {
            return _content.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException exception) when (IsGzip)
        {
            throw new InvalidDataException(Damaged, exception);
        }
    }

    /// <summary>Checks that nothing follows the <paramref name="length"/> bytes that have been read.</summary>
    public void ExpectEnd(long length)
    {
        Span<byte> next = stackalloc byte[1];
        if (Fill(next) > 0) throw new InvalidDataException($"expected it to end after {length:N0} bytes, found more");
        if (IsGzip && StatedLength() != (uint)length)
            throw new InvalidDataException($"{Damaged}: it is cut short, or something follows it");
    }

    public void Dispose()
    {
        if (IsGzip) _content.Dispose();
    }

    // GZipStream accepts a missing trailer, and bytes after it. The trailer's last word is the length mod 2³².
    private uint StatedLength()
    {
        Span<byte> trailer = stackalloc byte[4];
        _file.Position = _file.Length - trailer.Length;
        _file.ReadExactly(trailer);
        return BinaryPrimitives.ReadUInt32LittleEndian(trailer);
    }
}
