namespace Lottery.Specifications;

/// <summary>A mask that a search begins with instead of a dense network; known by its bits, not by where it came from.</summary>
/// <param name="Sha256">SHA-256 of its bits, in lower-case hexadecimal (see <c>Mask.Sha256</c>).</param>
/// <param name="Start">What the first training's weights are made by.</param>
public sealed record GivenMask(string Sha256, StartSpecification Start);

/// <summary>What a run's weights become at its first step.</summary>
/// <param name="Mask1">The mask-1 action: what kept weights become.</param>
/// <param name="Mask0">The mask-0 action: what pruned weights become.</param>
/// <param name="RewindTo">The step of the dense training whose weights the actions are given; 0 is the start.</param>
public sealed record StartSpecification(string Mask1, string Mask0, int RewindTo);
