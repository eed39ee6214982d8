namespace Lottery.Data;

/// <summary>One of the four files of a set, as it is everywhere once uncompressed.</summary>
/// <param name="Name">Its name without <c>.gz</c>.</param>
/// <param name="Bytes">Its uncompressed length.</param>
/// <param name="Sha256">SHA-256 of the uncompressed file, in lower-case hexadecimal.</param>
public sealed record KnownFile(string Name, long Bytes, string Sha256);
