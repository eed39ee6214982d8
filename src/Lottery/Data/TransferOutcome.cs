namespace Lottery.Data;

/// <summary>What became of one request to one mirror.</summary>
internal enum TransferResult
{
    /// <summary>The file is here and is the right one.</summary>
    Whole,

    /// <summary>The mirror could not be reached, or does not have the file.</summary>
    Refused,

    /// <summary>It stopped part of the way; what came is kept.</summary>
    Broken,

    /// <summary>It came to an end but is not the file; it has been removed.</summary>
    Wrong,

    /// <summary>As <see cref="Wrong"/>, but its beginning was from an earlier request and may be to blame.</summary>
    WrongAfterResuming,
}

/// <summary>A result and, unless it is good, the end of a sentence that says what happened.</summary>
internal readonly record struct TransferOutcome(TransferResult Result, string What);
