using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Lottery.Studies.Store;

/// <summary>An undertaking that this process works on. Without <see cref="Complete"/> it stays, to be seen as interrupted.</summary>
public sealed class UndertakingSession : IDisposable
{
    private const int NameLength = 16;
    private readonly StorePaths _paths;
    private readonly string _name;
    private readonly FileLock? _claim;

    private UndertakingSession(StorePaths paths, string name, FileLock? claim) => (_paths, _name, _claim) = (paths, name, claim);

    /// <summary>Tells whoever watches. Another process at the same work tells it already.</summary>
    internal static UndertakingSession Begin(RunStore store, Undertaking work)
    {
        StorePaths paths = store.Paths;
        string ids = string.Join('\n', work.Runs.Select(run => run.Id).Order(StringComparer.Ordinal));
        string name = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(ids)))[..NameLength];
        store.Create();
        using FileLock held = FileLock.Take(paths.LockFile);
        Directory.CreateDirectory(paths.Undertaking(name));
        FileLock? claim = FileLock.TryTake(Path.Combine(paths.Undertaking(name), StorePaths.ClaimFile));
        if (claim is not null)
            DurableFile.Replace(
                Path.Combine(paths.Undertaking(name), StorePaths.UndertakingFile),
                JsonSerializer.SerializeToUtf8Bytes(work, UndertakingJson.Default.Undertaking));
        return new(paths, name, claim);
    }

    /// <summary>All runs are finished: there is nothing to watch any more.</summary>
    public void Complete()
    {
        if (_claim is null) return;
        using FileLock held = FileLock.Take(_paths.LockFile);
        _claim.Dispose();
        Directory.Delete(_paths.Undertaking(_name), recursive: true);
    }

    /// <inheritdoc/>
    public void Dispose() => _claim?.Dispose();
}
