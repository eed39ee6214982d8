using System.Security.Cryptography;

namespace Lottery.Studies.Store.Activity;

/// <summary>
/// Looks at claims of processes that cannot be seen from here, and finds those whose content has not changed for a minute of this
/// process's own monotonic clock: their owners have stopped saying that they are alive.
/// </summary>
/// <param name="clock">The clock; its time of day is never asked for.</param>
internal sealed class ClaimWatch(TimeProvider clock)
{
    /// <summary>Twelve beats that were missed.</summary>
    public static readonly TimeSpan Expiry = TimeSpan.FromSeconds(60);

    /// <summary>How much time counts between two looks, however long it was: a process that was stopped, or slept, has not looked.</summary>
    public static readonly TimeSpan MostBetweenLooks = TimeSpan.FromSeconds(5);

    private const int MostLooks = 1_000;
    private readonly Dictionary<string, Look> _looks = [];

    /// <summary>Takes one look at a claim.</summary>
    /// <param name="path">The claim's file.</param>
    /// <param name="content">What it says now.</param>
    /// <returns>True if it has expired.</returns>
    public bool IsExpired(string path, ReadOnlySpan<byte> content)
    {
        string hash = Convert.ToHexString(SHA256.HashData(content));
        long now = clock.GetTimestamp();
        lock (_looks)
        {
            TimeSpan unchanged = TimeSpan.Zero;
            if (_looks.TryGetValue(path, out Look? last) && last.Hash == hash)
            {
                TimeSpan since = clock.GetElapsedTime(last.At, now);
                unchanged = last.Unchanged + (since < MostBetweenLooks ? since : MostBetweenLooks);
            }
            _looks[path] = new(hash, now, unchanged);
            if (_looks.Count > MostLooks) DropOld(now);
            return unchanged >= Expiry;
        }
    }

    /// <summary>Forgets a claim that is gone.</summary>
    public void Forget(string path)
    {
        lock (_looks) _looks.Remove(path);
    }

    // A dashboard that is open for weeks sees the claims of many runs.
    private void DropOld(long now)
    {
        foreach (string path in _looks.Where(look => clock.GetElapsedTime(look.Value.At, now) > Expiry).Select(look => look.Key).ToList()) _looks.Remove(path);
    }

    private sealed record Look(string Hash, long At, TimeSpan Unchanged);
}
