using CsCheck;
using Lottery.Kernels;
using Lottery.Kernels.Pooling;
using Lottery.Kernels.Sparse;

namespace Lottery.UnitTests.Kernels;

internal static class PooledShapes
{
    /// <summary>Kernels and windows that fit one another; now and then so many outputs that a patch gets narrower.</summary>
    public static Gen<SparseConvolutionShape> Gen { get; } =
        from channels in CsCheck.Gen.Select(CsCheck.Gen.Int[1, 30], CsCheck.Gen.Int[0, 20])
        from size in CsCheck.Gen.Select(CsCheck.Gen.Int[1, 5], CsCheck.Gen.Int[1, 9])
        from border in CsCheck.Gen.Select(CsCheck.Gen.Int[1, 2], CsCheck.Gen.Int[1, 2])
        from rest in CsCheck.Gen.Select(CsCheck.Gen.Int[0, 100], CsCheck.Gen.Int[0, int.MaxValue])
        let outputs = channels.Item2 == 20 ? 140 : channels.Item2 / 3
        select new SparseConvolutionShape(
            new(channels.Item1, outputs, 3, 1, 1, 2 * size.Item1, 2 * size.Item2, border.Item1, border.Item2),
            outputs == 140 ? 3 : rest.Item1, 1, rest.Item2);

    /// <summary>A argMax for each window: one of its pixels, or none. The border is 0.</summary>
    public static byte[] ArgMax(CaseData data, in ImageLayout layout)
    {
        var argMax = new byte[layout.Length + CaseData.Guard];
        for (int channel = 0; channel < layout.Channels; channel++)
            for (int row = 0; row < layout.Rows; row++)
                for (int i = 0; i < layout.Columns * 16; i++) argMax[layout.Offset(channel, row, 0) + i] = (byte)data.Below(5);
        return argMax;
    }

    /// <summary>The gradient of what is pooled, and what it is before pooling by the definition.</summary>
    public static (float[] Dy, float[] Unpooled) Gradients(CaseData data, PooledConvolutionTable pooled, byte[] argMax)
    {
        PoolShape pool = pooled.Windows;
        float[] dy = data.Values(pool.Output.Length), unpooled = new float[pool.Input.Length];
        bool[] inside = SparseConvolutionForwardCase.Inside(pool.Output.Channels, pool.Output.Rows, pool.Output.Columns, pool.Output.Border);
        for (int i = 0; i < inside.Length; i++) dy[i] = inside[i] ? dy[i] : 0;
        foreach ((int result, int[] window) in PoolData.Windows(pool))
            if (argMax[result] < 4) unpooled[window[argMax[result]]] = dy[result];
        return (dy, unpooled);
    }
}

internal sealed record PooledConvolutionForwardCase(SparseConvolutionShape Of, bool Bias, bool Relu) : KernelCase(Of.Seed)
{
    public override byte[] Run(KernelSet set)
    {
        using SparseConvolutionTable table = Of.Table();
        (float[] weights, float[] bias, float[] x) = Data(table);
        float[] y = CaseData.Target(table.Pooled.Windows.Output.Length), block = CaseData.Target(table.Pooled.ForwardWorkspaceLength);
        var argMax = new byte[y.Length];
        set.Run(new PooledConvolutionForward
        {
            Table = table, Weights = weights, Bias = Bias ? bias : [], X = x, Y = y, ArgMax = argMax, Workspace = block, Relu = Relu,
        });
        return [.. Bytes(y), .. argMax, .. Bytes(block[table.Pooled.ForwardWorkspaceLength..])];
    }

    public override string? PlainDifference()
    {
        using SparseConvolutionTable table = Of.Table();
        (float[] weights, float[] bias, float[] x) = Data(table);
        var sums = new PlainSums(Of.Shape.OutputLength);
        for (int i = 0; Bias && i < sums.Count; i++) sums.Add(i, bias[i / Of.Shape.OutputChannel], 1);
        foreach ((int k, int from, int to) in Of.Products(table))
            for (int lane = 0; lane < 16; lane++) sums.Add(to + lane, weights[k], x[from + lane]);
        (double Value, double Slack)[] made = sums.Through(i => !Relu || sums[i] > 0);
        (double, double)[] expected = ImageData.Untouched(table.Pooled.Windows.Output.Length);
        foreach ((int result, int[] window) in PoolData.Windows(table.Pooled.Windows))
            expected[result] = (window.Max(index => made[index].Value), window.Max(index => made[index].Slack));
        return Compare(expected);
    }

