using System.Collections.Concurrent;

namespace Lottery.Studies.Store.Activity;

/// <summary>The thread that says for all claims of this process that it is alive.</summary>
internal static class ClaimBeats
{
    /// <summary>A claim expires when twelve beats were missed.</summary>
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);

    private static readonly ConcurrentDictionary<Claim, bool> s_claims = [];
    private static readonly Lazy<Thread> s_thread = new(Start);

    public static void Add(Claim claim)
    {
        s_claims[claim] = true;
        _ = s_thread.Value;
    }

    public static void Remove(Claim claim) => s_claims.TryRemove(claim, out _);

    private static Thread Start()
    {
        var thread = new Thread(BeatForEver) { Name = "claims", IsBackground = true };
        thread.Start();
        return thread;
    }

    private static void BeatForEver()
    {
        while (true)
        {
            Thread.Sleep(Between);
            foreach (Claim claim in s_claims.Keys) TryBeat(claim);
        }
    }

    private static void TryBeat(Claim claim)
    {
        try
        {
            claim.Beat();
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            // The next beat tries again. If the claim is lost meanwhile, its owner sees that before it writes.
        }
    }
}
