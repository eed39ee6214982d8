namespace Lottery.Kernels;

/// <summary>
/// Winograd's F(2×2, 3×3), value by value: what <see cref="DenseWinograd"/> does with vectors. A plane is transformed
/// along its columns, then along its rows, by the same line.
/// </summary>
internal static class WinogradLines
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
