using System.Collections.Concurrent;
using System.Security.Cryptography;
using Lottery.Studies.Store.Files;

namespace Lottery.Studies.Store.Activity;

/// <summary>
/// Claims of one store: files that exactly one process can create. They need no locks of the operating system, which network file
/// systems lose or refuse.
/// </summary>
/// <remarks>
/// A claim is written to a temporary path and gets its name by a step that succeeds for one process only, so that it is never seen half
/// written. Of an owner that this process can see, the operating system says whether it is alive; any other one must change its claim
/// (<see cref="ClaimBeats"/>), or the claim expires (<see cref="ClaimWatch"/>). Clocks of two machines are never compared. Who wants to
/// take over a claim first claims the right to take over just that content, so that it is never taken from a new owner.
/// </remarks>
/// <param name="self">The process.</param>
/// <param name="clock">The clock by which claims of others expire.</param>
internal sealed class Claims(ProcessIdentity self, TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2), LongPause = TimeSpan.FromMilliseconds(20), Patience = TimeSpan.FromSeconds(5);
    private const int ShortPauses = 100;

    private readonly string _owner = ClaimText.NewOwner();
    private readonly ConcurrentDictionary<string, Claim> _taken = [];
    private readonly ConcurrentQueue<Claim> _left = [];
    private readonly ClaimWatch _watch = new(clock);
    private long _number;

    /// <summary>True where the thread of <see cref="ClaimBeats"/> says that the owner is alive; false in tests, which do it by themselves.</summary>
    internal bool HasBeats { get; } = clock == TimeProvider.System;

    /// <summary>Receives a sentence when a claim is waited for that is usually held for moments only.</summary>
    public Action<string> Warn { get; set; } = _ => { };

    /// <summary>The claim, or null while another process or thread has it.</summary>
    /// <exception cref="IOException">Its folder is not there, or the disk refuses.</exception>
    public Claim? TryTake(string path)
    {
        if (_left.TryDequeue(out Claim? left)) GiveBack(left);
        path = Path.GetFullPath(path);
        var claim = new Claim(this, path, new(_owner, Interlocked.Increment(ref _number), self, 0));
        // Threads of this process decide here who tries.
        if (!_taken.TryAdd(path, claim)) return null;
        bool isTaken = false;
        try
        {
            isTaken = TryTake(claim);
        }
        finally
        {
            if (!isTaken) _taken.TryRemove(path, out _);
        }
        if (isTaken) claim.Taken();
        return isTaken ? claim : null;
    }

    /// <summary>Waits for a claim that is only ever held for moments.</summary>
    /// <exception cref="IOException">Its folder is not there, or the disk refuses.</exception>
    public Claim Take(string path)
    {
        long start = clock.GetTimestamp();
        bool warned = false;
        for (int attempt = 0; ; attempt++)
        {
            if (TryTake(path) is { } taken) return taken;
            if (!warned && clock.GetElapsedTime(start) > Patience)
            {
                Warn(Waiting(path, $"{path} is held"));
                warned = true;
            }
            Thread.Sleep(attempt < ShortPauses ? Pause : LongPause);
        }
    }

    /// <summary>True while a process has the claim, as far as this one can see.</summary>
    public bool IsHeld(string path)
    {
        path = Path.GetFullPath(path);
        return ClaimText.ReadFile(path) is { } content && IsAlive(path, content);
    }

    /// <summary>Looks at claims, for up to a minute, until it is known of each whether a process has it.</summary>
    /// <param name="paths">The claims' files.</param>
    public void Settle(IEnumerable<string> paths)
    {
        Dictionary<string, byte[]> open = [];
        foreach (string path in paths.Select(Path.GetFullPath))
            if (ClaimText.ReadFile(path) is { } content && IsUnseen(content) && IsAlive(path, content)) open[path] = content;
        if (open.Count > 0) Warn($"{open.Count} claims of processes that cannot be seen from this machine are watched for up to a minute ({open.Keys.First()}).");
        while (open.Count > 0)
        {
            if (HasBeats) Thread.Sleep(ClaimWatch.MostBetweenLooks);
            foreach ((string path, byte[] before) in open.ToList())
                if (ClaimText.ReadFile(path) is not { } now || !now.AsSpan().SequenceEqual(before) || !IsAlive(path, now)) open.Remove(path);
        }
    }

    /// <summary>Who has a claim, for a message.</summary>
    public static string Holder(string path) =>
        ClaimText.ReadFile(path) is { } content && ClaimText.Parse(content) is { } text ? text.Process.ToString() : "another process";

    /// <summary>A sentence about a claim that is waited for.</summary>
    /// <param name="path">The claim's file.</param>
    /// <param name="what">What its owner does, without its name: <c>Run ID is being trained</c>.</param>
    public static string Waiting(string path, string what) => ClaimText.ReadFile(path) is { } content && ClaimText.Parse(content) is null
        ? $"{path} is no claim that lottery wrote; it is taken over when it has not changed for a minute, or remove it."
        : $"{what} by {Holder(path)}; waiting for it.";

    /// <summary>Removes a claim of this process, unless it was lost.</summary>
    internal void GiveBack(Claim claim)
    {
        try
        {
            if (claim.IsOwn()) StoreDisk.Delete(claim.Path);
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            // Tried again when this process takes its next claim; at the latest, it ends with this process.
            _left.Enqueue(claim);
        }
        finally
        {
            _taken.TryRemove(new(claim.Path, claim));
        }
    }

    private bool TryTake(Claim claim)
    {
        byte[]? found = ClaimText.ReadFile(claim.Path);
        if (found is null)
        {
            if (TryCreate(claim)) return true;
            found = ClaimText.ReadFile(claim.Path);
        }
        if (found is null || IsAlive(claim.Path, found)) return false;
        // The right to take over this very content: whoever gets it finds the content gone if another one had it before.
        using Claim? right = TryTake($"{claim.Path}.{Convert.ToHexStringLower(SHA256.HashData(found))[..16]}");
        if (right is null || ClaimText.ReadFile(claim.Path)?.AsSpan().SequenceEqual(found) != true) return false;
        DurableFile.ReplaceUnflushed(claim.Path, claim.Content);
        _watch.Forget(claim.Path);
        return claim.IsFile;
    }

    private static bool TryCreate(Claim claim)
    {
        string temporary = DurableFile.TemporaryOf(claim.Path);
        try
        {
            using (FileStream file = StoreDisk.CreateNew(temporary)) StoreDisk.Write(file, claim.Content);
            // A network file system may report a failure where only its answer was lost.
            return StoreDisk.Link(temporary, claim.Path) switch
            {
                true => true,
                false => claim.IsFile,
                null => TryCreateNew(claim),
            };
        }
        finally
        {
            TryDelete(temporary);
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            StoreDisk.Delete(path);
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            // `runs gc` removes it.
        }
    }

    /// <summary>Where no second name can be given: the claim is there a moment before its content, and counts from then on.</summary>
    private static bool TryCreateNew(Claim claim)
    {
        FileStream file;
        try
        {
            file = StoreDisk.CreateNew(claim.Path);
        }
        catch (IOException) when (RegularFile.IsThere(claim.Path))
        {
            return false;
        }
        try
        {
            using (file) StoreDisk.Write(file, claim.Content);
            return true;
        }
        catch (IOException)
        {
            TryDelete(claim.Path);
            throw;
        }
    }

    private bool IsUnseen(byte[] content) => (ClaimText.Parse(content) is { } text ? self.Sees(text.Process) : null) is null;

    private bool IsAlive(string path, byte[] content)
    {
        ClaimText? text = ClaimText.Parse(content);
        if (text?.Owner == _owner) return _taken.TryGetValue(path, out Claim? own) && own.Is(text);
        return (text is null ? null : self.Sees(text.Process)) ?? !_watch.IsExpired(path, content);
    }
}
