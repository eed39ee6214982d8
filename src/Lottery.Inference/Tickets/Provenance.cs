using System.Collections.Immutable;

namespace Lottery.Tickets;

/// <summary>Where a ticket comes from, and what was measured of it. Nothing here changes what it predicts.</summary>
public sealed record Provenance
{
    /// <summary>Nothing is known.</summary>
    public static Provenance Unknown { get; } = new();

    /// <summary>The id of the run, or at least its first 8 hexadecimal digits; null where no run made it.</summary>
    public string? Run { get; init; }

    /// <summary>The studies that the run belongs to.</summary>
    public ImmutableArray<string> Studies { get; init; } = [];

    /// <summary>What the data set is called; null where it is unknown.</summary>
    public string? Data { get; init; }

    /// <summary>SHA-256 of its examples, or at least the first 8 hexadecimal digits; null where it is unknown.</summary>
    public string? DataSha256 { get; init; }

    /// <summary>What this ticket's weights reach on the test set; null where nobody measured it.</summary>
    public MeasuredAccuracy? Accuracy { get; init; }

    /// <summary>What the run's trained weights reach on the test set; null where it is unknown.</summary>
    public MeasuredAccuracy? Trained { get; init; }
}
