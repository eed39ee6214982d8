using Lottery.Kernels;
using Lottery.Kernels.Sparse;

namespace Lottery.UnitTests.Kernels;

internal sealed record SparseConvolutionForwardCase(SparseConvolutionShape Of, bool Bias, bool Relu) : KernelCase(Of.Seed)
{
    public override byte[] Run(KernelSet set)
    {
        using SparseConvolutionTable table = Of.Table();
        (float[] weights, float[] bias, float[] x) = Data(table);
        float[] y = CaseData.Target(Of.Shape.OutputLength);
        set.Run(new SparseConvolutionForward { Table = table, Weights = weights, Bias = Bias ? bias : [], X = x, Y = y, Relu = Relu });
        return Bytes(y);
    }

    public override string? PlainDifference()
    {
        using SparseConvolutionTable table = Of.Table();
        (float[] weights, float[] bias, float[] x) = Data(table);
        var sums = new PlainSums(Of.Shape.OutputLength);
        float[] y = CaseData.Target(Of.Shape.OutputLength);
        bool[] inside = Inside(Of.Shape.Outputs, Of.Shape.OutputRows, Of.Shape.OutputColumns, Of.Shape.OutputBorder);
        for (int i = 0; i < sums.Count; i++) sums.Add(i, !inside[i] ? y[i] : Bias ? bias[i / Of.Shape.OutputChannel] : 0, 1);
        foreach ((int k, int from, int to) in Of.Products(table))
            for (int lane = 0; lane < 16; lane++) sums.Add(to + lane, weights[k], x[from + lane]);
        return Compare(sums.Through(i => !inside[i] || !Relu || sums[i] > 0));
    }

    /// <summary>For each value of a tile, whether it is a pixel's and not the border's.</summary>
    internal static bool[] Inside(int channels, int rows, int columns, int border) =>
    [
        .. from channel in Enumerable.Range(0, channels)
           from row in Enumerable.Range(-border, rows + 2 * border)
           from column in Enumerable.Range(-border, columns + 2 * border)
           from lane in Enumerable.Range(0, 16)
           select row >= 0 && row < rows && column >= 0 && column < columns,
    ];

    private (float[] Weights, float[] Bias, float[] X) Data(SparseConvolutionTable table)
    {
        var data = new CaseData(Seed);
        return (data.Values(table.Kept), data.Values(Of.Shape.Outputs), Of.Input(data, 1));
    }
}

internal sealed record SparseConvolutionInputGradientCase(SparseConvolutionShape Of, bool Mask) : KernelCase(Of.Seed)
{
    public override byte[] Run(KernelSet set)
    {
        using SparseConvolutionTable table = Of.Table();
        (float[] weights, float[] dy, float[] x) = Data(table);
        float[] dx = CaseData.Target(Of.Shape.InputLength), byInput = new float[table.Kept];
        table.CopyByInput(weights, byInput);
        set.Run(new SparseConvolutionInputGradient { Table = table, WeightsByInput = byInput, Dy = dy, ReluMask = Mask ? x : [], Dx = dx });
        return Bytes(dx);
    }

    public override string? PlainDifference()
    {
        using SparseConvolutionTable table = Of.Table();
        (float[] weights, float[] dy, float[] x) = Data(table);
        var sums = new PlainSums(Of.Shape.InputLength);
        float[] dx = CaseData.Target(Of.Shape.InputLength);
        bool[] inside = SparseConvolutionForwardCase.Inside(Of.Shape.Inputs, Of.Shape.Rows, Of.Shape.Columns, Of.Shape.InputBorder);
        for (int i = 0; i < sums.Count; i++) sums.Add(i, inside[i] ? 0 : dx[i], 1);
        foreach ((int k, int to, int from) in Of.Products(table))
            for (int lane = 0; lane < 16; lane++) sums.Add(to + lane, weights[k], dy[from + lane]);
        return Compare(sums.Through(i => !inside[i] || !Mask || x[i] > 0));
    }

    private (float[] Weights, float[] Dy, float[] X) Data(SparseConvolutionTable table)
    {
        var data = new CaseData(Seed);
        return (data.Values(table.Kept), Of.Output(data, 1), Of.Input(data, 1));
    }
}

internal sealed record SparseConvolutionWeightGradientCase(SparseConvolutionShape Of, int Parts, bool Add) : KernelCase(Of.Seed)
{
    public override byte[] Run(KernelSet set)
    {
        using SparseConvolutionTable table = Of.Table();
        (float[] x, float[] dy, float[] gradient) = Data(table);
        float[] sums = CaseData.Target(table.WorkspaceLength);
        for (int part = Parts - 1; part >= 0; part--)
            set.Run(new SparseConvolutionWeightGradient
            {
                Table = table, Part = part, Parts = Parts, X = x, Dy = dy, LaneGroups = Of.Tiles, Workspace = sums, Gradient = gradient, Add = Add,
            });
        return [.. Bytes(gradient), .. Bytes(sums[table.WorkspaceLength..])];
    }

    public override string? PlainDifference()
    {
        using SparseConvolutionTable table = Of.Table();
        (float[] x, float[] dy, float[] before) = Data(table);
        var sums = new PlainSums(table.Kept);
        for (int k = 0; Add && k < table.Kept; k++) sums.Add(k, before[k], 1);
        foreach ((int k, int from, int to) in Of.Products(table))
            for (int tile = 0; tile < Of.Tiles; tile++)
                for (int lane = 0; lane < 16; lane++)
                    sums.Add(k, dy[tile * Of.Shape.OutputLength + to + lane], x[tile * Of.Shape.InputLength + from + lane]);
        return Compare(sums.Through(_ => true));
    }

    private (float[] X, float[] Dy, float[] Gradient) Data(SparseConvolutionTable table)
    {
        var data = new CaseData(Seed);
        return (Of.Input(data, Of.Tiles), Of.Output(data, Of.Tiles), data.Values(table.Kept));
    }
}
