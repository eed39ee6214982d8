using System.Runtime.CompilerServices;

namespace Lottery.Kernels;

/// <summary>
/// y[targets[channel]] = every stride-th pixel of x[channel], other channels of y 0: the shortcut without weights of
/// residual networks (He et al. 2016, option A), and a signal's channels put among those of another.
/// </summary>
/// <remarks>
/// Nothing is computed. Shapes: x and y as the shape's input and output; targets <c>[input channels]</c>, ascending, −1
/// where a channel goes nowhere.
/// </remarks>
internal static unsafe class Shortcut
{
    public static void Reference(in ShortcutShape shape, int* targets, float* x, float* y)
    {
        Interior.Clear(shape.Output, y);
        for (int channel = 0; channel < shape.Input.Channels; channel++)
            for (int row = 0; row < shape.Output.Rows && targets[channel] >= 0; row++)
                for (int column = 0; column < shape.Output.Columns; column++)
                    for (int lane = 0; lane < ImageLayout.Lanes; lane++)
                        y[shape.Output.Offset(targets[channel], row, column) + lane] =
                            x[shape.Input.Offset(channel, row * shape.Stride, column * shape.Stride) + lane];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TWide>(in ShortcutShape shape, int* targets, float* x, float* y) where TWide : unmanaged, IWide<TWide>
    {
        int written = 0, step = shape.Stride * ImageLayout.Lanes, columns = shape.Output.Columns;
        for (int channel = 0; channel < shape.Input.Channels; channel++)
        {
            int target = targets[channel];
            if (target < 0) continue;
            while (written < target) Interior.Clear(shape.Output, written++, y);
            written = target + 1;
            for (int row = 0; row < shape.Output.Rows; row++)
            {
                float* from = x + shape.Input.Offset(channel, row * shape.Stride, 0), to = y + shape.Output.Offset(target, row, 0);
                for (int column = 0; column < columns; column++, from += step, to += ImageLayout.Lanes)
                    TWide.Store(to, TWide.Load(from));
            }
        }
        while (written < shape.Output.Channels) Interior.Clear(shape.Output, written++, y);
    }
}
