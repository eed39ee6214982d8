using Lottery.Studies.Store.Files;

namespace Lottery.Simulation.Driver;

/// <summary>Counts the calls by which a store changes something on the disk.</summary>
/// <param name="root">The store.</param>
internal sealed class CallCounts(string root) : DiskWatch(root)
{
    private readonly int[] _calls = new int[Enum.GetValues<DiskCall>().Length];

    /// <summary>All calls.</summary>
    public int All => _calls.Sum();

    /// <summary>Those that wait for the disk.</summary>
    public int Waits => Of(DiskCall.Flush) + Of(DiskCall.FlushFolder);

    /// <summary>Those of a kind.</summary>
    public int Of(DiskCall call) => Volatile.Read(ref _calls[(int)call]);

    /// <inheritdoc/>
    public override Exception? Before(DiskStep step, ref int length)
    {
        Interlocked.Increment(ref _calls[(int)step.Call]);
        return null;
    }
}
