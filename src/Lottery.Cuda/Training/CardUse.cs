using System.Collections.Immutable;
using Lottery.Specifications;

namespace Lottery.Cuda.Training;

/// <summary>What a card does at a moment.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Number">What <c>--device cuda:N</c> calls it.</param>
/// <param name="UsedBytes">Memory that processes use, this one and others; null if the card does not tell.</param>
/// <param name="TotalBytes">Its memory.</param>
/// <param name="Utilization">The share of the last moments in which a kernel ran, in percent; null without NVIDIA's management library.</param>
/// <param name="Runs">The runs that this process trains on it.</param>
internal sealed record CardUse(string Name, int Number, long? UsedBytes, long TotalBytes, int? Utilization, ImmutableArray<RunSpecification> Runs);
