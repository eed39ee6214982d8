using System.Collections.Immutable;
using System.IO.Compression;
using Lottery.Data.Formats;

namespace Lottery.Formats.Npz;

/// <summary>
/// The arrays of a NumPy <c>.npz</c> file: a zip archive with one <c>NAME.npy</c> for each array. Lengths are compared with what the
/// archive can hold before memory is allocated.
/// </summary>
/// <remarks>Errors are thrown as <see cref="InvalidDataException"/>; the message says what was expected and what was found.</remarks>
internal sealed class NpzArchive : IDisposable
{
    private const int MostArrays = 4096;

    // The largest possible compression ratio of deflate.
    private const long MaxRatio = 1032;

    private const string Extension = ".npy";

    private readonly ZipArchive _archive;
    private readonly ImmutableDictionary<string, ZipArchiveEntry> _entries;

    /// <summary>The arrays of <paramref name="file"/>, which must be seekable and is disposed with this.</summary>
    public NpzArchive(Stream file)
    {
        _archive = Opened(() => new ZipArchive(file, ZipArchiveMode.Read));
        ZipArchiveEntry[] arrays = Opened(() => _archive.Entries.Where(entry => entry.FullName.EndsWith(Extension, StringComparison.Ordinal)).ToArray());
        if (arrays.Length is 0 or > MostArrays || arrays.DistinctBy(entry => entry.FullName).Count() != arrays.Length)
            throw new InvalidDataException($"expected a .npz file with 1 to {MostArrays:N0} arrays of different names, found {arrays.Length:N0}");
        _entries = arrays.ToImmutableDictionary(entry => entry.FullName[..^Extension.Length], StringComparer.Ordinal);
        Names = [.. arrays.Select(entry => entry.FullName[..^Extension.Length])];
    }

    /// <summary>The names of the arrays, in the file's order.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>Reads an array.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="read">Receives the values, at the first, and their header, and reads exactly as many.</param>
    public T Read<T>(string name, Func<Stream, NpyHeader, T> read) => Guarded(() =>
    {
        ZipArchiveEntry entry = _entries[name];
        if (entry.Length > (entry.CompressedLength + 64) * MaxRatio)
            throw new InvalidDataException($"{name} is {entry.Length:N0} bytes, more than {entry.CompressedLength:N0} compressed ones can hold");
        using Stream stream = entry.Open();
        return read(stream, NpyHeader.Read(stream, entry.Length));
    });

    /// <inheritdoc/>
    public void Dispose() => _archive.Dispose();

    private static T Opened<T>(Func<T> open)
    {
        try
        {
            return Guarded(open);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException("it is no zip archive, or a damaged one", exception);
        }
    }

    // For damaged input the readers of zip and deflate throw more than InvalidDataException.
    private static T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is IOException or NotSupportedException or ArgumentException or OverflowException)
        {
            throw new InvalidDataException($"its zip data is damaged ({exception.Message.TrimEnd('.')})", exception);
        }
    }
}
