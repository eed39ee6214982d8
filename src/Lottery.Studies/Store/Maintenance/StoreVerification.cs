namespace Lottery.Studies.Store.Maintenance;

/// <summary>How far a check of a store is.</summary>
/// <param name="Checked">The runs that were checked, now or by the check that it goes on with.</param>
/// <param name="Before">Those of them that were checked before.</param>
/// <param name="All">The runs to check.</param>
internal readonly record struct VerifyProgress(int Checked, int Before, int All);

/// <summary>Checks every finished run of a store on all processors; a check that was interrupted goes on where it stopped.</summary>
/// <param name="store">The store.</param>
internal sealed class StoreVerification(RunStore store)
{
    private const int AtOnce = 256;

    /// <summary>Receives how far the check is, first before any run is read.</summary>
    public Action<VerifyProgress> Report { get; init; } = _ => { };

    /// <summary>The checks of the runs that are not known to be whole, in the order of their ids.</summary>
    /// <param name="again">Whether all are checked, also those that an interrupted check found to be whole.</param>
    /// <param name="cancellationToken">Stops within a moment; what was found to be whole stays known.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public List<RunCheck> Run(bool again, CancellationToken cancellationToken)
    {
        var verifier = new RunVerifier(store);
        using var verified = new VerifiedRuns(store.Paths, again, store.Warn);
        (string Id, string Look)[] all = InParallel.Each([.. store.FinishedIds], id => (id, verified.LookOf(id)));
        (string Id, string Look)[] left = [.. all.Where(run => !verified.Has(run.Look))];
        int before = all.Length - left.Length, done = before;
        Report(new(done, before, all.Length));
        var checks = new List<RunCheck>(all.Length);
        foreach ((string Id, string Look)[] some in left.Chunk(AtOnce))
        {
            checks.AddRange(InParallel.Each(some, run =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                RunCheck check = verifier.Check(run.Id);
                if (check is { Problems.IsEmpty: true, IsRemoved: false, Unchecked: null }) verified.Add(run.Look);
                return check;
            }));
            Report(new(done += some.Length, before, all.Length));
        }
        verified.Complete();
        return checks;
    }
}
