using Lottery.Numerics;

namespace Lottery.Tickets;

/// <summary>How many of the test images a network names right.</summary>
/// <param name="Correct">Those it names right.</param>
/// <param name="Of">Those it was shown, at least 1.</param>
public readonly record struct MeasuredAccuracy(int Correct, int Of)
{
    /// <summary>The share, 0–1.</summary>
    public double Value => (double)Correct / Of;

    /// <summary>Wilson's 95 % interval: other test images for the same network. It says nothing of other seeds.</summary>
    public (double Low, double High) Interval => Wilson.Interval(Value, Of);
}
