using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Lottery.Studies.Store;

/// <summary>An active job that this process works on. Without <see cref="Complete"/> it stays, to be seen as interrupted.</summary>
public sealed class ActiveJobSession : IDisposable
{
    private const int NameLength = 16;
    private readonly StorePaths _paths;
    private readonly string _name;
    private readonly FileLock? _claim;

    private ActiveJobSession(StorePaths paths, string name, FileLock? claim) => (_paths, _name, _claim) = (paths, name, claim);

    /// <summary>Tells whoever watches. Another process at the same work tells it already.</summary>
    internal static ActiveJobSession Begin(RunStore store, ActiveJob work)
    {
        StorePaths paths = store.Paths;
        string ids = string.Join('\n', work.Runs.Select(run => run.Id).Order(StringComparer.Ordinal));
        string name = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(ids)))[..NameLength];
        store.Create();
        using FileLock held = FileLock.Take(paths.LockFile);
        Directory.CreateDirectory(paths.ActiveJob(name));
        FileLock? claim = FileLock.TryTake(Path.Combine(paths.ActiveJob(name), StorePaths.ClaimFile));
        if (claim is not null)
            DurableFile.Replace(
                Path.Combine(paths.ActiveJob(name), StorePaths.ActiveJobFile),
                JsonSerializer.SerializeToUtf8Bytes(work, ActiveJobJson.Default.ActiveJob));
        return new(paths, name, claim);
    }

    /// <summary>All runs are finished: there is nothing to watch any more.</summary>
    public void Complete()
    {
        if (_claim is null) return;
        using FileLock held = FileLock.Take(_paths.LockFile);
        _claim.Dispose();
        Directory.Delete(_paths.ActiveJob(_name), recursive: true);
    }

    /// <inheritdoc/>
    public void Dispose() => _claim?.Dispose();
}
