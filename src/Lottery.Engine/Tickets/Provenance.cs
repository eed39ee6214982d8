using System.Collections.Immutable;

namespace Lottery.Tickets;

/// <summary>Where a ticket comes from, and what was measured of it. Nothing here changes what it predicts.</summary>
public sealed record Provenance
{
    /// <summary>
    /// Hexadecimal digits of a hash that a ticket has: enough to find the run or the data again, and no more, since all it
    /// says besides its mask should fit into 384 bytes.
    /// </summary>
    public const int Digits = 16;

    /// <summary>Nothing is known.</summary>
    public static Provenance Unknown { get; } = new();

    /// <summary>The first 16 digits of the run's id, at least 8; null where no run made it.</summary>
    public string? Run { get; init => field = Start(value); }

    /// <summary>The studies that the run belongs to.</summary>
    public ImmutableArray<string> Studies { get; init; } = [];

    /// <summary>What the data set is called; null where it is unknown.</summary>
    public string? Data { get; init; }

    /// <summary>The first 16 digits of the SHA-256 of its examples, at least 8; null where it is unknown.</summary>
    public string? DataSha256 { get; init => field = Start(value); }

    /// <summary>What this ticket's weights reach on the test set; null where nobody measured it.</summary>
    public MeasuredAccuracy? Accuracy { get; init; }

    /// <summary>What the run's trained weights reach on the test set; null where it is unknown.</summary>
    public MeasuredAccuracy? Trained { get; init; }

    private static string? Start(string? hash) => hash?[..Math.Min(hash.Length, Digits)];
}
