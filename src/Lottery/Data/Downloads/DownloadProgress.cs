namespace Lottery.Data.Downloads;

/// <summary>The progress of a download.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Bytes">Bytes received, including earlier attempts.</param>
/// <param name="Total">Total bytes according to the mirror; null if it does not say.</param>
internal readonly record struct DownloadProgress(string File, long Bytes, long? Total);
