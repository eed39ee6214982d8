namespace Lottery.Data;

/// <summary>A downloadable file whose content can be checked.</summary>
internal interface IKnownContent
{
    /// <summary>Its file name.</summary>
    string Name { get; }

    /// <summary>Upper bound of the length of any copy, in bytes; more is something else.</summary>
    long LargestLength { get; }

    /// <summary>Describes how a seekable file differs from it; null if it does not.</summary>
    string? Fault(Stream file);
}
