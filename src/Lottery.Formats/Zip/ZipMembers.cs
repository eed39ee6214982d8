using System.Collections.Immutable;
using System.IO.Compression;

namespace Lottery.Formats.Zip;

/// <summary>
/// The members of a zip archive in memory. A member is unpacked only when it is asked for, into as many bytes as the caller
/// expects: what an archive says of its own lengths is compared with that first.
/// </summary>
internal sealed class ZipMembers
{
    private const int MostMembers = 1 << 16;
    private readonly ZipArchive _archive;

    /// <summary>Opens an archive.</summary>
    /// <exception cref="InvalidDataException">It is damaged; the message is a clause.</exception>
    public ZipMembers(byte[] bytes)
    {
        (_archive, Names) = Guard(() =>
        {
            var archive = new ZipArchive(new MemoryStream(bytes, writable: false), ZipArchiveMode.Read);
            if (archive.Entries.Count > MostMembers) throw new InvalidDataException($"it has more than {MostMembers:N0} members");
            return (archive, archive.Entries.Select(entry => entry.FullName).Where(name => !name.EndsWith('/')).ToImmutableArray());
        });
        if (Names.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new InvalidDataException($"it has two members called {twice.Key}");
    }

    /// <summary>True for what begins like an archive.</summary>
    public static bool IsArchive(ReadOnlySpan<byte> bytes) => bytes.StartsWith("PK\x03\x04"u8) || bytes.StartsWith("PK\x05\x06"u8);

    /// <summary>The names in the order of the archive's list, folders left out.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>The length that the archive states for a member.</summary>
    public long LengthOf(string name) => Find(name).Length;

    /// <summary>All bytes of a member.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="most">The most bytes that it may have.</param>
    /// <exception cref="InvalidDataException">It is missing, damaged or longer; the message is a clause.</exception>
    public byte[] Read(string name, long most)
    {
        long length = LengthOf(name);
        if (length > Math.Min(most, Array.MaxLength)) throw new InvalidDataException($"its member {name} has {length:N0} bytes, and at most {most:N0} are possible");
        return Start(name, (int)length) is var bytes && bytes.Length == length ? bytes : throw new InvalidDataException($"its member {name} ends too early");
    }

    /// <summary>The first bytes of a member, or all if there are fewer.</summary>
    /// <exception cref="InvalidDataException">It is missing or damaged; the message is a clause.</exception>
    public byte[] Start(string name, int count) => Guard(() =>
    {
        using Stream member = Find(name).Open();
        // A member may state any length: memory grows with what is really there.
        byte[] bytes = new byte[Math.Min(count, 1 << 16)];
        int read = 0;
        while (true)
        {
            read += member.ReadAtLeast(bytes.AsSpan(read), bytes.Length - read, throwOnEndOfStream: false);
            if (read < bytes.Length || read == count) return read == bytes.Length ? bytes : bytes[..read];
            Array.Resize(ref bytes, (int)Math.Min(count, 2L * bytes.Length));
        }
    });

    private ZipArchiveEntry Find(string name) => _archive.GetEntry(name) ?? throw new InvalidDataException($"it has no member {name}");

    private static T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception wrong) when (wrong is IOException or NotSupportedException or ArgumentException or OverflowException)
        {
            throw new InvalidDataException($"it is a damaged zip archive ({wrong.Message.TrimEnd('.')})", wrong);
        }
    }
}
