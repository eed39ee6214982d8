using System.Security.Cryptography;

namespace Lottery.Data;

/// <summary>A file of a known set, identified by its uncompressed content.</summary>
/// <param name="Name">Its name without <c>.gz</c>.</param>
/// <param name="Bytes">Its uncompressed length.</param>
/// <param name="Sha256">SHA-256 of the uncompressed file, in lower-case hexadecimal; null if no hash was
/// published, so that only the length can be checked.</param>
internal sealed record KnownFile(string Name, long Bytes, string? Sha256) : IKnownContent
{
    // Incompressible bytes grow a little.
    long IKnownContent.LargestLength => Bytes + Bytes / 1000 + 4096;

    string? IKnownContent.Fault(Stream file) => Fault(file);

    /// <summary>Describes how a seekable file's content (gzipped or not) differs; null if it does not.</summary>
    internal string? Fault(Stream file)
    {
        file.Position = 0;
        try
        {
            using var content = new Uncompressed(file);
            (long length, string sha256) = Digest(content);
            if (length != Bytes) return $"expected {Bytes:N0} bytes, found {length:N0}";
            content.ExpectEnd(Bytes);
            return Sha256 is null || sha256 == Sha256 ? null : $"expected SHA-256 {Sha256}, found {sha256}";
        }
        catch (InvalidDataException exception)
        {
            return exception.Message;
        }
    }

    // Stops at the expected length, even if more follows.
    private (long Length, string Sha256) Digest(Uncompressed content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 17];
        long length = 0;
        while (content.Fill(buffer.AsSpan(0, (int)Math.Min(buffer.Length, Bytes - length))) is var got and > 0)
        {
            hash.AppendData(buffer, 0, got);
            length += got;
        }
        return (length, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
