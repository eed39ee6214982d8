using Lottery.Kernels;
using Lottery.Kernels.Convolution;
using Lottery.Kernels.Prediction;
using Lottery.Numerics;

namespace Lottery.UnitTests.Kernels;

internal sealed record InterleaveCase(int Features, int Count, int Extra, int UsedPercent, int Seed) : KernelCase(Seed)
{
    private int Lanes => (Count + 15) / 16 * 16 + Extra;

    public override byte[] Run(KernelSet set)
    {
        (float[] values, int[] targetRows) = Data();
        float[] x = CaseData.Target(targetRows.Count(index => index >= 0) * Lanes);
        set.Run(new Interleave { Values = values, Features = Features, Count = Count, TargetRows = targetRows, X = x, Lanes = Lanes });
        return Bytes(x);
    }

    public override string? PlainDifference()
    {
        (float[] values, int[] targetRows) = Data();
        var expected = new (double, double)[targetRows.Count(index => index >= 0) * Lanes];
        for (int feature = 0; feature < Features; feature++)
            for (int lane = 0; lane < Count && targetRows[feature] >= 0; lane++)
                expected[targetRows[feature] * Lanes + lane] = (values[lane * Features + feature], 0);
        return Compare(expected);
    }

    private (float[] Values, int[] TargetRows) Data()
    {
        var data = new CaseData(Seed);
        var targetRows = new int[Features];
        int next = 0;
        for (int i = 0; i < Features; i++) targetRows[i] = data.Chance(UsedPercent) ? next++ : -1;
        return (data.Values(Count * Features)[..(Count * Features)], targetRows);
    }
}

internal sealed record SingleSparseForwardCase(int Rows, int Inputs, int Percent, bool Relu, int Seed) : KernelCase(Seed)
{
    public override byte[] Run(KernelSet set)
    {
        var (kept, weights, bias, x) = Data();
        using var table = new SingleSparseTable(new(kept, [.. Enumerable.Range(0, Rows)], Inputs), weights, Indices, bias, Inputs);
        float[] y = CaseData.Target(Rows + 1);
        set.Run(new SingleSparseForward { Table = table, X = x, Y = y, Relu = Relu });
        y[Rows] = 0;
        return Bytes(y);
    }

    public override string? PlainDifference()
    {
        var (kept, weights, bias, x) = Data();
        var sums = new PlainSums(Rows);
        for (int row = 0; row < Rows; row++)
        {
            sums.Add(row, bias[row], 1);
            for (int input = 0; input < Inputs; input++)
                if (kept[row * Inputs + input]) sums.Add(row, weights[row * Inputs + input], x[Indices[input]]);
        }
        return Compare(sums.Through(i => !Relu || sums[i] > 0));
    }

    /// <summary>Inputs lie in reverse order.</summary>
    private int[] Indices => [.. Enumerable.Range(0, Inputs).Reverse()];

    private (BitSet Kept, float[] Weights, float[] Bias, float[] X) Data()
    {
        var data = new CaseData(Seed);
        float[] weights = data.Values(Rows * Inputs), bias = data.Values(Rows)[..Rows], x = [.. data.Values(Inputs)[..Inputs], 0];
        return (KeptBits.Sample(data, Rows, Inputs, Percent), weights, bias, x);
    }
}

internal sealed record SingleConvolutionForwardCase(int Sources, int Targets, int Lanes, int Percent, bool Bias, bool Relu, int Seed) : KernelCase(Seed)
{
    private const int Spread = 20, Channel = 37, Area = 9;

    public override byte[] Run(KernelSet set)
    {
        (BitSet kept, float[] weights, int[] offsets, float[] bias) = Data();
        using SingleConvolutionTable table = Table(kept, weights, offsets, bias);
        float[] y = CaseData.Target(Targets * table.SpanLength);
        set.Run(new SingleConvolutionForward { Table = table, X = X(table), Y = y, Relu = Relu });
        return Bytes(y);
    }

    public override string? PlainDifference()
    {
        (BitSet kept, float[] weights, int[] offsets, float[] bias) = Data();
        using SingleConvolutionTable table = Table(kept, weights, offsets, bias);
        float[] x = X(table);
        var sums = new PlainSums(Targets * table.SpanLength);
        for (int i = 0; i < sums.Count; i++)
        {
            int target = i / table.SpanLength;
            if (Bias) sums.Add(i, bias[target], 1);
            for (int position = 0, k = target * offsets.Length; position < offsets.Length; position++, k++)
                if (kept[k]) sums.Add(i, weights[k], x[offsets[position] + i % table.SpanLength]);
        }
        return Compare(sums.Through(i => !Relu || sums[i] > 0));
    }

    private SingleConvolutionTable Table(BitSet kept, float[] weights, int[] offsets, float[] bias) =>
        new(new(kept, [.. Enumerable.Range(0, Targets)], Sources * Area), weights, offsets, [.. Enumerable.Range(0, Sources).Select(source => source * Area)], bias, 300, Lanes);

    private float[] X(SingleConvolutionTable table) => new CaseData(Seed + 1).Values(table.SourceLength);

