using Lottery.Studies.Store.Files;

namespace Lottery.Studies.Store.Activity;

/// <summary>A process among all of all machines.</summary>
/// <param name="Host">The name of its machine.</param>
/// <param name="Table">See <see cref="ProcessTable.Identity"/>.</param>
/// <param name="Process">Its number in this table.</param>
/// <param name="Started">See <see cref="ProcessTable.StartOf"/>.</param>
internal sealed record ProcessIdentity(string Host, string Table, int Process, long Started)
{
    /// <summary>This process.</summary>
    public static ProcessIdentity Own { get; } =
        new(Environment.MachineName, ProcessTable.Identity, Environment.ProcessId, ProcessTable.StartOf(Environment.ProcessId, out _) ?? 0);

    /// <summary>Whether another process exists, as far as this one can see.</summary>
    /// <returns>Null where it cannot be seen: on another machine, in another container, after another boot, or hidden.</returns>
    public bool? Sees(ProcessIdentity other)
    {
        if (other.Host != Host || other.Table != Table) return null;
        long? started = ProcessTable.StartOf(other.Process, out bool isUnknown);
        return isUnknown ? null : started == other.Started;
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"process {Process} on {Host}");
}
