using System.Runtime.CompilerServices;

namespace Lottery.Kernels;

/// <summary>y = (x − mean) × scale + shift on one channel of all tiles; with a ReLU, +0 where that is not &gt; 0.</summary>
/// <remarks>
/// Value by value, in single precision: a subtraction and one fused multiply-add. Padding lanes are treated as the
/// others. y may be x where both have the same border. Shapes: x and y <c>[tiles, …]</c>.
/// </remarks>
internal static unsafe class Normalize
{
    /// <summary>The constants of one channel.</summary>
    public readonly record struct Constants(float Mean, float Scale, float Shift, bool Relu);

    public static void Reference(in NormalizationShape shape, int channel, int tiles, float* x, float* y, in Constants c)
    {
        for (int tile = 0; tile < tiles; tile++, x += shape.Input.Length, y += shape.Output.Length)
            for (int row = 0; row < shape.Input.Rows; row++)
                for (int i = 0; i < shape.Input.Columns * ImageLayout.Lanes; i++)
                {
                    float value = MathF.FusedMultiplyAdd(x[shape.Input.Offset(channel, row, 0) + i] - c.Mean, c.Scale, c.Shift);
                    y[shape.Output.Offset(channel, row, 0) + i] = !c.Relu || value > 0 ? value : 0;
                }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TWide>(in NormalizationShape shape, int channel, int tiles, float* x, float* y, in Constants c)
        where TWide : unmanaged, IWide<TWide>
    {
        TWide mean = TWide.Broadcast(c.Mean), scale = TWide.Broadcast(c.Scale), shift = TWide.Broadcast(c.Shift);
        bool relu = c.Relu;
        int length = shape.Input.Columns * ImageLayout.Lanes;
        for (int tile = 0; tile < tiles; tile++, x += shape.Input.Length, y += shape.Output.Length)
            for (int row = 0; row < shape.Input.Rows; row++)
            {
                float* from = x + shape.Input.Offset(channel, row, 0), to = y + shape.Output.Offset(channel, row, 0);
                for (int i = 0; i < length; i += ImageLayout.Lanes)
                {
                    TWide value = TWide.MultiplyAdd(TWide.Subtract(TWide.Load(from + i), mean), scale, shift);
                    TWide.Store(to + i, relu ? TWide.WhereGreater(value, TWide.Zero, value) : value);
                }
            }
    }
}
