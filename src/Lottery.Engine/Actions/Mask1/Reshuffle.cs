using System.Runtime.InteropServices;
using Lottery.Numerics;

namespace Lottery.Actions;

/// <summary>The layer's kept w_i, permuted.</summary>
/// <param name="SameSign">
/// Whether the sign of w_i stays: positive values are permuted among positive places and negative ones among negative,
/// and a place where w_i is 0 belongs to a side by draw. All values stay in the layer either way.
/// </param>
public sealed record Reshuffle(bool SameSign = false) : Mask1(SameSign ? "reshuffle-same-sign" : "reshuffle")
{
    /// <inheritdoc/>
    public override void Apply(in ActionContext at, Span<float> start)
    {
        if (SameSign)
        {
            Permute(at, start, Side(at, 1.0f), "mask-1/reshuffle/positive");
            Permute(at, start, Side(at, -1.0f), "mask-1/reshuffle/negative");
        }
        else Permute(at, start, Side(at, 0.0f), "mask-1/reshuffle");
    }

    // The kept places on one side of zero; on both for 0.
    private static List<int> Side(in ActionContext at, float side)
    {
        RandomStream drawn = at.Random("mask-1/reshuffle/sign");
        var places = new List<int>();
        for (int i = 0; i < at.Initial.Length; i++)
        {
            float sign = Signs.Keep(at.Initial[i], drawn.Bernoulli(i, 0.5) ? 1.0f : -1.0f);
            if (at.Kept[i] && sign * side >= 0.0f) places.Add(i);
        }
        return places;
    }

    private static void Permute(in ActionContext at, Span<float> start, List<int> places, string stream)
    {
        var from = new List<int>(places);
        at.Random(stream).Shuffle(CollectionsMarshal.AsSpan(from));
        for (int i = 0; i < places.Count; i++) start[places[i]] = at.Initial[from[i]];
    }
}
