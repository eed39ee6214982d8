using System.Runtime.CompilerServices;

namespace Lottery.Kernels;

/// <summary>
/// x[place][lane] = values[lane][feature at that place]: from examples one after the other into the engine's layout. Only
/// features that the network uses are written.
/// </summary>
/// <remarks>
/// Nothing is computed. Lanes from <c>count</c> on are padding and become 0. Shapes: values <c>[count, features]</c>, places
/// <c>[features]</c> (the row of x for each feature, or −1), x <c>[used, lanes]</c>; lanes a multiple of 16.
/// </remarks>
internal static unsafe class Interleave
{
    public static void Reference(float* values, int features, int count, int* places, float* x, int lanes)
    {
        for (int feature = 0; feature < features; feature++)
            for (int lane = 0; lane < lanes && places[feature] >= 0; lane++)
                x[places[feature] * lanes + lane] = lane < count ? values[(nint)lane * features + feature] : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TWide>(float* values, int features, int count, int* places, float* x, int lanes)
        where TWide : unmanaged, IWide<TWide>
    {
        float* rows = stackalloc float[256], columns = stackalloc float[256];
        new Span<float>(rows, 256).Clear();
        for (int lane = 0; lane < lanes; lane += 16)
        {
            int live = Math.Clamp(count - lane, 0, 16), feature = 0;
            float* source = values + (nint)lane * features;
            if (live < 16) new Span<float>(rows, 256).Clear();
            for (; feature + 16 <= features; feature += 16)
            {
                if (!Used(places + feature)) continue;
                if (live == 16)
                {
                    TWide.Transpose(source + feature, features, columns, 16);
                }
                else
                {
                    for (int i = 0; i < live; i++) TWide.Store(rows + 16 * i, TWide.Load(source + (nint)i * features + feature));
                    TWide.Transpose(rows, 16, columns, 16);
                }
                for (int i = 0; i < 16; i++)
                    if (places[feature + i] >= 0) TWide.Store(x + (nint)places[feature + i] * lanes + lane, TWide.Load(columns + 16 * i));
            }
            for (; feature < features; feature++)
                for (int i = 0; i < 16 && places[feature] >= 0; i++)
                    x[(nint)places[feature] * lanes + lane + i] = i < live ? source[(nint)i * features + feature] : 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Used(int* places)
    {
        int all = -1;
        for (int i = 0; i < 16; i++) all &= places[i];
        return all != -1;
    }
}
