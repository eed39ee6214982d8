using Lottery.Actions;
using Lottery.Networks;

namespace Lottery.Tickets;

/// <summary>How a ticket's weights come from a seed: initial weights, then the actions on kept and pruned ones.</summary>
public sealed record Recipe
{
    // Below, what is pruned is not even drawn; above, all weights are, since the runs of a seed draw the same ones again.
    private const double MostSparse = 0.5;

    /// <summary>The seed of the initial weights, and of what the actions draw.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The level whose streams of random numbers the actions use; 0 for a supermask.</summary>
    public int Level { get; init; }

    /// <summary>The mask-1 action with its number, as in <c>constant-same-sign(0.05)</c>: what kept weights become.</summary>
    public string Mask1 { get; init; } = "rewind";

    /// <summary>The mask-0 action: what pruned weights become; one that does not look at trained weights.</summary>
    public string Mask0 { get; init; } = "zero";

    /// <summary>
    /// True for the control <c>reinit</c>: fresh weights and biases (the streams <c>reinit/level-L/NAME</c>) wherever weights
    /// are kept, whatever the mask-1 action.
    /// </summary>
    public bool Fresh { get; init; }

    /// <summary>
    /// True where the kept weights are then multiplied by the layer's weights ÷ the kept ones (Zhou et al. 2019, section 5.2:
    /// a supermask that was learned with rescaling).
    /// </summary>
    public bool Rescale { get; init; }

    /// <summary>The weights, in full shape.</summary>
    /// <exception cref="UserException">An action is unknown.</exception>
    /// <exception cref="ArgumentException">The mask-0 action looks at trained weights.</exception>
    public Weights Weights(Mask mask)
    {
        Mask0 mask0 = Actions.Mask0.Get(Mask0);
        if (mask0.NeedsFinal)
            throw new ArgumentException($"The mask-0 action {Mask0} looks at trained weights, which a seed does not give.", nameof(mask));
        Mask1 mask1 = Actions.Mask1.Get(Mask1);
        Weights weights = mask0.IsZero && mask1 is Rewind && !Fresh && mask.Density < MostSparse
            ? InitialWeights.RedrawKept(mask, Seed, "initial")
            : Act(mask, mask1, mask0);
        if (Rescale) Multiply(weights, mask);
        return weights;
    }

    private Weights Act(Mask mask, Mask1 mask1, Mask0 mask0)
    {
        Weights weights = LevelStart.Weights(mask, InitialWeights.Draw(mask.Network, Seed), before: null, mask1, mask0, Seed, Level);
        if (Fresh) LevelStart.Refresh(weights, mask, Seed, Level);
        return weights;
    }

    // To the bit what a supermask is evaluated with: the factor is rounded to single precision, and so is each product.
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
