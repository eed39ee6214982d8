using System.Collections.Concurrent;

namespace Lottery.Studies.Store.Activity;

/// <summary>
/// The thread that says for all claims of this process that it is alive, and takes over the jobs that it works on from processes that
/// are not.
/// </summary>
internal static class ClaimBeats
{
    /// <summary>A claim expires when twelve beats were missed.</summary>
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);

    private static readonly ConcurrentDictionary<Claim, bool> s_claims = [];
    private static readonly ConcurrentDictionary<ActiveJobSession, bool> s_jobs = [];
    private static readonly Lazy<Thread> s_thread = new(Start);

    public static void Add(Claim claim)
    {
        s_claims[claim] = true;
        _ = s_thread.Value;
    }

    public static void Remove(Claim claim) => s_claims.TryRemove(claim, out _);

    public static void Add(ActiveJobSession job)
    {
        s_jobs[job] = true;
        _ = s_thread.Value;
    }

    public static void Remove(ActiveJobSession job) => s_jobs.TryRemove(job, out _);

    /// <summary>One beat of all.</summary>
    internal static void Beat()
    {
        foreach (Claim claim in s_claims.Keys) Try(claim.Beat);
        foreach (ActiveJobSession job in s_jobs.Keys) Try(() => job.Owns());
    }

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
            Beat();
        }
    }

    private static void Try(Action beat)
    {
        try
        {
            beat();
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            // The next beat tries again. If the claim is lost meanwhile, its owner sees that before it writes.
        }
    }
}
