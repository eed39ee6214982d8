using Lottery.Actions;
using Lottery.Networks;

namespace Lottery.Tickets;

/// <summary>How a ticket's weights are made from a seed: initial weights, then the mask-1 and mask-0 actions.</summary>
public sealed record Recipe
{
    // Below this density only kept weights are sampled, unless all of them are at hand; above it all are, since the runs of a seed reuse the same ones.
    private const double SampleKeptBelow = 0.5;

    /// <summary>The seed of the initial weights and of the actions' random numbers.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The level whose streams of random numbers the actions use; 0 for a supermask.</summary>
    public int Level { get; init; }

    /// <summary>The mask-1 action with its number, as in <c>constant-same-sign(0.05)</c>: what kept weights become. It must not depend on trained weights.</summary>
    public string Mask1 { get; init; } = "rewind";

    /// <summary>The mask-0 action: what pruned weights become. It must not depend on trained weights.</summary>
    public string Mask0 { get; init; } = "zero";

    /// <summary>
    /// True for the control <c>reinit</c>: new weights and biases (the streams <c>reinit/level-L/NAME</c>) wherever weights
    /// are kept, whatever the mask-1 action.
    /// </summary>
    public bool Fresh { get; init; }

    /// <summary>Of the control <c>reinit</c>, which draw: 0 is the first (the others have the streams <c>reinit/level-L/draw-D/NAME</c>).</summary>
    public int Draw { get; init; }

    /// <summary>
    /// True if the kept weights are then multiplied by the layer's weights ÷ the kept ones (Zhou et al. 2019, section 5.2:
    /// a supermask learned with rescaling).
    /// </summary>
    public bool Rescale { get; init; }

    /// <summary>The weights, in full shape.</summary>
    /// <exception cref="UserException">An action is unknown.</exception>
    /// <exception cref="ArgumentException">An action depends on trained weights.</exception>
    public Weights Weights(Mask mask)
    {
        Mask0 mask0 = Actions.Mask0.Get(Mask0);
        if (mask0.NeedsFinal)
            throw new ArgumentException($"The mask-0 action {Mask0} depends on trained weights, which a seed does not give.", nameof(mask));
        Mask1 mask1 = Actions.Mask1.Get(Mask1);
        if (mask1.NeedsFinal)
            throw new ArgumentException($"The mask-1 action {Mask1} depends on trained weights, which a seed does not give.", nameof(mask));
        Weights weights = mask0.IsZero && mask1 == Actions.Mask1.Rewind && !Fresh && mask.Density < SampleKeptBelow && !InitialWeights.IsSampled(mask.Network, Seed)
            ? InitialWeights.ResampleKept(mask, Seed, "initial")
            : Apply(mask, mask1, mask0);
        if (Rescale) Multiply(weights, mask);
        return weights;
    }

    private Weights Apply(Mask mask, Mask1 mask1, Mask0 mask0)
    {
        Weights weights = MaskActions.Apply(mask, InitialWeights.Sample(mask.Network, Seed), before: null, mask1, mask0, Seed, Level);
        if (Fresh) MaskActions.Reinitialize(weights, mask, Seed, Level, Draw);
        return weights;
    }

    // The bits with which a supermask is evaluated: the factor is rounded to single precision, and so is each product.
    private static void Multiply(Weights weights, Mask mask)
    {
        for (int p = 0; p < mask.Network.Parameters.Length; p++)
        {
            if (mask[p] is not { } kept) continue;
            var factor = (float)((double)kept.Length / Math.Max(1, kept.Count()));
            foreach (ref float value in weights[p]) value *= factor;
        }
    }
}
