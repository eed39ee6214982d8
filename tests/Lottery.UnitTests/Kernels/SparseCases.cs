using CsCheck;
using Lottery.Kernels;
using Lottery.Kernels.Sparse;

namespace Lottery.UnitTests.Kernels;

/// <summary>The kept weights of a layer: rows without any, rows of one, and rows of every other length.</summary>
internal sealed record SparseShape(int Rows, int Inputs, int Tiles, int Percent, int Lanes, int Seed)
{
    public static Gen<SparseShape> Gen { get; } = CsCheck.Gen.Select(
        CsCheck.Gen.Int[0, 20], CsCheck.Gen.Int[1, 90], CsCheck.Gen.Int[1, 5], CsCheck.Gen.Int[0, 100],
        CsCheck.Gen.Int[1, 5], CsCheck.Gen.Int[0, int.MaxValue],
        (rows, inputs, tiles, percent, lanes, seed) => new SparseShape(rows, inputs, tiles, percent, 16 * lanes, seed));

    /// <summary>For each row, its inputs.</summary>
    public int[][] KeptInputs()
    {
        var data = new CaseData(Seed);
        return [.. Enumerable.Range(0, Rows).Select(_ => data.Below(5) switch
        {
            0 => [],
            1 => [data.Below(Inputs)],
            _ => (int[])[.. Enumerable.Range(0, Inputs).Where(_ => data.Chance(Percent))],
        })];
    }

    public SparseMatrix Table() => new(KeptInputs(), Inputs, Tiles);

    /// <summary>The row and the input of every weight, in stored order.</summary>
    public static IEnumerable<(int Row, int Input)> Weights(SparseMatrix table) =>
        table.Places([.. Enumerable.Range(0, table.Rows)], [.. Enumerable.Range(0, table.Inputs)], table.Inputs)
            .Select(place => (place / table.Inputs, place % table.Inputs));
}

internal sealed record SparseForwardCase(SparseShape Shape, bool Relu) : KernelCase(Shape.Seed)
{
    public override byte[] Run(KernelSet set)
    {
        using SparseMatrix table = Shape.Table();
        (float[] weights, float[] bias, float[] x) = Data(table);
        float[] y = CaseData.Target(Shape.Rows * Shape.Lanes);
        set.Run(new SparseForward { Matrix = table, Weights = weights, Bias = bias, X = x, Y = y, Lanes = Shape.Lanes, Relu = Relu });
        return Bytes(y);
    }

    public override string? PlainDifference()
    {
        using SparseMatrix table = Shape.Table();
        (float[] weights, float[] bias, float[] x) = Data(table);
        var sums = new PlainSums(Shape.Rows * Shape.Lanes);
        for (int i = 0; i < sums.Count; i++) sums.Add(i, bias[i / Shape.Lanes], 1);
        foreach ((int k, (int row, int input)) in SparseShape.Weights(table).Index())
            for (int lane = 0; lane < Shape.Lanes; lane++)
                sums.Add(row * Shape.Lanes + lane, weights[k], x[input * Shape.Lanes + lane]);
        return Compare(sums.Through(i => !Relu || sums[i] > 0));
    }

    private (float[] Weights, float[] Bias, float[] X) Data(SparseMatrix table)
    {
        var data = new CaseData(Seed);
        return (data.Values(table.Kept), data.Values(Shape.Rows), data.Values(Shape.Inputs * Shape.Lanes));
    }
}

internal sealed record SparseInputGradientCase(SparseShape Shape) : KernelCase(Shape.Seed)
{
    public override byte[] Run(KernelSet set)
    {
        using SparseMatrix table = Shape.Table();
        (float[] weights, float[] dy, float[] x) = Data(table);
        float[] dx = CaseData.Target(Shape.Inputs * Shape.Lanes);
        set.Run(new SparseInputGradient { Matrix = table, Weights = weights, Dy = dy, ReluMask = x, Dx = dx, Lanes = Shape.Lanes });
        return Bytes(dx);
    }

    public override string? PlainDifference()
    {
        using SparseMatrix table = Shape.Table();
        (float[] weights, float[] dy, float[] x) = Data(table);
        var sums = new PlainSums(Shape.Inputs * Shape.Lanes);
        foreach ((int k, (int row, int input)) in SparseShape.Weights(table).Index())
            for (int lane = 0; lane < Shape.Lanes; lane++)
                sums.Add(input * Shape.Lanes + lane, weights[k], dy[row * Shape.Lanes + lane]);
        return Compare(sums.Through(i => x[i] > 0));
    }

    private (float[] Weights, float[] Dy, float[] X) Data(SparseMatrix table)
    {
        var data = new CaseData(Seed);
        return (data.Values(table.Kept), data.Values(Shape.Rows * Shape.Lanes), data.Values(Shape.Inputs * Shape.Lanes));
    }
}

internal sealed record SparseWeightGradientCase(SparseShape Shape, bool Add) : KernelCase(Shape.Seed)
{
    public override byte[] Run(KernelSet set)
    {
        using SparseMatrix table = Shape.Table();
        (float[] x, float[] dy, float[] gradient) = Data(table);
        for (int tile = 0; tile < Shape.Tiles; tile++)
            set.Run(new SparseWeightGradient
            {
                Matrix = table, Tile = tile, X = x, Dy = dy, Gradient = gradient.AsSpan(table.Tile(tile).Start), Lanes = Shape.Lanes, Add = Add,
            });
        return Bytes(gradient);
    }

    public override string? PlainDifference()
    {
        using SparseMatrix table = Shape.Table();
        (float[] x, float[] dy, float[] before) = Data(table);
        var sums = new PlainSums(table.Kept);
        foreach ((int k, (int row, int input)) in SparseShape.Weights(table).Index())
        {
            if (Add) sums.Add(k, before[k], 1);
            for (int lane = 0; lane < Shape.Lanes; lane++)
                sums.Add(k, dy[row * Shape.Lanes + lane], x[input * Shape.Lanes + lane]);
        }
        return Compare(sums.Through(_ => true));
    }

    private (float[] X, float[] Dy, float[] Gradient) Data(SparseMatrix table)
    {
        var data = new CaseData(Seed);
        return (data.Values(Shape.Inputs * Shape.Lanes), data.Values(Shape.Rows * Shape.Lanes), data.Values(table.Kept));
    }
}
