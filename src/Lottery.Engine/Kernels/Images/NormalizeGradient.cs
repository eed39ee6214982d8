using System.Runtime.CompilerServices;

namespace Lottery.Kernels;

/// <summary>
/// dx = ((dy − offset) − (x − mean) × slope) × scale on one channel of all tiles; 0 in padding lanes and, gated, wherever
/// x ≤ 0.
/// </summary>
/// <remarks>
/// Value by value, in single precision; the middle product and its subtraction are one fused multiply-add. dx may be dy
/// where both have the same border. Shapes: x, dy and dx <c>[tiles, …]</c>, live <c>[tiles]</c>.
/// </remarks>
internal static unsafe class NormalizeGradient
{
    /// <summary>The constants of one channel.</summary>
    public readonly record struct Constants(float Mean, float Offset, float Slope, float Scale, bool Gated);

    public static void Reference(
        in NormalizationShape shape, int channel, int* live, int tiles, float* x, float* dy, float* dx, in Constants c)
    {
        for (int tile = 0; tile < tiles; tile++, x += shape.Input.Length, dx += shape.Input.Length, dy += shape.Output.Length)
            for (int row = 0; row < shape.Input.Rows; row++)
                for (int i = 0; i < shape.Input.Columns * ImageLayout.Lanes; i++)
                {
                    float value = x[shape.Input.Offset(channel, row, 0) + i];
                    float gradient = dy[shape.Output.Offset(channel, row, 0) + i] - c.Offset;
                    bool open = i % ImageLayout.Lanes < live[tile] && (!c.Gated || value > 0);
                    dx[shape.Input.Offset(channel, row, 0) + i] =
                        open ? MathF.FusedMultiplyAdd(value - c.Mean, -c.Slope, gradient) * c.Scale : 0;
                }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TWide>(
        in NormalizationShape shape, int channel, int* live, int tiles, float* x, float* dy, float* dx, in Constants c)
        where TWide : unmanaged, IWide<TWide>
    {
        float* pattern = stackalloc float[LiveLanes.Length];
        LiveLanes.Fill(pattern);
        TWide mean = TWide.Broadcast(c.Mean), offset = TWide.Broadcast(c.Offset);
        TWide slope = TWide.Broadcast(-c.Slope), scale = TWide.Broadcast(c.Scale);
        bool gated = c.Gated;
        int length = shape.Input.Columns * ImageLayout.Lanes;
        for (int tile = 0; tile < tiles; tile++, x += shape.Input.Length, dx += shape.Input.Length, dy += shape.Output.Length)
        {
            TWide lanes = TWide.Load(pattern + 16 - live[tile]);
            for (int row = 0; row < shape.Input.Rows; row++)
            {
                int place = shape.Input.Offset(channel, row, 0);
                float* from = dy + shape.Output.Offset(channel, row, 0), to = dx + place, values = x + place;
                for (int i = 0; i < length; i += ImageLayout.Lanes)
                {
                    TWide value = TWide.Load(values + i);
                    TWide gradient = TWide.MultiplyAdd(
                        TWide.Subtract(value, mean), slope, TWide.Subtract(TWide.Load(from + i), offset));
                    gradient = TWide.WhereGreater(lanes, TWide.Zero, TWide.Multiply(gradient, scale));
                    TWide.Store(to + i, gated ? TWide.WhereGreater(value, TWide.Zero, gradient) : gradient);
                }
            }
        }
    }
}