    private (float[] Weights, float[] Bias, float[] X) Data(SparseConvolutionTable table)
    {
        var data = new CaseData(Seed);
        return (data.Values(table.Kept), data.Values(Of.Shape.Outputs), Of.Input(data, 1));
    }
}

internal sealed record PooledConvolutionBackwardCase(SparseConvolutionShape Of, bool Mask, bool Wanted) : KernelCase(Of.Seed)
{
    public override byte[] Run(KernelSet set)
    {
        using SparseConvolutionTable table = Of.Table();
        (float[] weights, float[] x, byte[] argMax, float[] dy, _) = Data(table);
        float[] dx = CaseData.Target(Of.Shape.InputLength), gradient = CaseData.Target(table.Kept), byInput = new float[table.Kept];
        float[] scratch = CaseData.Target(table.Pooled.BackwardWorkspaceLength);
        table.CopyByInput(weights, byInput);
        set.Run(new PooledConvolutionBackward
        {
            Table = table, WeightsByInput = byInput, ArgMax = argMax, Dy = dy, X = x, ReluMask = Mask, Dx = Wanted ? dx : [],
            Workspace = scratch, Gradient = gradient,
        });
        return [.. Bytes(dx), .. Bytes(gradient), .. Bytes(scratch[table.Pooled.BackwardWorkspaceLength..])];
    }

    public override string? PlainDifference()
    {
        using SparseConvolutionTable table = Of.Table();
        (float[] weights, float[] x, _, _, float[] unpooled) = Data(table);
        PlainSums toX = new(Of.Shape.InputLength), toWeights = new(table.Kept);
        foreach ((int k, int from, int to) in Of.Products(table))
            for (int lane = 0; lane < 16; lane++)
            {
                toX.Add(from + lane, weights[k], unpooled[to + lane]);
                toWeights.Add(k, unpooled[to + lane], x[from + lane]);
            }
        bool[] inside = SparseConvolutionForwardCase.Inside(Of.Shape.Inputs, Of.Shape.Rows, Of.Shape.Columns, Of.Shape.InputBorder);
        (double, double)[] expected = ImageData.Untouched(Of.Shape.InputLength), dx = toX.Through(i => !Mask || x[i] > 0);
        for (int i = 0; i < inside.Length; i++) expected[i] = Wanted && inside[i] ? dx[i] : expected[i];
        return Compare([.. expected, .. toWeights.Through(_ => true)]);
    }

    private (float[] Weights, float[] X, byte[] ArgMax, float[] Dy, float[] Unpooled) Data(SparseConvolutionTable table)
    {
        var data = new CaseData(Seed);
        float[] weights = data.Values(table.Kept), x = Of.Input(data, 1);
        byte[] argMax = PooledShapes.ArgMax(data, table.Pooled.Windows.Output);
        (float[] dy, float[] unpooled) = PooledShapes.Gradients(data, table.Pooled, argMax);
        return (weights, x, argMax, dy, unpooled);
    }
}

internal sealed record PooledConvolutionBiasGradientCase(SparseConvolutionShape Of) : KernelCase(Of.Seed)
{
    public override byte[] Run(KernelSet set)
    {
        using SparseConvolutionTable table = Of.Table();
        (byte[] argMax, float[] dy, _) = Data(table);
        float[] gradient = CaseData.Target(Of.Shape.Outputs);
        set.Run(new PooledConvolutionBiasGradient { Table = table, ArgMax = argMax, Dy = dy, Gradient = gradient });
        return Bytes(gradient);
    }

    public override string? PlainDifference()
    {
        using SparseConvolutionTable table = Of.Table();
        (_, _, float[] unpooled) = Data(table);
        var sums = new PlainSums(Of.Shape.Outputs);
        for (int i = 0; i < unpooled.Length; i++) sums.Add(i / Of.Shape.OutputChannel, unpooled[i], 1);
        return Compare(sums.Through(_ => true));
    }

    private (byte[] ArgMax, float[] Dy, float[] Unpooled) Data(SparseConvolutionTable table)
    {
        var data = new CaseData(Seed);
        byte[] argMax = PooledShapes.ArgMax(data, table.Pooled.Windows.Output);
        (float[] dy, float[] unpooled) = PooledShapes.Gradients(data, table.Pooled, argMax);
        return (argMax, dy, unpooled);
    }
}
