using System.Runtime.Intrinsics;

namespace Lottery.Kernels;

/// <summary>Sums over the lanes of a tile that hold an image.</summary>
internal static unsafe class LiveLanes
{
    /// <summary>Room for the pattern of <see cref="Fill"/>.</summary>
    public const int Length = 2 * ImageLayout.Lanes;

    /// <summary>Sixteen ones and sixteen zeros: sixteen of them from 16 − n on are 1 in the first n lanes.</summary>
    public static void Fill(float* pattern)
    {
        new Span<float>(pattern, ImageLayout.Lanes).Fill(1);
        new Span<float>(pattern + ImageLayout.Lanes, ImageLayout.Lanes).Clear();
    }

    /// <summary>Lane j + lane j+8, then + 4, + 2, + 1, where lanes from <paramref name="live"/> on count as +0.</summary>
    public static float Sum(float* lanes, int live)
    {
        new Span<float>(lanes + live, ImageLayout.Lanes - live).Clear();
        for (int width = 8; width > 0; width /= 2)
            for (int j = 0; j < width; j++) lanes[j] += lanes[j + width];
        return lanes[0];
    }

    /// <summary>The same, with the pattern from 16 − live on.</summary>
    public static float Sum<TWide>(TWide lanes, float* live) where TWide : unmanaged, IWide<TWide> =>
        TWide.Sum(TWide.WhereGreater(TWide.Load(live), TWide.Zero, lanes), TWide.Zero, TWide.Zero, TWide.Zero).ToScalar();
}
