namespace Lottery.Data;

/// <summary>How far the download of a file has come.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Bytes">Bytes that are here, those of earlier attempts included.</param>
/// <param name="Total">Bytes in all, as the mirror says; null if it does not.</param>
public readonly record struct DownloadProgress(string File, long Bytes, long? Total);
