using System.Collections.Concurrent;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store.Files;

namespace Lottery.Studies.Store.Activity;

/// <summary>Claims of runs that a thread of this process is about to begin.</summary>
internal sealed class Reservations(RunStore store)
{
    private readonly ConcurrentDictionary<string, Claim> _claims = [];

    /// <summary>Whether a run is finished, by whomever.</summary>
    public bool IsFinished(RunSpecification run) => Directory.Exists(store.Paths.Run(RunIdentity.Of(run)));

    /// <summary>Claims a run that is not finished.</summary>
    /// <returns>Gives the claim back, unless the run was begun; null while another process has the run.</returns>
    /// <exception cref="UserException">The store cannot be written.</exception>
    public IDisposable? Reserve(RunSpecification run)
    {
        string id = RunIdentity.Of(run);
        if (IsFinished(run)) return new Reservation(null, id);
        if (StoreErrors.Guard(store.Paths.Claim(id), () => TryClaim(store, id)) is not { } claim) return null;
        _claims[id] = claim;
        return new Reservation(this, id);
    }

    /// <summary>The claim of a run that was reserved; null where it was not.</summary>
    public Claim? Take(string id) => _claims.TryRemove(id, out Claim? claim) ? claim : null;

    /// <summary>The claim of a run, or null while another process or thread has it.</summary>
    /// <exception cref="IOException">The store cannot be written.</exception>
    public static Claim? TryClaim(RunStore store, string id)
    {
        store.Create();
        try
        {
            StoreDisk.CreateFolder(store.Paths.ActiveRun(id));
            return store.Paths.Claims.TryTake(store.Paths.Claim(id));
        }
        catch (IOException gone) when (gone is DirectoryNotFoundException or FileNotFoundException)
        {
            // Another process, which had the claim, has just removed the folder: the next attempt finds out more.
            return null;
        }
    }

    private void GiveBack(string id)
    {
        if (Take(id) is not { } claim) return;
        claim.Dispose();
        StoreFolder.RemoveEmpty(store.Paths.ActiveRun(id));
    }

    private sealed class Reservation(Reservations? owner, string id) : IDisposable
    {
        public void Dispose() => owner?.GiveBack(id);
    }
}
