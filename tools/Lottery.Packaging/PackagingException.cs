namespace Lottery.Packaging;

/// <summary>Why nothing could be made, in a sentence.</summary>
internal sealed class PackagingException(string message) : Exception(message);
