using System.Collections.Immutable;

namespace Lottery.Studies.Store;

/// <summary>Where two runs that should be the same first part ways.</summary>
public static class Divergence
{
    /// <summary>The first stage, in the order of a run, whose hash differs; null where none does.</summary>
    public static string? FirstStage(RunHashes left, RunHashes right)
    {
        ImmutableArray<(string Stage, string Hash)> a = Stages(left), b = Stages(right);
        foreach ((string stage, string hash) in a)
            if (!b.Contains((stage, hash))) return stage;
        return a.Length == b.Length ? null : b.First(theirs => a.All(ours => ours.Stage != theirs.Stage)).Stage;
    }

    /// <summary>The stages of a run in their order, each with its hash.</summary>
    public static ImmutableArray<(string Stage, string Hash)> Stages(RunHashes hashes) =>
    [
        ("mask", hashes.Mask),
        ("initial weights", hashes.Initial),
        .. hashes.BatchOrders.Select((order, epoch) => ($"batch order of epoch {epoch + 1}", order)),
        ("best weights", hashes.Best),
        ("final weights", hashes.Final),
    ];
}
