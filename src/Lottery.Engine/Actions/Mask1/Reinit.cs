using Lottery.Networks;

namespace Lottery.Actions;

/// <summary>A fresh draw from the layer's initial distribution.</summary>
/// <param name="SameSign">Whether the sign of w_i stays.</param>
public sealed record Reinit(bool SameSign = false) : Mask1(SameSign ? "reinit-same-sign" : "reinit")
{
    /// <inheritdoc/>
    public override void Apply(in ActionContext at, Span<float> start)
    {
        var fresh = new float[start.Length];
        InitialWeights.Fill(fresh, at.Network.Initial, at.Parameter, at.Random("mask-1/reinit"));
        for (int i = 0; i < start.Length; i++)
            if (at.Kept[i]) start[i] = SameSign ? Signs.Keep(at.Initial[i], fresh[i]) : fresh[i];
    }
}
