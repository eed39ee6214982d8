namespace Lottery.Specifications;

/// <summary>
/// Weights that a search begins with instead of those that its seed draws; known by their values, not by where they came from.
/// </summary>
/// <param name="Initial">
/// SHA-256 of the initial weights (see <c>Weights.Sha256</c>); null where nobody knows them, and the final ones stand in.
/// </param>
/// <param name="Final">
/// SHA-256 of the weights at which level 0 ends, trained elsewhere; null where level 0 is trained here.
/// </param>
public sealed record GivenWeights(string? Initial, string? Final);