    private (BitSet Kept, float[] Weights, int[] Offsets, float[] Bias) Data()
    {
        var data = new CaseData(Seed);
        float[] weights = data.Values(Targets * Sources * Area), bias = data.Values(Targets)[..(Bias ? Targets : 0)];
        int[] offsets = [.. Enumerable.Range(0, Sources * Area).Select(position => position / Area * Channel + data.Below(Spread))];
        return (KeptBits.Sample(data, Targets, Sources * Area, Percent), weights, offsets, bias);
    }
}

/// <summary>A mask of rows, some of which are empty.</summary>
internal static class KeptBits
{
    public static BitSet Sample(CaseData data, int rows, int length, int percent)
    {
        var kept = new BitSet(rows * length);
        for (int row = 0; row < rows; row++)
        {
            bool isEmpty = data.Chance(20);
            for (int i = 0; i < length; i++) kept[row * length + i] = !isEmpty && data.Chance(percent);
        }
        return kept;
    }
}

internal sealed record SingleWinogradForwardCase(ConvolutionShape Shape, bool Bias, bool Normalization, bool Relu, int Seed) : KernelCase(Seed)
{
    /// <summary>Winograd's transforms add at most so many products of a tile's values for one of the convolution.</summary>
    private const double Spread = 36;

    private int XRow => Shape.Columns + Seed % 3;

    private int XChannel => Shape.Rows * XRow + Seed % 5;

    private int Channel => SingleWinogradForward.ChannelLength(Shape);

    public override byte[] Run(KernelSet set)
    {
        (float[] weights, float[] bias, float[] numbers, float[] x) = Data();
        float[] packed = new float[DenseConvolution.PackedLength(Shape, false)], y = CaseData.Target(Shape.Outputs * Channel);
        Reference.Run(new ConvolutionPacking { Shape = Shape, Weights = weights, Packed = packed, Transposed = false });
        set.Run(new SingleWinogradForward
        {
            Shape = Shape, Packed = packed, Bias = Bias ? bias : default, Normalization = Normalization ? numbers : default, X = x,
            XSteps = (XRow, XChannel), Y = y, Workspace = new float[SingleWinogradForward.WorkspaceLength(Shape)], Relu = Relu,
        });
        for (int i = 0; i < Shape.Outputs * Channel; i++)
            if (i % Channel >= Shape.OutputPixels) y[i] = 0;
        return Bytes(y);
    }

    public override string? PlainDifference()
    {
        (float[] weights, float[] bias, float[] numbers, float[] x) = Data();
        var sums = new PlainSums(Shape.Outputs * Channel);
        for (int output = 0; output < Shape.Outputs; output++)
            for (int pixel = 0; pixel < Shape.OutputPixels; pixel++)
            {
                int to = output * Channel + pixel;
                if (Bias) sums.Add(to, bias[output], 1);
                for (int position = 0; position < Shape.Inputs * 9; position++)
                {
                    int row = pixel / Shape.Columns + position % 9 / 3 - 1, column = pixel % Shape.Columns + position % 3 - 1;
                    if (row < 0 || row >= Shape.Rows || column < 0 || column >= Shape.Columns) continue;
                    sums.Add(to, weights[position * Shape.PaddedOutputs + output], x[position / 9 * XChannel + row * XRow + column]);
                }
            }
        double more = Spread * 6e-8 * Largest(x) * Largest(weights) * 9 * Shape.Inputs * (Shape.Inputs + 12);
        return Compare([.. sums.Through(_ => true).Select((sum, i) =>
            i % Channel < Shape.OutputPixels ? Normalized(sum.Value, sum.Slack + more, i / Channel, numbers) : (0, 0))]);
    }

    private (double, double) Normalized(double value, double slack, int output, float[] numbers)
    {
        if (Normalization)
        {
            double mean = numbers[output], scale = numbers[Shape.PaddedOutputs + output], shift = numbers[2 * Shape.PaddedOutputs + output];
            slack = Math.Abs(scale) * (slack + 1e-6 * (Math.Abs(value) + Math.Abs(mean))) + 1e-6 * Math.Abs(shift) + 1e-44;
            value = (value - mean) * scale + shift;
        }
        return (Relu && value < 0 ? 0 : value, slack);
    }

    private static double Largest(float[] values) => values.AsSpan(0, values.Length - CaseData.Guard).ToArray().Max(Math.Abs);

    private (float[] Weights, float[] Bias, float[] Numbers, float[] X) Data()
    {
        var data = new CaseData(Seed);
        return (data.Weights(Shape), data.Values(Shape.PaddedOutputs), data.Values(3 * Shape.PaddedOutputs), data.Values(Shape.Inputs * XChannel));
    }
}

internal sealed record SlidingMaxCase(int Count, int Lanes, int Seed) : KernelCase(Seed)
{
    public override byte[] Run(KernelSet set)
    {
        (int[] offsets, float[] x) = Data();
        float[] y = CaseData.Target(Lanes);
        set.Run(new SlidingMax { X = x, Offsets = offsets, Y = y.AsSpan(0, Lanes) });
        return Bytes(y);
    }

    public override string? PlainDifference()
    {
        (int[] offsets, float[] x) = Data();
        return Compare([.. Enumerable.Range(0, Lanes).Select(i => ((double)offsets.Max(offset => x[i + offset]), 0.0))]);
    }

    private (int[] Offsets, float[] X) Data()
    {
        var data = new CaseData(Seed);
        int[] offsets = [.. Enumerable.Range(0, Count).Select(_ => data.Below(50))];
        return (offsets, data.Values(Lanes + 50));
    }
}
