using Lottery.Kernels;
using Lottery.Kernels.Dense;
using Lottery.Kernels.Elementwise;
using Lottery.Networks;

namespace Lottery.UnitTests.Kernels;

/// <summary>A mask and values, or values that are their own mask.</summary>
internal sealed record ReluMaskCase(int Count, bool Itself, int Seed) : KernelCase(Seed)
{
    public override byte[] Run(KernelSet set)
    {
        (float[] mask, float[] value) = Data();
        set.Run(new ReluMask { Mask = mask.AsSpan(0, Count), Values = value.AsSpan(0, Count) });
        return Bytes(value);
    }

    public override string? PlainDifference()
    {
        (float[] mask, float[] value) = Data();
        return Compare([.. value.Take(Count).Select((v, i) => (mask[i] > 0 ? (double)v : 0, 0.0))]);
    }

    private (float[] Mask, float[] Value) Data()
    {
        var data = new CaseData(Seed);
        float[] value = data.Values(Count);
        return (Itself ? value : data.Values(Count), value);
    }
}

internal sealed record BiasGradientCase(int Rows, int Lanes, bool Add, int Seed) : KernelCase(Seed)
{
    public override byte[] Run(KernelSet set)
    {
        (float[] dy, float[] gradient) = Data();
        set.Run(new BiasGradient { Dy = dy, Gradient = gradient, Rows = Rows, Lanes = Lanes, Add = Add });
        return Bytes(gradient);
    }

    public override string? PlainDifference()
    {
        (float[] dy, float[] before) = Data();
        var sums = new PlainSums(Rows);
        for (int i = 0; i < Rows * Lanes; i++) sums.Add(i / Lanes, dy[i], 1);
        for (int row = 0; Add && row < Rows; row++) sums.Add(row, before[row], 1);
        return Compare(sums.Through(_ => true));
    }

    private (float[] Dy, float[] Gradient) Data()
    {
        var data = new CaseData(Seed);
        return (data.Values(Rows * Lanes), data.Values(Rows));
    }
}

internal sealed record SoftmaxCrossEntropyCase(int Classes, int Count, int ExtraLanes, int Scale, int Seed) : KernelCase(Seed)
{
    private int Lanes => Math.Min(64, (Count + 15) / 16 * 16 + ExtraLanes);

    public override byte[] Run(KernelSet set)
    {
        (float[] y, byte[] labels) = Data();
        double loss = 0;
        set.Run(new SoftmaxCrossEntropy { Y = y, Labels = labels, Classes = Classes, Lanes = Lanes, Scale = 1f / Count, Loss = new(ref loss) });
        return [.. Bytes(y), .. BitConverter.GetBytes(loss)];
    }

    public override string? PlainDifference()
    {
        (float[] y, byte[] labels) = Data();
        var gradient = new (double, double)[Classes * Lanes];
        double loss = 0, largest = 0;
        for (int lane = 0; lane < Count; lane++)
        {
            double[] scores = [.. Enumerable.Range(0, Classes).Select(c => (double)y[c * Lanes + lane])];
            double max = scores.Max(), sum = scores.Sum(score => Math.Exp(score - max));
            loss += Math.Log(sum) + max - scores[labels[lane]];
            largest = Math.Max(largest, scores.Max(Math.Abs));
            for (int c = 0; c < Classes; c++)
                gradient[c * Lanes + lane] =
                    ((Math.Exp(scores[c] - max) / sum - (c == labels[lane] ? 1 : 0)) / Count, 2e-6 / Count);
        }
        double actual = BitConverter.ToDouble(Run(Reference).AsSpan(^8..));
        bool off = Math.Abs(actual - loss) > 1e-6 * Count * (1 + largest);
        return off ? $"the loss is {actual} instead of {loss}" : Compare(gradient);
    }

    private (float[] Y, byte[] Labels) Data()
    {
        var data = new CaseData(Seed);
        return (data.Values(Classes * Lanes, Scale), [.. Enumerable.Range(0, Count).Select(_ => (byte)data.Below(Classes))]);
    }
}

/// <summary>Some of a data set's images, of which the network uses some features; without channels, each byte ÷ 255.</summary>
internal sealed record AssembleBatchCase(
    int Channels, int Area, int Images, int Count, int ExtraLanes, int UsedPercent, bool Next, int Seed)
    : KernelCase(Seed)
{
    private int Lanes => (Count + 15) / 16 * 16 + ExtraLanes;

    private int Features => Math.Max(Channels, 1) * Area;

    public override byte[] Run(KernelSet set)
    {
        (byte[] pixels, int[] examples, int[] rows, PixelScale scale) = Data();
        float[] x = CaseData.Target(rows.Count(index => index >= 0) * Lanes);
        set.Run(new AssembleBatch
        {
            Pixels = pixels, Features = Features, Examples = examples, Next = Next ? [.. examples.Reverse()] : [], TargetRows = rows,
            Scale = scale, X = x, Lanes = Lanes,
        });
        return Bytes(x);
    }

    public override string? PlainDifference()
    {
        (byte[] pixels, int[] examples, int[] rows, PixelScale scale) = Data();
        var expected = new (double, double)[rows.Count(index => index >= 0) * Lanes];
        for (int feature = 0; feature < Features; feature++)
            for (int lane = 0; lane < Count && rows[feature] >= 0; lane++)
                expected[rows[feature] * Lanes + lane] = Value(scale, feature / Area, pixels[examples[lane] * Features + feature]);
        return Compare(expected);
    }

    private (double Value, double Slack) Value(PixelScale scale, int channel, byte value)
    {
        if (Channels == 0) return ((float)(value / 255.0), 0);
        ReadOnlySpan<float> three = scale.Numbers.Slice(3 * channel, 3);
        double product = value * ((double)three[0] + three[1]);
        return (product + three[2], 1e-7 * (Math.Abs(product) + Math.Abs(three[2])));
    }

    private (byte[] Pixels, int[] Examples, int[] TargetRows, PixelScale Scale) Data()
    {
        var data = new CaseData(Seed);
        var (pixels, rows) = (new byte[Images * Features], new int[Features]);
        for (int i = 0; i < pixels.Length; i++) pixels[i] = (byte)data.Below(256);
        int next = 0;
        for (int i = 0; i < Features; i++) rows[i] = data.Chance(UsedPercent) ? next++ : -1;
        int[] examples = [.. Enumerable.Range(0, Count).Select(_ => data.Below(Images))];
        PixelScale scale = Channels == 0 ? PixelScale.Unit : PixelScale.Standardized(
            [.. Enumerable.Range(0, Channels).Select(_ => ((double)data.Below(255), 1.0 + data.Below(90)))]);
        return (pixels, examples, rows, scale);
    }
}
