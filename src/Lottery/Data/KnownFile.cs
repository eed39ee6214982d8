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

    /// <summary>The published MD5 of the file as mirrors send it, in lower-case hexadecimal; null if there is none.</summary>
    public string? Md5 { get; init; }

    /// <summary>True for a file that mirrors send as it is, false for one that they send gzipped.</summary>
    public bool IsSentPlain { get; init; }

    /// <summary>What mirrors call the file, and what it is called in the cache.</summary>
    public string SentName => IsSentPlain ? Name : Name + ".gz";

    // Another copy may be compressed otherwise: the MD5 of a gzipped file is asked only of what a mirror sends.
    string? IKnownContent.Fault(Stream file) => Fault(file) ?? (IsSentPlain || Md5 is null ? null : Md5Fault(file));

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
            if (Sha256 is not null && sha256 != Sha256) return $"expected SHA-256 {Sha256}, found {sha256}";
            return IsSentPlain && Md5 is not null ? Md5Fault(file) : null;
        }
        catch (InvalidDataException exception)
        {
            return exception.Message;
        }
    }

    private string? Md5Fault(Stream file)
    {
        string found = KnownArchive.Md5Of(file);
        return found == Md5 ? null : $"expected MD5 {Md5}, found {found} of {file.Length:N0} bytes";
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
