using System.Runtime.CompilerServices;

namespace Lottery.Kernels;

/// <summary>Σ dy and Σ dy × (x − mean) on one channel over the pixels of all images of a batch, and of no padding.</summary>
/// <remarks>
/// Order: as in <see cref="BatchMoments"/>; the products by one fused multiply-add each. Shapes: x and dy
/// <c>[tiles, …]</c>, live <c>[tiles]</c>.
/// </remarks>
internal static unsafe class GradientMoments
{
    public static (double Sum, double Product) Reference(
        in NormalizationShape shape, int channel, int* live, int tiles, float* x, float* dy, float mean)
    {
        float* sums = stackalloc float[ImageLayout.Lanes], products = stackalloc float[ImageLayout.Lanes];
        (double sum, double product) = (0, 0);
        for (int tile = 0; tile < tiles; tile++, x += shape.Input.Length, dy += shape.Output.Length)
        {
            for (int lane = 0; lane < ImageLayout.Lanes; lane++)
                (sums[lane], products[lane]) = OfLane(shape, channel, x + lane, dy + lane, mean);
            sum += LiveLanes.Sum(sums, live[tile]);
            product += LiveLanes.Sum(products, live[tile]);
        }
        return (sum, product);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (double Sum, double Product) Fast<TWide>(
        in NormalizationShape shape, int channel, int* live, int tiles, float* x, float* dy, float mean)
        where TWide : unmanaged, IWide<TWide>
    {
        float* pattern = stackalloc float[LiveLanes.Length];
        LiveLanes.Fill(pattern);
        TWide center = TWide.Broadcast(mean);
        int length = shape.Input.Columns * ImageLayout.Lanes;
        (double sum, double product) = (0, 0);
        for (int tile = 0; tile < tiles; tile++, x += shape.Input.Length, dy += shape.Output.Length)
        {
            TWide sums = TWide.Zero, products = TWide.Zero;
            for (int row = 0; row < shape.Input.Rows; row++)
            {
                float* value = x + shape.Input.Offset(channel, row, 0), gradient = dy + shape.Output.Offset(channel, row, 0);
                TWide line = TWide.Zero, product16 = TWide.Zero;
                for (int i = 0; i < length; i += ImageLayout.Lanes)
                {
                    TWide d = TWide.Load(gradient + i);
                    line = TWide.Add(line, d);
                    product16 = TWide.MultiplyAdd(d, TWide.Subtract(TWide.Load(value + i), center), product16);
                }
                sums = TWide.Add(sums, line);
                products = TWide.Add(products, product16);
            }
            sum += LiveLanes.Sum(sums, pattern + 16 - live[tile]);
            product += LiveLanes.Sum(products, pattern + 16 - live[tile]);
        }
        return (sum, product);
    }

    private static (float Sum, float Product) OfLane(in NormalizationShape shape, int channel, float* x, float* dy, float mean)
    {
        (float sum, float product) = (0, 0);
        for (int row = 0; row < shape.Input.Rows; row++)
        {
            (float line, float lineProduct) = (0, 0);
            for (int column = 0; column < shape.Input.Columns; column++)
            {
                float d = dy[shape.Output.Offset(channel, row, column)];
                line += d;
                lineProduct = MathF.FusedMultiplyAdd(d, x[shape.Input.Offset(channel, row, column)] - mean, lineProduct);
            }
            sum += line;
            product += lineProduct;
        }
        return (sum, product);
    }
}
