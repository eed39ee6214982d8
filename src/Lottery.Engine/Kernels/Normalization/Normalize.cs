using System.Runtime.CompilerServices;

namespace Lottery.Kernels.Normalization;

/// <summary>y = (x − mean) × scale + shift on one channel of all lane groups; with a ReLU, +0 where that is not &gt; 0.</summary>
/// <remarks>
/// Value by value, in single precision: a subtraction and one fused multiply-add. Padding lanes are treated as the
/// others. y may be x where both have the same border.
/// </remarks>
internal unsafe ref struct NormalizeForward : IKernel
{
    /// <summary>The images before and after.</summary>
    public required NormalizationShape Shape;

    /// <summary>The channel.</summary>
    public required int Channel;

    /// <summary>The number of lane groups.</summary>
    public required int LaneGroups;

    /// <summary><c>[lane groups]</c>, each as the shape's input.</summary>
    public required ReadOnlySpan<float> X;

    /// <summary><c>[lane groups]</c>, each as the shape's output.</summary>
    public required Span<float> Y;

    /// <summary>The channel's constants.</summary>
    public required Constants Numbers;

    /// <summary>The constants of one channel.</summary>
    internal readonly record struct Constants(float Mean, float Scale, float Shift, bool Relu);

    public readonly void Check()
    {
        IKernel.Require(Shape.Fits && Channel >= 0 && Channel < Shape.Input.Channels);
        IKernel.Require(X.Length >= LaneGroups * Shape.Input.Length && Y.Length >= LaneGroups * Shape.Output.Length);
    }

    public readonly void Reference()
    {
        for (int group = 0; group < LaneGroups; group++)
            for (int row = 0; row < Shape.Input.Rows; row++)
                for (int i = 0; i < Shape.Input.Columns * ImageLayout.Lanes; i++)
                {
                    float x = X[group * Shape.Input.Length + Shape.Input.Offset(Channel, row, 0) + i];
                    float value = MathF.FusedMultiplyAdd(x - Numbers.Mean, Numbers.Scale, Numbers.Shift);
                    Y[group * Shape.Output.Length + Shape.Output.Offset(Channel, row, 0) + i] = !Numbers.Relu || value > 0 ? value : 0;
                }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        NormalizationShape shape = Shape;
        TWide mean = TWide.Broadcast(Numbers.Mean), scale = TWide.Broadcast(Numbers.Scale), shift = TWide.Broadcast(Numbers.Shift);
        bool relu = Numbers.Relu;
        int length = shape.Input.Columns * ImageLayout.Lanes, groups = LaneGroups, channel = Channel;
        fixed (float* firstX = X, firstY = Y)
        {
            float* x = firstX, y = firstY;
            for (int group = 0; group < groups; group++, x += shape.Input.Length, y += shape.Output.Length)
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
}

/// <summary>
/// dx = ((dy − offset) − (x − mean) × slope) × scale on one channel of all lane groups; 0 in padding lanes and, with a ReLU
/// mask, wherever x ≤ 0.
/// </summary>
/// <remarks>
/// Value by value, in single precision; the middle product and its subtraction are one fused multiply-add. dx may be dy
/// where both have the same border.
/// </remarks>
internal unsafe ref struct NormalizeBackward : IKernel
{
    /// <summary>The images before and after.</summary>
    public required NormalizationShape Shape;

    /// <summary>The channel.</summary>
    public required int Channel;

    /// <summary><c>[lane groups]</c>: how many lanes of each hold an image.</summary>
    public required ReadOnlySpan<int> ValidLanes;

    /// <summary><c>[lane groups]</c>, each as the shape's input.</summary>
    public required ReadOnlySpan<float> X;

    /// <summary><c>[lane groups]</c>, each as the shape's output.</summary>
    public required ReadOnlySpan<float> Dy;

    /// <summary><c>[lane groups]</c>, each as the shape's input.</summary>
    public required Span<float> Dx;

    /// <summary>The channel's constants.</summary>
    public required Constants Numbers;

    /// <summary>The constants of one channel; <c>ReluMask</c> where a ReLU computed x.</summary>
    internal readonly record struct Constants(float Mean, float Offset, float Slope, float Scale, bool ReluMask);

    public readonly void Check()
    {
        IKernel.Require(Shape.Fits && Channel >= 0 && Channel < Shape.Input.Channels && NormalizationShape.AreCounts(ValidLanes));
        IKernel.Require(X.Length >= ValidLanes.Length * Shape.Input.Length && Dy.Length >= ValidLanes.Length * Shape.Output.Length);
        IKernel.Require(Dx.Length >= ValidLanes.Length * Shape.Input.Length);
    }

    public readonly void Reference()
    {
        Constants c = Numbers;
        for (int group = 0; group < ValidLanes.Length; group++)
            for (int row = 0; row < Shape.Input.Rows; row++)
                for (int i = 0; i < Shape.Input.Columns * ImageLayout.Lanes; i++)
                {
                    int input = group * Shape.Input.Length + Shape.Input.Offset(Channel, row, 0) + i;
                    float value = X[input];
                    float gradient = Dy[group * Shape.Output.Length + Shape.Output.Offset(Channel, row, 0) + i] - c.Offset;
                    bool passes = i % ImageLayout.Lanes < ValidLanes[group] && (!c.ReluMask || value > 0);
                    Dx[input] = passes ? MathF.FusedMultiplyAdd(value - c.Mean, -c.Slope, gradient) * c.Scale : 0;
                }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        float* pattern = stackalloc float[ValidLaneSum.PatternLength];
        ValidLaneSum.Fill(pattern);
        NormalizationShape shape = Shape;
        TWide mean = TWide.Broadcast(Numbers.Mean), offset = TWide.Broadcast(Numbers.Offset);
        TWide slope = TWide.Broadcast(-Numbers.Slope), scale = TWide.Broadcast(Numbers.Scale);
        bool masked = Numbers.ReluMask;
        int length = shape.Input.Columns * ImageLayout.Lanes, groups = ValidLanes.Length, channel = Channel;
        fixed (float* firstX = X, firstDy = Dy, firstDx = Dx)
        fixed (int* valid = ValidLanes)
        {
            float* x = firstX, dy = firstDy, dx = firstDx;
            for (int group = 0; group < groups; group++, x += shape.Input.Length, dx += shape.Input.Length, dy += shape.Output.Length)
            {
                TWide lanes = TWide.Load(pattern + 16 - valid[group]);
                for (int row = 0; row < shape.Input.Rows; row++)
                {
                    int input = shape.Input.Offset(channel, row, 0);
                    float* from = dy + shape.Output.Offset(channel, row, 0), to = dx + input, values = x + input;
                    for (int i = 0; i < length; i += ImageLayout.Lanes)
                    {
                        TWide value = TWide.Load(values + i);
                        TWide gradient = TWide.MultiplyAdd(
                            TWide.Subtract(value, mean), slope, TWide.Subtract(TWide.Load(from + i), offset));
                        gradient = TWide.WhereGreater(lanes, TWide.Zero, TWide.Multiply(gradient, scale));
                        TWide.Store(to + i, masked ? TWide.WhereGreater(value, TWide.Zero, gradient) : gradient);
                    }
                }
            }
        }
    }
}
