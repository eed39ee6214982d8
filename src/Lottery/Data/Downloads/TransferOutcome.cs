namespace Lottery.Data.Downloads;

/// <summary>The result of one request to one mirror.</summary>
internal enum TransferResult
{
    /// <summary>The file is complete and correct.</summary>
    Whole,

    /// <summary>The mirror could not be reached, or does not have the file.</summary>
    Refused,

    /// <summary>The transfer was interrupted; the bytes received are kept.</summary>
    Broken,

    /// <summary>The transfer completed, but the content is wrong; it was deleted.</summary>
    Wrong,

    /// <summary>Like <see cref="Wrong"/>, but the start came from an earlier request and may be the cause.</summary>
    WrongAfterResuming,
}

/// <summary>A result and, unless it is good, the end of a sentence that says what happened.</summary>
internal readonly record struct TransferOutcome(TransferResult Result, string What);
