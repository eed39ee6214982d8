using System.Runtime.CompilerServices;

namespace Lottery.Kernels.Elementwise;

/// <summary>
/// y[targets[channel]] = every stride-th pixel of x[channel], other channels of y 0: the parameter-free shortcut of residual
/// networks (He et al. 2016, option A), which also copies a tensor's channels among those of another.
/// </summary>
/// <remarks>Nothing is computed.</remarks>
internal unsafe ref struct ShortcutForward : IKernel
{
    /// <summary>The two images.</summary>
    public required ShortcutShape Shape;

    /// <summary><c>[input channels]</c>: the output channel of each, ascending; −1 where it has none.</summary>
    public required ReadOnlySpan<int> Targets;

    /// <summary>As the shape's input.</summary>
    public required ReadOnlySpan<float> X;

    /// <summary>As the shape's output.</summary>
    public required Span<float> Y;

    public readonly void Check() => IKernel.Require(
        Shape.Fits && Shape.Takes(Targets) && X.Length >= Shape.Input.Length && Y.Length >= Shape.Output.Length);

    public readonly void Reference()
    {
        Shape.Output.ClearPixels(Y);
        for (int channel = 0; channel < Shape.Input.Channels; channel++)
            for (int row = 0; row < Shape.Output.Rows && Targets[channel] >= 0; row++)
                for (int column = 0; column < Shape.Output.Columns; column++)
                    X.Slice(Shape.Input.Offset(channel, row * Shape.Stride, column * Shape.Stride), ImageLayout.Lanes)
                        .CopyTo(Y[Shape.Output.Offset(Targets[channel], row, column)..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        ShortcutShape shape = Shape;
        int written = 0, step = shape.Stride * ImageLayout.Lanes, columns = shape.Output.Columns;
        fixed (float* x = X, y = Y)
            for (int channel = 0; channel < shape.Input.Channels; channel++)
            {
                int target = Targets[channel];
                if (target < 0) continue;
                while (written < target) shape.Output.ClearPixels(written++, Y);
                written = target + 1;
                for (int row = 0; row < shape.Output.Rows; row++)
                {
                    float* from = x + shape.Input.Offset(channel, row * shape.Stride, 0), to = y + shape.Output.Offset(target, row, 0);
                    for (int column = 0; column < columns; column++, from += step, to += ImageLayout.Lanes)
                        TWide.Store(to, TWide.Load(from));
                }
            }
        while (written < shape.Output.Channels) shape.Output.ClearPixels(written++, Y);
    }
}

/// <summary>dx[channel] = dy[targets[channel]] at every stride-th pixel, 0 elsewhere and wherever the ReLU mask is ≤ 0.</summary>
/// <remarks>Nothing is computed.</remarks>
internal unsafe ref struct ShortcutBackward : IKernel
{
    /// <summary>The two images.</summary>
    public required ShortcutShape Shape;

    /// <summary><c>[input channels]</c>, as in <see cref="ShortcutForward"/>.</summary>
    public required ReadOnlySpan<int> Targets;

    /// <summary>As the shape's output.</summary>
    public required ReadOnlySpan<float> Dy;

    /// <summary>As the shape's input, where a ReLU computed it; or empty.</summary>
    public required ReadOnlySpan<float> ReluMask;

    /// <summary>As the shape's input.</summary>
    public required Span<float> Dx;

    public readonly void Check()
    {
        IKernel.Require(Shape.Fits && Shape.Takes(Targets) && Dy.Length >= Shape.Output.Length && Dx.Length >= Shape.Input.Length);
        IKernel.Require(ReluMask.IsEmpty || ReluMask.Length >= Shape.Input.Length);
    }

    public readonly void Reference()
    {
        Shape.Input.ClearPixels(Dx);
        for (int channel = 0; channel < Shape.Input.Channels; channel++)
            for (int row = 0; row < Shape.Output.Rows && Targets[channel] >= 0; row++)
                for (int column = 0; column < Shape.Output.Columns; column++)
                    for (int lane = 0; lane < ImageLayout.Lanes; lane++)
                    {
                        int i = Shape.Input.Offset(channel, row * Shape.Stride, column * Shape.Stride) + lane;
                        float gradient = Dy[Shape.Output.Offset(Targets[channel], row, column) + lane];
                        Dx[i] = ReluMask.IsEmpty || ReluMask[i] > 0 ? gradient : 0;
                    }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        ShortcutShape shape = Shape;
        int step = shape.Stride * ImageLayout.Lanes, columns = shape.Output.Columns;
        fixed (float* dy = Dy, mask = ReluMask, dx = Dx)
            for (int channel = 0; channel < shape.Input.Channels; channel++)
            {
                int target = Targets[channel];
                if (target < 0 || shape.Stride > 1) shape.Input.ClearPixels(channel, Dx);
                for (int row = 0; row < shape.Output.Rows && target >= 0; row++)
                {
                    float* from = dy + shape.Output.Offset(target, row, 0);
                    int i = shape.Input.Offset(channel, row * shape.Stride, 0);
                    for (int column = 0; column < columns; column++, from += ImageLayout.Lanes, i += step)
                    {
                        TWide gradient = TWide.Load(from);
                        TWide.Store(dx + i, mask is null ? gradient : TWide.WhereGreater(TWide.Load(mask + i), TWide.Zero, gradient));
                    }
                }
            }
    }
}

/// <summary>An image copied into another: every <paramref name="Stride"/>-th pixel, its channels among others.</summary>
/// <param name="Input">The image that is copied.</param>
/// <param name="Output">What it becomes: ⌈rows ÷ stride⌉ × ⌈columns ÷ stride⌉ pixels.</param>
/// <param name="Stride">Pixels of the input to a pixel of the output; the first is taken.</param>
internal readonly record struct ShortcutShape(ImageLayout Input, ImageLayout Output, int Stride)
{
    /// <summary>Whether the two images belong to this stride.</summary>
    public bool Fits => Stride > 0 && Output.Rows == (Input.Rows - 1) / Stride + 1 && Output.Columns == (Input.Columns - 1) / Stride + 1;

    /// <summary>Whether every input channel has an output channel of its own, or −1 for none.</summary>
    public bool Takes(ReadOnlySpan<int> targets)
    {
        int last = -1;
        foreach (int target in targets)
        {
            if (target == -1) continue;
            if (target <= last || target >= Output.Channels) return false;
            last = target;
        }
        return targets.Length == Input.Channels;
    }
}
