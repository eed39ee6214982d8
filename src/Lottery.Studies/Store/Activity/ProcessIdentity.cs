using Lottery.Studies.Store.Files;

namespace Lottery.Studies.Store.Activity;

/// <summary>A process among all of all machines.</summary>
/// <param name="Host">The name of its machine.</param>
/// <param name="Table">See <see cref="ProcessTable.Identity"/>.</param>
/// <param name="Process">Its number in this table.</param>
/// <param name="Started">See <see cref="ProcessTable.StartOf"/>.</param>
internal sealed record ProcessIdentity(string Host, string Table, int Process, long Started)
{
    /// <summary>This process; a test may say that it is on another machine.</summary>
    public static ProcessIdentity Own { get; set; } =
        new(Environment.MachineName, ProcessTable.Identity, Environment.ProcessId, ProcessTable.StartOf(Environment.ProcessId, out _) ?? 0);

    private const string FirstNameSpace = "pid:[4026531836]";

    /// <summary>Whether another process exists, as far as this one can see.</summary>
    /// <returns>Null where it cannot be seen: on another machine, in another container, or hidden.</returns>
    public bool? Sees(ProcessIdentity other)
    {
        if (other.Host != Host) return null;
        if (other.Table != Table) return IsEarlierBoot(other.Table) ? false : null;
        long? started = ProcessTable.StartOf(other.Process, out bool isUnknown);
        return isUnknown ? null : started == other.Started;
    }

    // The same machine, both times outside of any container, has been started again.
    private bool IsEarlierBoot(string other) =>
        Table.Split(' ') is [{ Length: > 0 } machine, var boot, FirstNameSpace] && other.Split(' ') is [var same, var before, FirstNameSpace]
        && same == machine && before != boot;

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"process {Process} on {Host}");
}
