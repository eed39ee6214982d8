using System.Net.Http.Headers;

namespace Lottery.Data.Downloads;

/// <summary>
/// A download under way: <c>NAME.part</c>, and beside it <c>NAME.part.from</c> with the address that it comes from and
/// what tells that address's versions apart (an entity tag or a date). One process at a time.
/// </summary>
/// <remarks>A folder that cannot be written, or is full, is told as a <see cref="UserException"/>.</remarks>
internal sealed class PartFile : IDisposable
{
    private readonly string _path, _stampPath;
    private readonly FileStream _file;

    /// <summary>Opens the part of <paramref name="target"/>, creating it and its folder.</summary>
    public PartFile(string target)
    {
        _path = target + ".part";
        _stampPath = _path + ".from";
        _file = DiskGuard.Run(_path, () =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            // Unbuffered, so that a full disk shows in the write that met it.
            return new FileStream(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        });
    }

    /// <summary>Bytes that are here.</summary>
    public long Length => _file.Length;

    /// <summary>Whether what is here came from <paramref name="address"/>, and if so its version, where that is known.</summary>
    public bool CameFrom(Uri address, out RangeConditionHeaderValue? version)
    {
        version = null;
        if (Length == 0 || !File.Exists(_stampPath)) return false;
        string[] stamp = DiskGuard.Run(_stampPath, () => File.ReadAllLines(_stampPath));
        if (stamp.Length != 2 || stamp[0] != address.AbsoluteUri) return false;
        return stamp[1].Length == 0 || RangeConditionHeaderValue.TryParse(stamp[1], out version);
    }

    /// <summary>Begins again with what <paramref name="address"/> sends.</summary>
    public void Restart(Uri address, RangeConditionHeaderValue? version) => DiskGuard.Run(_path, () =>
    {
        if (Length > 0) _file.SetLength(0);
        File.WriteAllLines(_stampPath, [address.AbsoluteUri, version?.ToString() ?? ""]);
    });

    /// <summary>Adds to the end.</summary>
    public void Append(ReadOnlyMemory<byte> bytes) => DiskGuard.Run(_path, () =>
    {
        _file.Seek(0, SeekOrigin.End);
        _file.Write(bytes.Span);
    });

    /// <summary>What distinguishes it from <paramref name="expected"/>; null if nothing does, and then it is safe on disk.</summary>
    public string? Fault(IKnownContent expected) => DiskGuard.Run(_path, () =>
    {
        string? fault = expected.Fault(_file);
        if (fault is null) _file.Flush(flushToDisk: true);
        return fault;
    });

    /// <summary>Forgets what came.</summary>
    public void Clear() => DiskGuard.Run(_path, () =>
    {
        _file.SetLength(0);
        File.Delete(_stampPath);
    });

    /// <summary>Closes it; one that holds nothing goes away.</summary>
    public void Dispose()
    {
        bool empty = Length == 0;
        _file.Dispose();
        if (!empty) return;
        File.Delete(_path);
        File.Delete(_stampPath);
    }

    /// <summary>Gives a whole and closed part the name of its target.</summary>
    public static void Finish(string target)
    {
        File.Move(target + ".part", target, overwrite: true);
        File.Delete(target + ".part.from");
    }

    /// <summary>Removes a closed part that is needed no more.</summary>
    public static void Remove(string target)
    {
        File.Delete(target + ".part");
        File.Delete(target + ".part.from");
    }
}
