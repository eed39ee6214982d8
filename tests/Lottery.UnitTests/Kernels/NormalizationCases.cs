using CsCheck;
using Lottery.Kernels;
using Lottery.Kernels.Normalization;

namespace Lottery.UnitTests.Kernels;

/// <summary>One channel of a batch whose tiles hold 0 to 16 images each, together at least two pixels.</summary>
internal sealed record BatchShape(ImageLayout Input, int OutputBorder, int Channel, int Seed)
{
    public static Gen<BatchShape> Gen { get; } = CsCheck.Gen.Select(
        ImageData.Layouts, CsCheck.Gen.Int[0, 2], CsCheck.Gen.Int[0, 3], CsCheck.Gen.Int[0, int.MaxValue],
        (layout, border, channel, seed) => new BatchShape(layout, border, channel % layout.Channels, seed));

    public NormalizationShape Shape => new(Input, Input with { Border = OutputBorder });

    public int[] ValidLanes
    {
        get
        {
            var random = new Random(Seed);
            int[] valid = [.. Enumerable.Range(0, 1 + random.Next(4)).Select(_ => random.Next(3) switch { 0 => 16, 1 => 0, _ => random.Next(17) })];
            if (Shape.Count(valid) < 2) valid[0] = 2;
            return valid;
        }
    }

    /// <summary>As many tiles as <see cref="ValidLanes"/>; padding lanes hold what no image does.</summary>
    public float[] Batch(CaseData data, ImageLayout layout) =>
        [.. ValidLanes.SelectMany(valid => data.Image(layout).Take(layout.Length).Select((value, i) => i % 16 < valid ? value : 7e7f))];

    /// <summary>A batch that nothing was written to, and a guard.</summary>
    public float[] Target(ImageLayout layout) => CaseData.Target(ValidLanes.Length * layout.Length);

    /// <summary>The indices of the channel's values in the input and in the output, and whether an image is there.</summary>
    public IEnumerable<(int Input, int Output, bool Valid)> Indices() =>
        from tile in Enumerable.Range(0, ValidLanes.Length)
        from pixel in Enumerable.Range(0, Input.Pixels)
        from lane in Enumerable.Range(0, 16)
        let row = pixel / Input.Columns
        let column = pixel % Input.Columns
        select (tile * Shape.Input.Length + Shape.Input.Offset(Channel, row, column) + lane,
                tile * Shape.Output.Length + Shape.Output.Offset(Channel, row, column) + lane, lane < ValidLanes[tile]);

    /// <summary>Whether a double is further from another than the sums' rounding explains.</summary>
    public static bool Differs(double actual, double expected, double magnitude) =>
        !(Math.Abs(actual - expected) <= 2e-6 * magnitude + 1e-44);
}

internal sealed record BatchMomentsCase(BatchShape Batch) : KernelCase(Batch.Seed)
{
    public override byte[] Run(KernelSet set)
    {
        Moments moments = default;
        set.Run(new BatchMoments
        {
            Shape = Batch.Shape, Channel = Batch.Channel, ValidLanes = Batch.ValidLanes, X = Batch.Batch(new(Seed), Batch.Input),
            Result = new(ref moments),
        });
        return [.. BitConverter.GetBytes(moments.Mean), .. BitConverter.GetBytes(moments.Count), .. BitConverter.GetBytes(moments.Variance)];
    }

    public override string? PlainDifference()
    {
        float[] x = Batch.Batch(new(Seed), Batch.Input);
        double[] values = [.. Batch.Indices().Where(index => index.Valid).Select(index => (double)x[index.Input])];
        double mean = values.Average(), variance = values.Average(value => (value - mean) * (value - mean));
        byte[] bytes = Run(Reference);
        if (BatchShape.Differs(BitConverter.ToSingle(bytes), mean, values.Average(Math.Abs))) return "the mean is off";
        if (BatchShape.Differs(BitConverter.ToDouble(bytes, 8), variance, values.Average(value => value * value))) return "the variance is off";
        return BitConverter.ToInt32(bytes, 4) == values.Length ? null : "the count is off";
    }
}

