namespace Lottery.Data;

/// <summary>A file that is fetched, and known when it is seen.</summary>
internal interface IKnownContent
{
    /// <summary>What it is called.</summary>
    string Name { get; }

    /// <summary>No copy of it is longer than this, in bytes; whoever sends more sends something else.</summary>
    long LargestLength { get; }

    /// <summary>What distinguishes a seekable file from it; null if nothing does.</summary>
    string? Fault(Stream file);
}
