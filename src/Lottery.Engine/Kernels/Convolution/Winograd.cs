using System.Runtime.CompilerServices;

namespace Lottery.Kernels.Convolution;

/// <summary>
/// Winograd's F(2×2, 3×3) with vectors: sixteen images, or sixteen channels, at once. Each transform is that of
/// <see cref="WinogradReference"/>, along columns and then along rows.
/// </summary>
internal static unsafe class Winograd
{
    /// <summary>4×4 pixels at <paramref name="d"/> to 16 points, <paramref name="stride"/> values apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input<TWide>(float* d, nint row, float* v, nint stride) where TWide : unmanaged, IWide<TWide>
    {
        InputColumn<TWide>(d, row, out TWide a0, out TWide b0, out TWide c0, out TWide d0);
        InputColumn<TWide>(d + 16, row, out TWide a1, out TWide b1, out TWide c1, out TWide d1);
        InputColumn<TWide>(d + 32, row, out TWide a2, out TWide b2, out TWide c2, out TWide d2);
        InputColumn<TWide>(d + 48, row, out TWide a3, out TWide b3, out TWide c3, out TWide d3);
        InputRow(a0, a1, a2, a3, v, stride);
        InputRow(b0, b1, b2, b3, v + 4 * stride, stride);
        InputRow(c0, c1, c2, c3, v + 8 * stride, stride);
        InputRow(d0, d1, d2, d3, v + 12 * stride, stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InputColumn<TWide>(float* d, nint row, out TWide t0, out TWide t1, out TWide t2, out TWide t3)
        where TWide : unmanaged, IWide<TWide>
    {
        TWide d0 = TWide.Load(d), d1 = TWide.Load(d + row), d2 = TWide.Load(d + 2 * row), d3 = TWide.Load(d + 3 * row);
        (t0, t1, t2, t3) = (TWide.Subtract(d0, d2), TWide.Add(d1, d2), TWide.Subtract(d2, d1), TWide.Subtract(d3, d1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InputRow<TWide>(TWide t0, TWide t1, TWide t2, TWide t3, float* v, nint stride)
        where TWide : unmanaged, IWide<TWide>
    {
        TWide.Store(v, TWide.Subtract(t0, t2));
        TWide.Store(v + stride, TWide.Add(t1, t2));
        TWide.Store(v + 2 * stride, TWide.Subtract(t2, t1));
        TWide.Store(v + 3 * stride, TWide.Subtract(t3, t1));
    }

    /// <summary>3×3 weights, <paramref name="weightStride"/> values apart, to 16 points.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Filter<TWide>(float* g, nint weightStride, float* u, nint stride) where TWide : unmanaged, IWide<TWide>
    {
        FilterLine(TWide.Load(g), TWide.Load(g + 3 * weightStride), TWide.Load(g + 6 * weightStride), out TWide a0, out TWide b0, out TWide c0, out TWide d0);
        FilterLine(TWide.Load(g + weightStride), TWide.Load(g + 4 * weightStride), TWide.Load(g + 7 * weightStride), out TWide a1, out TWide b1, out TWide c1, out TWide d1);
        FilterLine(TWide.Load(g + 2 * weightStride), TWide.Load(g + 5 * weightStride), TWide.Load(g + 8 * weightStride), out TWide a2, out TWide b2, out TWide c2, out TWide d2);
        FilterRow(a0, a1, a2, u, stride);
        FilterRow(b0, b1, b2, u + 4 * stride, stride);
        FilterRow(c0, c1, c2, u + 8 * stride, stride);
        FilterRow(d0, d1, d2, u + 12 * stride, stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FilterRow<TWide>(TWide g0, TWide g1, TWide g2, float* u, nint stride) where TWide : unmanaged, IWide<TWide>
    {
        FilterLine(g0, g1, g2, out TWide u0, out TWide u1, out TWide u2, out TWide u3);
        TWide.Store(u, u0);
        TWide.Store(u + stride, u1);
        TWide.Store(u + 2 * stride, u2);
        TWide.Store(u + 3 * stride, u3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FilterLine<TWide>(TWide g0, TWide g1, TWide g2, out TWide u0, out TWide u1, out TWide u2, out TWide u3)
        where TWide : unmanaged, IWide<TWide>
    {
        TWide half = TWide.Broadcast(0.5f), ends = TWide.Add(g0, g2);
        u0 = g0;
        u1 = TWide.Multiply(half, TWide.Add(ends, g1));
        u2 = TWide.Multiply(half, TWide.Subtract(ends, g1));
        u3 = g2;
    }

    /// <summary>16 points to 2×2 outputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output<TWide>(float* m, nint stride, out TWide y00, out TWide y01, out TWide y10, out TWide y11)
        where TWide : unmanaged, IWide<TWide>
    {
        OutputColumn<TWide>(m, stride, out TWide a0, out TWide b0);
        OutputColumn<TWide>(m + stride, stride, out TWide a1, out TWide b1);
        OutputColumn<TWide>(m + 2 * stride, stride, out TWide a2, out TWide b2);
        OutputColumn<TWide>(m + 3 * stride, stride, out TWide a3, out TWide b3);
        (y00, y01) = (TWide.Add(TWide.Add(a0, a1), a2), TWide.Add(TWide.Subtract(a1, a2), a3));
        (y10, y11) = (TWide.Add(TWide.Add(b0, b1), b2), TWide.Add(TWide.Subtract(b1, b2), b3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputColumn<TWide>(float* m, nint stride, out TWide z0, out TWide z1) where TWide : unmanaged, IWide<TWide>
    {
        TWide m0 = TWide.Load(m), m1 = TWide.Load(m + 4 * stride), m2 = TWide.Load(m + 8 * stride), m3 = TWide.Load(m + 12 * stride);
        (z0, z1) = (TWide.Add(TWide.Add(m0, m1), m2), TWide.Add(TWide.Subtract(m1, m2), m3));
    }

    /// <summary>2×2 gradients of outputs, <paramref name="pixel"/> values apart, to 16 points.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OutputGradient<TWide>(float* dy, nint pixel, float* m, nint stride) where TWide : unmanaged, IWide<TWide>
    {
        TWide e00 = TWide.Load(dy), e01 = TWide.Load(dy + pixel), e10 = TWide.Load(dy + 2 * pixel), e11 = TWide.Load(dy + 3 * pixel);
        OutputGradientRow(e00, e01, m, stride);
        OutputGradientRow(TWide.Add(e00, e10), TWide.Add(e01, e11), m + 4 * stride, stride);
        OutputGradientRow(TWide.Subtract(e00, e10), TWide.Subtract(e01, e11), m + 8 * stride, stride);
        OutputGradientRow(e10, e11, m + 12 * stride, stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputGradientRow<TWide>(TWide e0, TWide e1, float* m, nint stride) where TWide : unmanaged, IWide<TWide>
    {
        TWide.Store(m, e0);
        TWide.Store(m + stride, TWide.Add(e0, e1));
        TWide.Store(m + 2 * stride, TWide.Subtract(e0, e1));
        TWide.Store(m + 3 * stride, e1);
    }

    /// <summary>16 points to the gradients of 3×3 weights, <paramref name="weightStride"/> values apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FilterGradient<TWide>(float* u, nint stride, float* g, nint weightStride) where TWide : unmanaged, IWide<TWide>
    {
        FilterGradientColumn<TWide>(u, stride, out TWide a0, out TWide b0, out TWide c0);
        FilterGradientColumn<TWide>(u + stride, stride, out TWide a1, out TWide b1, out TWide c1);
        FilterGradientColumn<TWide>(u + 2 * stride, stride, out TWide a2, out TWide b2, out TWide c2);
        FilterGradientColumn<TWide>(u + 3 * stride, stride, out TWide a3, out TWide b3, out TWide c3);
        FilterGradientRow(a0, a1, a2, a3, g, weightStride);
        FilterGradientRow(b0, b1, b2, b3, g + 3 * weightStride, weightStride);
        FilterGradientRow(c0, c1, c2, c3, g + 6 * weightStride, weightStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FilterGradientColumn<TWide>(float* u, nint stride, out TWide g0, out TWide g1, out TWide g2)
        where TWide : unmanaged, IWide<TWide> =>
        FilterGradientLine(
            TWide.Load(u), TWide.Load(u + 4 * stride), TWide.Load(u + 8 * stride), TWide.Load(u + 12 * stride), out g0, out g1, out g2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FilterGradientRow<TWide>(TWide u0, TWide u1, TWide u2, TWide u3, float* g, nint weightStride)
        where TWide : unmanaged, IWide<TWide>
    {
        FilterGradientLine(u0, u1, u2, u3, out TWide g0, out TWide g1, out TWide g2);
        TWide.Store(g, g0);
        TWide.Store(g + weightStride, g1);
        TWide.Store(g + 2 * weightStride, g2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FilterGradientLine<TWide>(
        TWide u0, TWide u1, TWide u2, TWide u3, out TWide g0, out TWide g1, out TWide g2) where TWide : unmanaged, IWide<TWide>
    {
        TWide half = TWide.Broadcast(0.5f), middle = TWide.Multiply(half, TWide.Add(u1, u2));
        g0 = TWide.Add(u0, middle);
        g1 = TWide.Multiply(half, TWide.Subtract(u1, u2));
        g2 = TWide.Add(middle, u3);
    }
}

/// <summary>
/// Winograd's F(2×2, 3×3), value by value: what <see cref="Winograd"/> does with vectors. A plane is transformed
/// along its columns, then along its rows, by the same line.
/// </summary>
internal static class WinogradReference
{
    public delegate void Line(ReadOnlySpan<float> from, Span<float> to);

    /// <summary>4×4 inputs to 16 points.</summary>
    public static void Input(ReadOnlySpan<float> d, Span<float> v) => Plane(4, 4, d, v, static (from, to) =>
        (to[0], to[1], to[2], to[3]) = (from[0] - from[2], from[1] + from[2], from[2] - from[1], from[3] - from[1]));

    /// <summary>3×3 weights to 16 points.</summary>
    public static void Filter(ReadOnlySpan<float> g, Span<float> u) => Plane(3, 4, g, u, static (from, to) =>
    {
        float ends = from[0] + from[2];
        (to[0], to[1], to[2], to[3]) = (from[0], 0.5f * (ends + from[1]), 0.5f * (ends - from[1]), from[2]);
    });

    /// <summary>16 points to 2×2 outputs.</summary>
    public static void Output(ReadOnlySpan<float> m, Span<float> y) => Plane(4, 2, m, y, static (from, to) =>
        (to[0], to[1]) = (from[0] + from[1] + from[2], from[1] - from[2] + from[3]));

    /// <summary>2×2 gradients of outputs to 16 points.</summary>
    public static void OutputGradient(ReadOnlySpan<float> dy, Span<float> m) => Plane(2, 4, dy, m, static (from, to) =>
        (to[0], to[1], to[2], to[3]) = (from[0], from[0] + from[1], from[0] - from[1], from[1]));

    /// <summary>16 points to the gradients of 3×3 weights.</summary>
    public static void FilterGradient(ReadOnlySpan<float> u, Span<float> g) => Plane(4, 3, u, g, static (from, to) =>
    {
        float middle = 0.5f * (from[1] + from[2]);
        (to[0], to[1], to[2]) = (from[0] + middle, 0.5f * (from[1] - from[2]), middle + from[3]);
    });

    private static void Plane(int from, int to, ReadOnlySpan<float> source, Span<float> target, Line line)
    {
        Span<float> between = stackalloc float[16], column = stackalloc float[4], result = stackalloc float[4];
        for (int c = 0; c < from; c++)
        {
            for (int r = 0; r < from; r++) column[r] = source[r * from + c];
            line(column, result);
            for (int r = 0; r < to; r++) between[r * from + c] = result[r];
        }
        for (int r = 0; r < to; r++) line(between.Slice(r * from, from), target.Slice(r * to, to));
    }
}
