using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Lottery.Studies.Store.Files;

namespace Lottery.Studies.Store.Activity;

/// <summary>An active job that this process works on, maybe with others. Without <see cref="Complete"/> it stays and counts as interrupted.</summary>
/// <remarks>One of the processes has the job's claim, by which the job counts as running; when it has ended, the next one takes it over.</remarks>
internal sealed class ActiveJobSession : IDisposable
{
    private const int NameLength = 16;
    private readonly Lock _lock = new();
    private readonly StorePaths _paths;
    private readonly string _name;
    private Claim? _claim;
    private bool _isEnded;

    private ActiveJobSession(StorePaths paths, string name, Claim? claim)
    {
        (_paths, _name, _claim) = (paths, name, claim);
        if (paths.Claims.HasBeats) ClaimBeats.Add(this);
    }

    /// <summary>The name of its folder in the store.</summary>
    public string Name => _name;

    /// <summary>Whether the job is this process's: no other works on the same runs, or the one that did has ended.</summary>
    /// <exception cref="IOException">The store cannot be written, or another process has completed the job.</exception>
    public bool Owns()
    {
        lock (_lock)
        {
            if (_isEnded) return false;
            if (_claim?.IsOwn() == true) return true;
            _claim?.Dispose();
            return (_claim = _paths.Claims.TryTake(ClaimOf(_paths, _name))) is not null;
        }
    }

    /// <summary>The name of the folder of a job with these runs.</summary>
    public static string NameOf(IEnumerable<string> ids) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join('\n', ids.Distinct().Order(StringComparer.Ordinal)))))[..NameLength];

    /// <summary>Publishes the job, unless another process that works on the same runs has.</summary>
    internal static ActiveJobSession Begin(RunStore store, ActiveJob job)
    {
        StorePaths paths = store.Paths;
        string name = NameOf(job.Runs.Select(run => run.Id));
        store.Create();
        using Claim held = paths.TakeLock();
        StoreDisk.CreateFolder(paths.Job(name));
        Claim? claim = paths.Claims.TryTake(ClaimOf(paths, name));
        var session = new ActiveJobSession(paths, name, claim);
        try
        {
            if (claim is not null)
                DurableFile.Replace(
                    Path.Combine(paths.Job(name), StorePaths.JobFile),
                    JsonSerializer.SerializeToUtf8Bytes(job, ActiveJobJson.Default.ActiveJob));
        }
        catch
        {
            session.Dispose();
            throw;
        }
        return session;
    }

    /// <summary>Removes the job, unless another process that works on it does: all its runs are finished.</summary>
    /// <exception cref="UserException">The store cannot be written.</exception>
    public void Complete() => StoreErrors.Guard(_paths.Job(_name), () =>
    {
        using Claim held = _paths.TakeLock();
        if (Directory.Exists(_paths.Job(_name)) && Owns()) StoreFolder.Remove(_paths.Job(_name));
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        ClaimBeats.Remove(this);
        lock (_lock)
        {
            _isEnded = true;
            _claim?.Dispose();
        }
    }

    private static string ClaimOf(StorePaths paths, string name) => Path.Combine(paths.Job(name), StorePaths.ClaimFile);
}
