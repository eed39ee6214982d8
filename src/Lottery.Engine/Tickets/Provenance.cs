using System.Collections.Immutable;
using Lottery.Numerics;

namespace Lottery.Tickets;

/// <summary>Where a ticket comes from, and its measured accuracy. None of it affects predictions.</summary>
public sealed record Provenance
{
    /// <summary>
    /// Hexadecimal digits of a stored hash: enough to find the run or the data again, and no more, since everything but the mask
    /// should fit into 384 bytes.
    /// </summary>
    public const int Digits = 16;

    /// <summary>Nothing is known.</summary>
    public static Provenance Unknown { get; } = new();

    /// <summary>The first 16 digits of the run's id, at least 8; null if no run made it.</summary>
    public string? Run { get; init => field = Start(value); }

    /// <summary>The studies that the run belongs to.</summary>
    public ImmutableArray<string> Studies { get; init; } = [];

    /// <summary>The name of the data set; null if unknown.</summary>
    public string? Data { get; init; }

    /// <summary>The first 16 digits of the SHA-256 of its examples, at least 8; null if unknown.</summary>
    public string? DataSha256 { get; init => field = Start(value); }

    /// <summary>The accuracy of this ticket's weights on the test set; null if it was not measured.</summary>
    public MeasuredAccuracy? Accuracy { get; init; }

    /// <summary>The accuracy of the run's trained weights on the test set; null if unknown.</summary>
    public MeasuredAccuracy? Trained { get; init; }

    private static string? Start(string? hash) => hash?[..Math.Min(hash.Length, Digits)];
}

/// <summary>A network's accuracy on the test set, as counts.</summary>
/// <param name="Correct">Correctly classified images.</param>
/// <param name="Of">Test images, at least 1.</param>
public readonly record struct MeasuredAccuracy(int Correct, int Of)
{
    /// <summary>The accuracy, 0–1.</summary>
    public double Value => (double)Correct / Of;

    /// <summary>Wilson's 95 % interval, over test images for the same network. It does not cover other seeds.</summary>
    public (double Low, double High) Interval => Wilson.Interval(Value, Of);
}
