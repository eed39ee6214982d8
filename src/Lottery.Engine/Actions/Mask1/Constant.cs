using Lottery.Numerics;

namespace Lottery.Actions;

/// <summary>+α or −α: "signed constants".</summary>
/// <param name="Alpha">α, above 0; null for the standard deviation of all w_i of the layer.</param>
/// <param name="SameSign">Whether the sign of w_i stays; otherwise it is drawn.</param>
public sealed record Constant(double? Alpha = null, bool SameSign = false)
    : Mask1((SameSign ? "constant-same-sign" : "constant") + Registry.Between(Alpha))
{
    /// <inheritdoc/>
    public override void Apply(in ActionContext at, Span<float> start)
    {
        var alpha = (float)(Alpha ?? Deviation(at.Initial));
        RandomStream random = at.Random("mask-1/constant");
        for (int i = 0; i < start.Length; i++)
        {
            if (!at.Kept[i]) continue;
            float drawn = random.Bernoulli(i, 0.5) ? alpha : -alpha;
            start[i] = SameSign ? Signs.Keep(at.Initial[i], drawn) : drawn;
        }
    }

    internal override Mask1 With(double alpha) => new Constant(alpha, SameSign);

    // Around the mean, divided by the number of values.
    private static double Deviation(ReadOnlySpan<float> values)
    {
        double sum = 0.0, squares = 0.0;
        foreach (float value in values) sum += value;
        double mean = sum / values.Length;
        foreach (float value in values) squares += (value - mean) * (value - mean);
        return Math.Sqrt(squares / values.Length);
    }
}
