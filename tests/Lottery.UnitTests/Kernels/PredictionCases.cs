using Lottery.Kernels;
using Lottery.Kernels.Prediction;
using Lottery.Kernels.Sparse;

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
        var (rows, bias, x) = Data();
        using var table = new SingleSparseTable(rows, bias, Inputs);
        float[] y = CaseData.Target(Rows + 1);
        set.Run(new SingleSparseForward { Table = table, X = x, Y = y, Relu = Relu });
        y[Rows] = 0;
        return Bytes(y);
    }

    public override string? PlainDifference()
    {
        var (rows, bias, x) = Data();
        var sums = new PlainSums(Rows);
        for (int row = 0; row < Rows; row++)
        {
            sums.Add(row, bias[row], 1);
            foreach ((int input, float weight) in rows[row]) sums.Add(row, weight, x[input]);
        }
        return Compare(sums.Through(i => !Relu || sums[i] > 0));
    }

    private ((int, float)[][] Rows, float[] Bias, float[] X) Data()
    {
        var data = new CaseData(Seed);
        float[] weights = data.Values(Rows * Inputs), bias = data.Values(Rows)[..Rows], x = [.. data.Values(Inputs)[..Inputs], 0];
        return ([.. Enumerable.Range(0, Rows).Select(row => Enumerable.Range(0, data.Chance(20) ? 0 : Inputs)
            .Where(_ => data.Chance(Percent)).Select(input => (input, weights[row * Inputs + input])).ToArray())], bias, x);
    }
}

internal sealed record SingleConvolutionForwardCase(int Sources, int Targets, int Lanes, int Percent, bool Bias, bool Relu, int Seed) : KernelCase(Seed)
{
    private const int Spread = 20, Channel = 37;

    public override byte[] Run(KernelSet set)
    {
        (OffsetWeight[][] keptWeights, float[] weights, float[] bias) = Data();
        using var table = new SingleConvolutionTable(keptWeights, weights, bias, Sources, 300, Lanes);
        float[] y = CaseData.Target(Targets * table.SpanLength);
        set.Run(new SingleConvolutionForward { Table = table, X = X(table), Y = y, Relu = Relu });
        return Bytes(y);
    }

    public override string? PlainDifference()
    {
        (OffsetWeight[][] keptWeights, float[] weights, float[] bias) = Data();
        using var table = new SingleConvolutionTable(keptWeights, weights, bias, Sources, 300, Lanes);
        float[] x = X(table);
        var sums = new PlainSums(Targets * table.SpanLength);
        for (int i = 0; i < sums.Count; i++)
        {
            int target = i / table.SpanLength;
            if (Bias) sums.Add(i, bias[target], 1);
            foreach (OffsetWeight kernelIndex in keptWeights[target]) sums.Add(i, weights[kernelIndex.Index], x[kernelIndex.Offset + i % table.SpanLength]);
        }
        return Compare(sums.Through(i => !Relu || sums[i] > 0));
    }

    private float[] X(SingleConvolutionTable table) => new CaseData(Seed + 1).Values(table.SourceLength);

    private (OffsetWeight[][] KeptWeights, float[] Weights, float[] Bias) Data()
    {
        var data = new CaseData(Seed);
        float[] weights = data.Values(Targets * Sources * 9), bias = data.Values(Targets)[..(Bias ? Targets : 0)];
        return ([.. Enumerable.Range(0, Targets).Select(target => Enumerable.Range(0, Sources * 9).Where(_ => data.Chance(Percent))
            .Select(kernelIndex => new OffsetWeight(kernelIndex / 9, kernelIndex / 9 * Channel + data.Below(Spread), target * Sources * 9 + kernelIndex)).ToArray())],
            weights, bias);
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