internal sealed record NormalizeForwardCase(BatchShape Batch, bool Relu) : KernelCase(Batch.Seed)
{
    public override byte[] Run(KernelSet set)
    {
        (float[] x, float[] c) = Data();
        float[] y = Batch.Target(Batch.Shape.Output);
        set.Run(new NormalizeForward
        {
            Shape = Batch.Shape, Channel = Batch.Channel, LaneGroups = Batch.ValidLanes.Length, X = x, Y = y, Numbers = new(c[0], c[1], c[2], Relu),
        });
        return Bytes(y);
    }

    public override string? PlainDifference()
    {
        (float[] x, float[] c) = Data();
        (double, double)[] expected = ImageData.Untouched(Batch.ValidLanes.Length * Batch.Shape.Output.Length);
        foreach ((int input, int output, _) in Batch.Indices())
        {
            double product = (x[input] - (double)c[0]) * c[1], y = product + c[2];
            expected[output] = (Relu && y <= 0 ? 0 : y, 2e-7 * (Math.Abs(product) + Math.Abs(c[2])) + 1e-44);
        }
        return Compare(expected);
    }

    private (float[] X, float[] Constants) Data()
    {
        var data = new CaseData(Seed);
        return (Batch.Batch(data, Batch.Input), data.Values(3));
    }
}

internal sealed record GradientMomentsCase(BatchShape Batch) : KernelCase(Batch.Seed)
{
    public override byte[] Run(KernelSet set)
    {
        (float[] x, float[] dy, float mean) = Data();
        double[] sums = new double[2];
        set.Run(new GradientMoments
        {
            Shape = Batch.Shape, Channel = Batch.Channel, ValidLanes = Batch.ValidLanes, X = x, Dy = dy, Mean = mean, Sums = sums,
        });
        return Bytes(sums);
    }

    public override string? PlainDifference()
    {
        (float[] x, float[] dy, float mean) = Data();
        (double Dy, double Product)[] values =
            [.. Batch.Indices().Where(index => index.Valid).Select(p => ((double)dy[p.Output], dy[p.Output] * (x[p.Input] - (double)mean)))];
        byte[] bytes = Run(Reference);
        double most = values.Sum(value => Math.Abs(value.Product)), sum = BitConverter.ToDouble(bytes), product = BitConverter.ToDouble(bytes, 8);
        if (BatchShape.Differs(sum, values.Sum(v => v.Dy), values.Sum(v => Math.Abs(v.Dy)))) return "the sum is off";
        return BatchShape.Differs(product, values.Sum(v => v.Product), most) ? "the product is off" : null;
    }

    private (float[] X, float[] Dy, float Mean) Data()
    {
        var data = new CaseData(Seed);
        return (Batch.Batch(data, Batch.Input), Batch.Batch(data, Batch.Shape.Output), data.Values(1)[0]);
    }
}

internal sealed record NormalizeBackwardCase(BatchShape Batch, bool Masked) : KernelCase(Batch.Seed)
{
    public override byte[] Run(KernelSet set)
    {
        (float[] x, float[] dy, float[] c) = Data();
        float[] dx = Batch.Target(Batch.Input);
        set.Run(new NormalizeBackward
        {
            Shape = Batch.Shape, Channel = Batch.Channel, ValidLanes = Batch.ValidLanes, X = x, Dy = dy, Dx = dx,
            Numbers = new(c[0], c[1], c[2], c[3], Masked),
        });
        return Bytes(dx);
    }

    public override string? PlainDifference()
    {
        (float[] x, float[] dy, float[] c) = Data();
        (double, double)[] expected = ImageData.Untouched(Batch.ValidLanes.Length * Batch.Input.Length);
        foreach ((int input, int output, bool isValid) in Batch.Indices())
        {
            double value = x[input], gradient = dy[output];
            double dx = (gradient - c[1] - (value - c[0]) * c[2]) * c[3];
            double terms = (Math.Abs(gradient) + Math.Abs(c[1]) + (Math.Abs(value) + Math.Abs(c[0])) * Math.Abs(c[2])) * Math.Abs(c[3]);
            expected[input] = isValid && (!Masked || value > 0) ? (dx, 3e-7 * terms + 1e-42) : (0, 0);
        }
        return Compare(expected);
    }

    private (float[] X, float[] Dy, float[] Constants) Data()
    {
        var data = new CaseData(Seed);
        return (Batch.Batch(data, Batch.Input), Batch.Batch(data, Batch.Shape.Output), data.Values(4));
    }
}
