using System.Runtime.CompilerServices;

namespace Lottery.Kernels;

/// <summary>
/// Winograd's F(2×2, 3×3) with vectors: sixteen images, or sixteen channels, at once. Each transform is that of
/// <see cref="WinogradLines"/>, along columns and then along rows.
/// </summary>
internal static unsafe class DenseWinograd
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

    /// <summary>3×3 weights, <paramref name="tap"/> values apart, to 16 points.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Filter<TWide>(float* g, nint tap, float* u, nint stride) where TWide : unmanaged, IWide<TWide>
    {
        FilterLine(TWide.Load(g), TWide.Load(g + 3 * tap), TWide.Load(g + 6 * tap), out TWide a0, out TWide b0, out TWide c0, out TWide d0);
        FilterLine(TWide.Load(g + tap), TWide.Load(g + 4 * tap), TWide.Load(g + 7 * tap), out TWide a1, out TWide b1, out TWide c1, out TWide d1);
        FilterLine(TWide.Load(g + 2 * tap), TWide.Load(g + 5 * tap), TWide.Load(g + 8 * tap), out TWide a2, out TWide b2, out TWide c2, out TWide d2);
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

    /// <summary>16 points to the gradients of 3×3 weights, <paramref name="tap"/> values apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FilterGradient<TWide>(float* u, nint stride, float* g, nint tap) where TWide : unmanaged, IWide<TWide>
    {
        FilterGradientColumn<TWide>(u, stride, out TWide a0, out TWide b0, out TWide c0);
        FilterGradientColumn<TWide>(u + stride, stride, out TWide a1, out TWide b1, out TWide c1);
        FilterGradientColumn<TWide>(u + 2 * stride, stride, out TWide a2, out TWide b2, out TWide c2);
        FilterGradientColumn<TWide>(u + 3 * stride, stride, out TWide a3, out TWide b3, out TWide c3);
        FilterGradientRow(a0, a1, a2, a3, g, tap);
        FilterGradientRow(b0, b1, b2, b3, g + 3 * tap, tap);
        FilterGradientRow(c0, c1, c2, c3, g + 6 * tap, tap);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FilterGradientColumn<TWide>(float* u, nint stride, out TWide g0, out TWide g1, out TWide g2)
        where TWide : unmanaged, IWide<TWide> =>
        FilterGradientLine(
            TWide.Load(u), TWide.Load(u + 4 * stride), TWide.Load(u + 8 * stride), TWide.Load(u + 12 * stride), out g0, out g1, out g2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FilterGradientRow<TWide>(TWide u0, TWide u1, TWide u2, TWide u3, float* g, nint tap)
        where TWide : unmanaged, IWide<TWide>
    {
        FilterGradientLine(u0, u1, u2, u3, out TWide g0, out TWide g1, out TWide g2);
        TWide.Store(g, g0);
        TWide.Store(g + tap, g1);
        TWide.Store(g + 2 * tap, g2);
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
