using System.Text.Json;
using Lottery.Studies.Store.Files;

namespace Lottery.Studies.Store.Activity;

/// <summary>
/// Writes every few seconds what a card does, as long as this process trains on it. It has a thread of its own: a card that does not answer
/// must hold up neither trainings nor claims.
/// </summary>
internal sealed class ActiveCardSession : IDisposable
{
    private static readonly TimeSpan s_between = TimeSpan.FromSeconds(2);

    private readonly StorePaths _paths;
    private readonly string _name = Guid.NewGuid().ToString("N")[..16];
    private readonly Func<ActiveCard?> _look;
    private readonly Lock _lock = new();
    private readonly ManualResetEvent _ended = new(false);
    private Claim? _claim;
    private bool _isEnded;

    /// <summary>Begins to write.</summary>
    /// <param name="store">The store.</param>
    /// <param name="look">Looks at the card; null when there is none to write of.</param>
    public ActiveCardSession(RunStore store, Func<ActiveCard?> look)
    {
        (_paths, _look) = (store.Paths, look);
        new Thread(WriteUntilEnd) { Name = "card", IsBackground = true }.Start();
    }

    /// <summary>Ends, and removes what was written.</summary>
    public void Dispose()
    {
        _ended.Set();
        lock (_lock)
        {
            if (_isEnded) return;
            _isEnded = true;
            Try(() => Remove(_paths, _name, _claim));
        }
    }

    /// <summary>Removes what a process wrote of a card.</summary>
    /// <returns>The number of bytes freed.</returns>
    public static long Remove(StorePaths paths, string name, Claim? claim)
    {
        long freed = StoreFolder.RemoveFiles(paths.Card(name), [StorePaths.CardFile]);
        claim?.Dispose();
        freed += claim is null ? StoreFolder.RemoveFiles(paths.Card(name), [StorePaths.ClaimFile]) : 0;
        StoreFolder.RemoveEmpty(paths.Card(name));
        return freed;
    }

    private void WriteUntilEnd()
    {
        do Try(Write);
        while (!_ended.WaitOne(s_between));
    }

    private void Write()
    {
        // Not in the lock: a card that is lost may never answer.
        if (_look() is not { } card) return;
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(card, ActiveCardJson.Default.ActiveCard);
        lock (_lock)
        {
            if (_isEnded) return;
            StoreDisk.CreateFolder(_paths.Card(_name));
            _claim ??= _paths.Claims.TryTake(Path.Combine(_paths.Card(_name), StorePaths.ClaimFile));
            if (_claim is not null) DurableFile.ReplaceUnflushed(Path.Combine(_paths.Card(_name), StorePaths.CardFile), json);
        }
    }

    private static void Try(Action change)
    {
        try
        {
            change();
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            // Only the dashboard lacks it; the next time tries again.
        }
    }
}
