using System.Runtime.CompilerServices;

namespace Lottery.Kernels;

/// <summary>
/// dx[channel] = dy[targets[channel]] at every stride-th pixel, 0 elsewhere; with a gate, 0 wherever it is ≤ 0.
/// </summary>
/// <remarks>
/// Nothing is computed. Shapes: dy as the shape's output, gate (or null) and dx as its input; targets as in
/// <see cref="Shortcut"/>.
/// </remarks>
internal static unsafe class ShortcutGradient
{
    public static void Reference(in ShortcutShape shape, int* targets, float* dy, float* gate, float* dx)
    {
        Interior.Clear(shape.Input, dx);
        for (int channel = 0; channel < shape.Input.Channels; channel++)
            for (int row = 0; row < shape.Output.Rows && targets[channel] >= 0; row++)
                for (int column = 0; column < shape.Output.Columns; column++)
                    for (int lane = 0; lane < ImageLayout.Lanes; lane++)
                    {
                        int place = shape.Input.Offset(channel, row * shape.Stride, column * shape.Stride) + lane;
                        float gradient = dy[shape.Output.Offset(targets[channel], row, column) + lane];
                        dx[place] = gate is null || gate[place] > 0 ? gradient : 0;
                    }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TWide>(in ShortcutShape shape, int* targets, float* dy, float* gate, float* dx)
        where TWide : unmanaged, IWide<TWide>
    {
        int step = shape.Stride * ImageLayout.Lanes, columns = shape.Output.Columns;
        for (int channel = 0; channel < shape.Input.Channels; channel++)
        {
            int target = targets[channel];
            if (target < 0 || shape.Stride > 1) Interior.Clear(shape.Input, channel, dx);
            for (int row = 0; row < shape.Output.Rows && target >= 0; row++)
            {
                float* from = dy + shape.Output.Offset(target, row, 0);
                int place = shape.Input.Offset(channel, row * shape.Stride, 0);
                for (int column = 0; column < columns; column++, from += ImageLayout.Lanes, place += step)
                {
                    TWide gradient = TWide.Load(from);
                    TWide.Store(dx + place, gate is null ? gradient : TWide.WhereGreater(TWide.Load(gate + place), TWide.Zero, gradient));
                }
            }
        }
    }
}
