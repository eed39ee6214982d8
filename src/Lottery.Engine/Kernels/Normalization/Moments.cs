using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lottery.Kernels.Normalization;

/// <summary>Mean and variance of one channel over the pixels of all images of a batch, without padding.</summary>
/// <remarks>
/// Order: in every lane a sum for each row (columns ascending, from +0), these added to one for each lane group (rows
/// ascending, from +0), in single precision; the group's valid lanes by the tree of <see cref="ValidLaneSum"/>; groups
/// ascending in double precision. So no single-precision sum has more than rows + columns + 4 steps. Twice over: first x,
/// then (x − mean)² by one fused multiply-add each, with the mean rounded to single precision.
/// </remarks>
internal unsafe ref struct BatchMoments : IKernel
{
    /// <summary>The batch's images.</summary>
    public required NormalizationShape Shape;

    /// <summary>The channel.</summary>
    public required int Channel;

    /// <summary><c>[lane groups]</c>: how many lanes of each hold an image, together at least 2 pixels.</summary>
    public required ReadOnlySpan<int> ValidLanes;

    /// <summary><c>[lane groups]</c>, each as the shape's input.</summary>
    public required ReadOnlySpan<float> X;

    /// <summary><c>[1]</c>.</summary>
    public required Span<Moments> Result;

    public readonly void Check()
    {
        IKernel.Require(Channel >= 0 && Channel < Shape.Input.Channels && NormalizationShape.AreCounts(ValidLanes) && Shape.Count(ValidLanes) > 1);
        IKernel.Require(X.Length >= ValidLanes.Length * Shape.Input.Length && Result.Length == 1);
    }

    public readonly void Reference()
    {
        int count = Shape.Count(ValidLanes);
        float mean = (float)(Sum(0, false) / count);
        Result[0] = new(mean, Sum(mean, true) / count, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        float* pattern = stackalloc float[ValidLaneSum.PatternLength];
        ValidLaneSum.Fill(pattern);
        ImageLayout layout = Shape.Input;
        int count = Shape.Count(ValidLanes), groups = ValidLanes.Length;
        double sum = 0, squares = 0;
        fixed (float* start = X)
        fixed (int* valid = ValidLanes)
        {
            float* x = start + layout.Offset(Channel, 0, 0);
            for (int group = 0; group < groups; group++)
                sum += ValidLaneSum.Sum(Total<TWide>(layout, x + (nint)group * layout.Length), pattern + 16 - valid[group]);
            float mean = (float)(sum / count);
            for (int group = 0; group < groups; group++)
                squares += ValidLaneSum.Sum(
                    Squares(layout, x + (nint)group * layout.Length, TWide.Broadcast(mean)), pattern + 16 - valid[group]);
            Result[0] = new(mean, squares / count, count);
        }
    }

    private readonly double Sum(float mean, bool square)
    {
        Span<float> lanes = stackalloc float[ImageLayout.Lanes];
        double sum = 0;
        for (int group = 0; group < ValidLanes.Length; group++)
        {
            for (int lane = 0; lane < ImageLayout.Lanes; lane++) lanes[lane] = OfLane(group * Shape.Input.Length + lane, mean, square);
            sum += ValidLaneSum.Sum(lanes, ValidLanes[group]);
        }
        return sum;
    }

    private readonly float OfLane(int first, float mean, bool square)
    {
        float sum = 0;
        for (int row = 0; row < Shape.Input.Rows; row++)
        {
            float line = 0;
            for (int column = 0; column < Shape.Input.Columns; column++)
            {
                float value = X[first + Shape.Input.Offset(Channel, row, column)], distance = value - mean;
                line = square ? MathF.FusedMultiplyAdd(distance, distance, line) : line + value;
            }
            sum += line;
        }
        return sum;
    }

    /// <summary>The sum of a channel's pixels in every lane, four rows at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide Total<TWide>(in ImageLayout layout, float* x) where TWide : unmanaged, IWide<TWide>
    {
        TWide sum = TWide.Zero;
        int length = layout.Columns * ImageLayout.Lanes, stride = layout.RowStride, row = layout.Rows;
        for (; row >= 4; row -= 4, x += 4 * stride)
        {
            TWide a = TWide.Zero, b = TWide.Zero, c = TWide.Zero, d = TWide.Zero;
            for (float* from = x, end = x + length; from < end; from += ImageLayout.Lanes)
            {
                a = TWide.Add(a, TWide.Load(from));
                b = TWide.Add(b, TWide.Load(from + stride));
                c = TWide.Add(c, TWide.Load(from + 2 * stride));
                d = TWide.Add(d, TWide.Load(from + 3 * stride));
            }
            sum = TWide.Add(TWide.Add(TWide.Add(TWide.Add(sum, a), b), c), d);
        }
        for (; row > 0; row--, x += stride)
        {
            TWide line = TWide.Zero;
            for (float* from = x, end = x + length; from < end; from += ImageLayout.Lanes) line = TWide.Add(line, TWide.Load(from));
            sum = TWide.Add(sum, line);
        }
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide AddSquare<TWide>(TWide distance, TWide sum) where TWide : unmanaged, IWide<TWide> =>
        TWide.MultiplyAdd(distance, distance, sum);

    /// <summary>As <see cref="Total"/>, four rows at once: each has a sum of its own, so that they need not wait for one another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide Squares<TWide>(in ImageLayout layout, float* x, TWide mean) where TWide : unmanaged, IWide<TWide>
    {
        TWide sum = TWide.Zero;
        int length = layout.Columns * ImageLayout.Lanes, stride = layout.RowStride, row = layout.Rows;
        for (; row >= 4; row -= 4, x += 4 * stride)
        {
            TWide a = TWide.Zero, b = TWide.Zero, c = TWide.Zero, d = TWide.Zero;
            for (float* from = x, end = x + length; from < end; from += ImageLayout.Lanes)
            {
                a = AddSquare(TWide.Subtract(TWide.Load(from), mean), a);
                b = AddSquare(TWide.Subtract(TWide.Load(from + stride), mean), b);
                c = AddSquare(TWide.Subtract(TWide.Load(from + 2 * stride), mean), c);
                d = AddSquare(TWide.Subtract(TWide.Load(from + 3 * stride), mean), d);
            }
            sum = TWide.Add(TWide.Add(TWide.Add(TWide.Add(sum, a), b), c), d);
        }
        for (; row > 0; row--, x += stride)
        {
            TWide line = TWide.Zero;
            for (float* from = x, end = x + length; from < end; from += ImageLayout.Lanes)
                line = AddSquare(TWide.Subtract(TWide.Load(from), mean), line);
            sum = TWide.Add(sum, line);
        }
        return sum;
    }
}

/// <summary>Σ dy and Σ dy × (x − mean) on one channel over the pixels of all images of a batch, without padding.</summary>
/// <remarks>Order: as in <see cref="BatchMoments"/>; the products by one fused multiply-add each.</remarks>
internal unsafe ref struct GradientMoments : IKernel
{
    /// <summary>The batch's images.</summary>
    public required NormalizationShape Shape;

    /// <summary>The channel.</summary>
    public required int Channel;

    /// <summary><c>[lane groups]</c>: how many lanes of each hold an image.</summary>
    public required ReadOnlySpan<int> ValidLanes;

    /// <summary><c>[lane groups]</c>, each as the shape's input.</summary>
    public required ReadOnlySpan<float> X;

    /// <summary><c>[lane groups]</c>, each as the shape's output.</summary>
    public required ReadOnlySpan<float> Dy;

    /// <summary>The batch's mean.</summary>
    public required float Mean;

    /// <summary><c>[2]</c>: Σ dy and Σ dy × (x − mean).</summary>
    public required Span<double> Sums;

    public readonly void Check()
    {
        IKernel.Require(Shape.Fits && Channel >= 0 && Channel < Shape.Input.Channels && NormalizationShape.AreCounts(ValidLanes));
        IKernel.Require(X.Length >= ValidLanes.Length * Shape.Input.Length && Dy.Length >= ValidLanes.Length * Shape.Output.Length);
        IKernel.Require(Sums.Length == 2);
    }

    public readonly void Reference()
    {
        Span<float> sums = stackalloc float[ImageLayout.Lanes], products = stackalloc float[ImageLayout.Lanes];
        Sums.Clear();
        for (int group = 0; group < ValidLanes.Length; group++)
        {
            for (int lane = 0; lane < ImageLayout.Lanes; lane++)
                (sums[lane], products[lane]) = OfLane(group * Shape.Input.Length + lane, group * Shape.Output.Length + lane);
            Sums[0] += ValidLaneSum.Sum(sums, ValidLanes[group]);
            Sums[1] += ValidLaneSum.Sum(products, ValidLanes[group]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        float* pattern = stackalloc float[ValidLaneSum.PatternLength];
        ValidLaneSum.Fill(pattern);
        NormalizationShape shape = Shape;
        TWide mean = TWide.Broadcast(Mean);
        int length = shape.Input.Columns * ImageLayout.Lanes, groups = ValidLanes.Length, channel = Channel;
        (double sum, double product) = (0, 0);
        fixed (float* firstX = X, firstDy = Dy)
        fixed (int* valid = ValidLanes)
        {
            float* x = firstX, dy = firstDy;
            for (int group = 0; group < groups; group++, x += shape.Input.Length, dy += shape.Output.Length)
            {
                TWide sums = TWide.Zero, products = TWide.Zero;
                float* value = x + shape.Input.Offset(channel, 0, 0), gradient = dy + shape.Output.Offset(channel, 0, 0);
                nint row = shape.Input.RowStride, gradientRow = shape.Output.RowStride;
                int left = shape.Input.Rows;
                for (; left >= 2; left -= 2, value += 2 * row, gradient += 2 * gradientRow)
                {
                    TWide line = TWide.Zero, lineProduct = TWide.Zero, next = TWide.Zero, nextProduct = TWide.Zero;
                    for (int i = 0; i < length; i += ImageLayout.Lanes)
                    {
                        AddPixel(gradient + i, value + i, mean, ref line, ref lineProduct);
                        AddPixel(gradient + gradientRow + i, value + row + i, mean, ref next, ref nextProduct);
                    }
                    (sums, products) = (TWide.Add(TWide.Add(sums, line), next), TWide.Add(TWide.Add(products, lineProduct), nextProduct));
                }
                if (left > 0)
                {
                    TWide line = TWide.Zero, lineProduct = TWide.Zero;
                    for (int i = 0; i < length; i += ImageLayout.Lanes) AddPixel(gradient + i, value + i, mean, ref line, ref lineProduct);
                    (sums, products) = (TWide.Add(sums, line), TWide.Add(products, lineProduct));
                }
                sum += ValidLaneSum.Sum(sums, pattern + 16 - valid[group]);
                product += ValidLaneSum.Sum(products, pattern + 16 - valid[group]);
            }
        }
        (Sums[0], Sums[1]) = (sum, product);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddPixel<TWide>(float* dy, float* x, TWide mean, ref TWide line, ref TWide product) where TWide : unmanaged, IWide<TWide>
    {
        TWide d = TWide.Load(dy);
        line = TWide.Add(line, d);
        product = TWide.MultiplyAdd(d, TWide.Subtract(TWide.Load(x), mean), product);
    }

    private readonly (float Sum, float Product) OfLane(int firstX, int firstDy)
    {
        (float sum, float product) = (0, 0);
        for (int row = 0; row < Shape.Input.Rows; row++)
        {
            (float line, float lineProduct) = (0, 0);
            for (int column = 0; column < Shape.Input.Columns; column++)
            {
                float d = Dy[firstDy + Shape.Output.Offset(Channel, row, column)];
                line += d;
                lineProduct = MathF.FusedMultiplyAdd(d, X[firstX + Shape.Input.Offset(Channel, row, column)] - Mean, lineProduct);
            }
            sum += line;
            product += lineProduct;
        }
        return (sum, product);
    }
}

/// <summary>Mean and variance of a channel over the pixels of all images of a batch.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Variance">Σ (x − mean)² ÷ count.</param>
/// <param name="Count">How many values there are, at least 2.</param>
internal readonly record struct Moments(float Mean, double Variance, int Count);

/// <summary>Sums over the lanes of a lane group that hold an image.</summary>
internal static unsafe class ValidLaneSum
{
    /// <summary>Values of the pattern of <see cref="Fill"/>.</summary>
    public const int PatternLength = 2 * ImageLayout.Lanes;

    /// <summary>Sixteen ones and sixteen zeros: sixteen of them from 16 − n on are 1 in the first n lanes.</summary>
    public static void Fill(float* pattern)
    {
        new Span<float>(pattern, ImageLayout.Lanes).Fill(1);
        new Span<float>(pattern + ImageLayout.Lanes, ImageLayout.Lanes).Clear();
    }

    /// <summary>Lane j + lane j+8, then + 4, + 2, + 1, where lanes from <paramref name="valid"/> on count as +0.</summary>
    public static float Sum(Span<float> lanes, int valid)
    {
        lanes[valid..].Clear();
        return Elementwise.LaneSum.Tree(lanes);
    }

    /// <summary>The same, with the pattern from 16 − valid on.</summary>
    public static float Sum<TWide>(TWide lanes, float* valid) where TWide : unmanaged, IWide<TWide> =>
        TWide.Sum(TWide.WhereGreater(TWide.Load(valid), TWide.Zero, lanes), TWide.Zero, TWide.Zero, TWide.Zero).ToScalar();
}
