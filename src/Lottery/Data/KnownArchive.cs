using System.Security.Cryptography;

namespace Lottery.Data;

/// <summary>An archive that holds the files of a set, and maybe those of others.</summary>
/// <param name="Name">Its file name at every mirror.</param>
/// <param name="Folder">The folder inside it that holds the files.</param>
/// <param name="ClassNames">The file in that folder that names the classes, if there is one; it is optional.</param>
/// <param name="Md5">Its official MD5, in lower-case hexadecimal.</param>
/// <param name="LargestLength">Upper bound of the archive's length, in bytes.</param>
internal sealed record KnownArchive(string Name, string Folder, string? ClassNames, string Md5, long LargestLength) : IKnownContent
{
    /// <summary>True for a zip archive of gzipped files; false for a gzipped tar archive of plain files.</summary>
    public bool IsZip => Name.EndsWith(".zip", StringComparison.Ordinal);

    string? IKnownContent.Fault(Stream file)
    {
        string found = Md5Of(file);
        return found == Md5 ? null : $"expected MD5 {Md5}, found {found} of {file.Length:N0} bytes";
    }

    /// <summary>The MD5 of a seekable file, in lower-case hexadecimal.</summary>
    internal static string Md5Of(Stream file)
    {
        file.Position = 0;
#pragma warning disable CA5351 // MD5 is the hash that the authors published. It detects damage; HTTPS authenticates the server.
        return Convert.ToHexStringLower(MD5.HashData(file));
#pragma warning restore CA5351
    }
}
