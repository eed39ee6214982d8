using System.Security.Cryptography;

namespace Lottery.Data;

/// <summary>One of the files of a set, as it is everywhere once uncompressed.</summary>
/// <param name="Name">Its name without <c>.gz</c>.</param>
/// <param name="Bytes">Its uncompressed length.</param>
/// <param name="Sha256">SHA-256 of the uncompressed file, in lower-case hexadecimal; null where nobody
/// published any hash of it, and its length is all that is known.</param>
public sealed record KnownFile(string Name, long Bytes, string? Sha256) : IKnownContent
{
    // Bytes that cannot be compressed grow a little.
    long IKnownContent.LargestLength => Bytes + Bytes / 1000 + 4096;

    string? IKnownContent.Fault(Stream file) => Fault(file);

    /// <summary>What distinguishes a seekable file's content, gzipped or not, from this one's; null if nothing does.</summary>
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

    // Stops at the expected length, however much may follow.
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
