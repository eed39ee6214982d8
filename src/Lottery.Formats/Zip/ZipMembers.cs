using System.Collections.Immutable;
using System.IO.Compression;

namespace Lottery.Formats.Zip;

/// <summary>
/// The members of a zip archive. A member is unpacked only when it is asked for, into as many bytes as the caller expects: what an
/// archive says of its own lengths is compared with that, and with what its bytes can hold, first.
/// </summary>
/// <remarks>Errors are <see cref="InvalidDataException"/>; the message is a clause.</remarks>
internal sealed class ZipMembers : IDisposable
{
    private const int MostMembers = 1 << 16;

    // The largest possible compression ratio of deflate, and what the shortest member takes.
    private const long MaxRatio = 1032, Shortest = 64;

    private readonly ZipArchive _archive;

    /// <summary>Opens an archive in memory.</summary>
    public ZipMembers(byte[] bytes) : this(new MemoryStream(bytes, writable: false))
    {
    }

    /// <summary>Opens an archive.</summary>
    /// <param name="file">Its bytes, seekable; disposed with this.</param>
    public ZipMembers(Stream file)
    {
        try
        {
            _archive = new ZipArchive(file, ZipArchiveMode.Read);
            if (_archive.Entries.Count > MostMembers) throw new InvalidDataException($"it has more than {MostMembers:N0} members");
        }
        catch (Exception wrong) when (IsDamage(wrong) || wrong is InvalidDataException && _archive is null)
        {
            file.Dispose();
            throw new InvalidDataException("it is no zip archive, or a damaged one", wrong);
        }
        Names = [.. _archive.Entries.Select(entry => entry.FullName).Where(name => !name.EndsWith('/'))];
        if (Names.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new InvalidDataException($"it has two members called {twice.Key}");
    }

    /// <summary>True for what begins like an archive.</summary>
    public static bool IsArchive(ReadOnlySpan<byte> bytes) => bytes.StartsWith("PK\x03\x04"u8) || bytes.StartsWith("PK\x05\x06"u8);

    /// <summary>The names in the order of the archive's list, folders left out.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>All bytes of a member.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="most">The most bytes that it may have.</param>
    public byte[] Read(string name, long most)
    {
        long length = Find(name).Length;
        if (length > Math.Min(most, Array.MaxLength)) throw new InvalidDataException($"its member {name} has {length:N0} bytes, and at most {most:N0} are possible");
        return Start(name, (int)length) is var bytes && bytes.Length == length ? bytes : throw new InvalidDataException($"its member {name} ends too early");
    }

    /// <summary>The first bytes of a member, or all if there are fewer.</summary>
    public byte[] Start(string name, int count) => Unpack(name, (member, _) =>
    {
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

    /// <summary>Unpacks a member.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="read">Receives its bytes and how many it states.</param>
    public T Unpack<T>(string name, Func<Stream, long, T> read)
    {
        ZipArchiveEntry entry = Find(name);
        if (entry.Length > (entry.CompressedLength + Shortest) * MaxRatio)
            throw new InvalidDataException($"its member {name} is {entry.Length:N0} bytes, more than {entry.CompressedLength:N0} compressed ones can hold");
        try
        {
            using Stream member = entry.Open();
            return read(member, entry.Length);
        }
        catch (Exception wrong) when (IsDamage(wrong))
        {
            throw new InvalidDataException($"its zip data are damaged ({wrong.Message.TrimEnd('.')})", wrong);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _archive.Dispose();

    private ZipArchiveEntry Find(string name) => _archive.GetEntry(name) ?? throw new InvalidDataException($"it has no member {name}");

    // For damaged input the readers of zip and deflate throw more than InvalidDataException.
    private static bool IsDamage(Exception wrong) => wrong is IOException or NotSupportedException or ArgumentException or OverflowException;
}
