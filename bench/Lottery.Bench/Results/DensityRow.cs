namespace Lottery.Bench.Results;

/// <summary>A training step at one density, and what the machine bounds its time with.</summary>
/// <param name="Network">The network's name.</param>
/// <param name="Level">The level of a search; −1 for a random mask.</param>
/// <param name="Density">0–1.</param>
/// <param name="Milliseconds">A step.</param>
/// <param name="Before">Its time ÷ that of the row before, the median of rounds; NaN for the first.</param>
/// <param name="MultiplyAdds">Counted multiply-adds.</param>
/// <param name="Bound">Milliseconds.</param>
/// <param name="By">What most of the bound is.</param>
internal sealed record DensityRow(
    string Network, int Level, double Density, double Milliseconds, double Before, double MultiplyAdds, double Bound, string By)
{
    /// <summary>The bound ÷ the time.</summary>
    public double Fraction => Bound / Milliseconds;
}
