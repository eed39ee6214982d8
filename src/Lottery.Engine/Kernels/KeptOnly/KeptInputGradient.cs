using System.Runtime.CompilerServices;

namespace Lottery.Kernels;

/// <summary>
/// dx[input][lane] = Σ weight × dy[row][lane] over the input's kept weights: the gradient at the layer's input. Where a
/// ReLU made x it is taken through that too: 0 unless x[input][lane] &gt; 0; x is null where none did.
/// </summary>
/// <remarks>
/// Order: in every lane, from +0, one fused multiply-add a row, rows ascending.
/// Shapes: dy <c>[rows, lanes]</c>, x and dx <c>[inputs, lanes]</c>, weights <c>[kept]</c>; lanes a multiple of 16.
/// </remarks>
internal static unsafe class KeptInputGradient
{
    public static void Reference(in KeptColumns columns, float* weights, float* dy, float* x, float* dx, int lanes)
    {
        for (int place = 0; place < columns.Inputs; place++)
        {
            int input = columns.Order[place];
            for (int lane = 0; lane < lanes; lane++)
            {
                float sum = 0;
                for (int e = columns.Starts[place]; e < columns.Starts[place + 1]; e++)
                    sum = MathF.FusedMultiplyAdd(weights[columns.Places[e]], dy[columns.Rows[e] * lanes + lane], sum);
                dx[input * lanes + lane] = x == null || x[input * lanes + lane] > 0 ? sum : 0;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TWide, TCounter>(
        in KeptColumns columns, float* weights, float* dy, float* x, float* dx, int lanes)
        where TWide : unmanaged, IWide<TWide>
        where TCounter : struct, ICounter
    {
        int block = 0;
        for (; block + 64 <= lanes; block += 64)
            Four<TWide, TCounter>(columns, weights, dy + block, x == null ? null : x + block, dx + block, lanes);
        for (; block < lanes; block += 16)
            One<TWide, TCounter>(columns, weights, dy + block, x == null ? null : x + block, dx + block, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four<TWide, TCounter>(
        in KeptColumns columns, float* weights, float* dy, float* x, float* dx, nint lanes)
        where TWide : unmanaged, IWide<TWide>
        where TCounter : struct, ICounter
    {
        int* order = columns.Order, starts = columns.Starts, rows = columns.Rows, places = columns.Places;
        int entry = 0;
        for (int place = 0; place < columns.Inputs; place++)
        {
            int end = starts[place + 1];
            TWide a = TWide.Zero, b = TWide.Zero, c = TWide.Zero, d = TWide.Zero;
            TCounter.MultiplyAdds((end - entry) * 64);
            for (; entry < end; entry++)
            {
                TWide weight = TWide.Broadcast(weights[places[entry]]);
                float* source = dy + rows[entry] * lanes;
                a = TWide.MultiplyAdd(weight, TWide.Load(source), a);
                b = TWide.MultiplyAdd(weight, TWide.Load(source + 16), b);
                c = TWide.MultiplyAdd(weight, TWide.Load(source + 32), c);
                d = TWide.MultiplyAdd(weight, TWide.Load(source + 48), d);
            }
            nint at = order[place] * lanes;
            TWide.Store(dx + at, Gate(x, at, a));
            TWide.Store(dx + at + 16, Gate(x, at + 16, b));
            TWide.Store(dx + at + 32, Gate(x, at + 32, c));
            TWide.Store(dx + at + 48, Gate(x, at + 48, d));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One<TWide, TCounter>(
        in KeptColumns columns, float* weights, float* dy, float* x, float* dx, nint lanes)
        where TWide : unmanaged, IWide<TWide>
        where TCounter : struct, ICounter
    {
        int entry = 0;
        for (int place = 0; place < columns.Inputs; place++)
        {
            int end = columns.Starts[place + 1];
            TWide sum = TWide.Zero;
            TCounter.MultiplyAdds((end - entry) * 16);
            for (; entry < end; entry++)
                sum = TWide.MultiplyAdd(
                    TWide.Broadcast(weights[columns.Places[entry]]), TWide.Load(dy + columns.Rows[entry] * lanes), sum);
            nint at = columns.Order[place] * lanes;
            TWide.Store(dx + at, Gate(x, at, sum));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide Gate<TWide>(float* x, nint at, TWide sum) where TWide : unmanaged, IWide<TWide> =>
        x == null ? sum : TWide.WhereGreater(TWide.Load(x + at), TWide.Zero, sum);
}
