using Lottery.Kernels;
using Lottery.Kernels.Convolution;

namespace Lottery.UnitTests.Kernels;

/// <summary>A case whose plain arithmetic is sums over the products of a convolution.</summary>
internal abstract record ConvolutionCase(ConvolutionShape Shape, int Seed) : KernelCase(Seed)
{
    /// <summary>Winograd's transforms add at most so many products of a tile's values for one of the convolution.</summary>
    private const double Spread = 36;

    protected float[] Work { get; } = new float[DenseConvolution.WorkspaceLength(Shape)];

    protected float[] Packed(float[] weights, bool transposed)
    {
        var packed = new float[DenseConvolution.PackedLength(Shape, transposed)];
        Reference.Run(new ConvolutionPacking { Shape = Shape, Weights = weights, Packed = packed, Transposed = transposed });
        return packed;
    }

    /// <summary>Sums and what they may be off, where a sum's rounding may be that of the transforms' larger terms.</summary>
    protected IReadOnlyList<(double Value, double Slack)> Allow((double Value, double Slack)[] sums, float[] a, float[] b)
    {
        if (!DenseConvolution.UsesWinograd(Shape)) return sums;
        double more = Spread * 6e-8 * Largest(a) * Largest(b) * Terms;
        return [.. sums.Select(sum => (sum.Value, sum.Slack + more))];
    }

    /// <summary>Roundings of one sum, at most, times the products in it.</summary>
    protected abstract double Terms { get; }

    private static double Largest(float[] values) => values.AsSpan(0, values.Length - CaseData.Guard).ToArray().Max(Math.Abs);
}

internal sealed record ConvolutionPackingCase(ConvolutionShape Shape, bool Transposed, int Seed) : ConvolutionCase(Shape, Seed)
{
    protected override double Terms => 9;

    public override byte[] Run(KernelSet set)
    {
        float[] packed = CaseData.Target(DenseConvolution.PackedLength(Shape, Transposed));
        set.Run(new ConvolutionPacking { Shape = Shape, Weights = new CaseData(Seed).Weights(Shape), Packed = packed, Transposed = Transposed });
        return Bytes(packed);
    }

    /// <summary>Nothing but where a weight lies is its own; the products check the values.</summary>
    public override string? PlainDifference() => null;
}

internal sealed record ConvolutionForwardCase(ConvolutionShape Shape, bool Bias, bool Relu, int Seed) : ConvolutionCase(Shape, Seed)
{
    protected override double Terms => 9 * Shape.Inputs * (Shape.Inputs + 12);

    public override byte[] Run(KernelSet set)
    {
        (float[] weights, float[] bias, float[] x, float[] y) = Data();
        set.Run(new ConvolutionForward
        {
            Shape = Shape, Packed = Packed(weights, false), Bias = Bias ? bias.AsSpan(0, Shape.Outputs) : default, X = x, Y = y,
            Workspace = Work, Relu = Relu,
        });
        return Bytes(y);
    }

    public override string? PlainDifference()
    {
        (float[] weights, float[] bias, float[] x, float[] y) = Data();
        var sums = new PlainSums(y.Length);
        for (int i = 0; i < y.Length; i++)
            if (!IsPixel(i)) sums.Add(i, y[i], 1);
            else if (Bias) sums.Add(i, bias[i / Shape.OutputChannel], 1);
        foreach ((int from, int to, int weight) in ConvolutionData.Products(Shape))
            for (int lane = 0; lane < 16; lane++) sums.Add(to + lane, x[from + lane], weights[weight]);
        return Compare(Allow(sums.Through(i => !Relu || !IsPixel(i) || sums[i] > 0), x, weights));
    }

    private bool IsPixel(int index)
    {
        int row = index % Shape.OutputChannel / Shape.OutputRow - Shape.OutputBorder;
        int column = index % Shape.OutputRow / 16 - Shape.OutputBorder;
        return index < Shape.OutputLength && row >= 0 && row < Shape.OutputRows && column >= 0 && column < Shape.OutputColumns;
    }

    private (float[] Weights, float[] Bias, float[] X, float[] Y) Data()
    {
        var data = new CaseData(Seed);
        return (data.Weights(Shape), data.Values(Shape.Outputs), data.Inputs(Shape), CaseData.Target(Shape.OutputLength));
    }
}

internal sealed record ConvolutionInputGradientCase(ConvolutionShape Shape, bool Mask, int Seed) : ConvolutionCase(Shape, Seed)
{
    protected override double Terms => 9 * Shape.Outputs * (Shape.Outputs + 12);

    public override byte[] Run(KernelSet set)
    {
        (float[] weights, float[] dy, float[] mask, float[] dx) = Data();
        set.Run(new ConvolutionInputGradient
        {
            Shape = Shape, Packed = Packed(weights, true), Dy = dy, ReluMask = Mask ? mask.AsSpan(0, Shape.InputLength) : default, Dx = dx,
            Workspace = Work,
        });
        return Bytes(dx);
    }

    public override string? PlainDifference()
    {
        (float[] weights, float[] dy, float[] mask, float[] dx) = Data();
        var sums = new PlainSums(dx.Length);
        for (int i = Shape.InputLength; i < dx.Length; i++) sums.Add(i, dx[i], 1);
        foreach ((int to, int from, int weight) in ConvolutionData.Products(Shape))
            for (int lane = 0; lane < 16; lane++) sums.Add(to + lane, dy[from + lane], weights[weight]);
        return Compare(Allow(sums.Through(i => !Mask || i >= Shape.InputLength || mask[i] > 0), dy, weights));
    }

    private (float[] Weights, float[] Dy, float[] Mask, float[] Dx) Data()
    {
        var data = new CaseData(Seed);
        (float[] weights, float[] dy, float[] mask) = (data.Weights(Shape), data.Outputs(Shape), data.Inputs(Shape));
        float[] dx = data.Inputs(Shape);
        Array.Clear(dx, 0, Shape.InputLength);
        return (weights, dy, mask, dx);
    }
}

/// <summary>Sixteens of outputs from one index on, as far as there are any.</summary>
internal sealed record ConvolutionWeightGradientCase(ConvolutionShape Shape, int Tiles, int From, int Count, int Seed)
    : ConvolutionCase(Shape, Seed)
{
    private int Start => Math.Min(16 * From, Shape.PaddedOutputs - 16);

    private int End => Math.Min(Start + 16 * Count, Shape.PaddedOutputs);

    protected override double Terms => 4.0 * Tiles * Shape.OutputPixels * 16 * (64 + Tiles * Shape.OutputPixels / 4);

    public override byte[] Run(KernelSet set)
    {
        (float[] x, float[] dy, float[] gradient) = Data();
        var work = new float[DenseConvolution.GradientWorkspaceLength(Shape, End - Start)];
        set.Run(new ConvolutionWeightGradient
        {
            Shape = Shape, X = x, Dy = dy, LaneGroups = Tiles, Outputs = Start..End, Gradient = gradient, Workspace = work,
        });
        return Bytes(gradient);
    }

    public override string? PlainDifference()
    {
        (float[] x, float[] dy, float[] gradient) = Data();
        var sums = new PlainSums(gradient.Length);
        for (int i = 0; i < gradient.Length; i++)
            if (i >= Shape.DenseWeights || !InRange(i)) sums.Add(i, gradient[i], 1);
        foreach ((int from, int to, int weight) in ConvolutionData.Products(Shape))
            for (int i = 0; i < 16 * Tiles && InRange(weight); i++)
                sums.Add(weight, x[i / 16 * Shape.InputLength + from + i % 16], dy[i / 16 * Shape.OutputLength + to + i % 16]);
        return Compare(Allow(sums.Through(_ => true), x, dy));
    }

    private bool InRange(int weight) => weight % Shape.PaddedOutputs >= Start && weight % Shape.PaddedOutputs < End;

    private (float[] X, float[] Dy, float[] Gradient) Data()
    {
        var data = new CaseData(Seed);
        return (data.Inputs(Shape, Tiles), data.Outputs(Shape, Tiles), CaseData.Target(Shape.DenseWeights));
    }
}

internal sealed record ConvolutionBiasGradientCase(ConvolutionShape Shape, int Tiles, int Seed) : ConvolutionCase(Shape, Seed)
{
    protected override double Terms => 0;

    public override byte[] Run(KernelSet set)
    {
        float[] gradient = CaseData.Target(Shape.Outputs);
        set.Run(new ConvolutionBiasGradient { Shape = Shape, Dy = new CaseData(Seed).Outputs(Shape, Tiles), LaneGroups = Tiles, Gradient = gradient });
        return Bytes(gradient);
    }

    public override string? PlainDifference()
    {
        float[] dy = new CaseData(Seed).Outputs(Shape, Tiles), gradient = CaseData.Target(Shape.Outputs);
        var sums = new PlainSums(gradient.Length);
        for (int i = Shape.Outputs; i < gradient.Length; i++) sums.Add(i, gradient[i], 1);
        for (int i = 0; i < Tiles * Shape.OutputLength; i++) sums.Add(i / Shape.OutputChannel % Shape.Outputs, dy[i], 1);
        return Compare(sums.Through(_ => true));
    }
}
