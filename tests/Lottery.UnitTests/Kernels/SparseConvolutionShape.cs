using CsCheck;
using Lottery.Kernels.Convolution;
using Lottery.Kernels.Sparse;

namespace Lottery.UnitTests.Kernels;

/// <summary>A convolution and its kept weights: channels without any, channels with one, and channels of every other number.</summary>
internal sealed record SparseConvolutionShape(ConvolutionShape Shape, int Percent, int Tiles, int Seed)
{
    public static Gen<SparseConvolutionShape> Gen { get; } =
        from channels in CsCheck.Gen.Select(CsCheck.Gen.Int[1, 30], CsCheck.Gen.Int[0, 6])
        from kernel in CsCheck.Gen.Int[1, 5]
        from stride in CsCheck.Gen.Int[1, 3]
        from padding in CsCheck.Gen.Int[0, kernel - 1]
        from size in CsCheck.Gen.Select(CsCheck.Gen.Int[kernel, 11], CsCheck.Gen.Int[kernel, 11])
        from border in CsCheck.Gen.Select(CsCheck.Gen.Int[padding, padding + 1], CsCheck.Gen.Int[0, 1])
        from rest in CsCheck.Gen.Select(CsCheck.Gen.Int[0, 100], CsCheck.Gen.Int[1, 2], CsCheck.Gen.Int[0, int.MaxValue])
        select new SparseConvolutionShape(
            new(channels.Item1, channels.Item2, kernel, stride, padding, size.Item1, size.Item2, border.Item1, border.Item2 + kernel),
            rest.Item1, rest.Item2, rest.Item3);

    /// <summary>For each output channel, the indices of its kept weights.</summary>
    public int[][] KeptWeights()
    {
        var data = new CaseData(Seed);
        int each = Shape.Inputs * Shape.KernelArea;
        return [.. Enumerable.Range(0, Shape.Outputs).Select(_ => data.Below(5) switch
        {
            0 => [],
            1 => [data.Below(each)],
            _ => (int[])[.. Enumerable.Range(0, each).Where(_ => data.Chance(Percent))],
        })];
    }

    public SparseConvolutionTable Table() => new(Shape, KeptWeights());

    /// <summary>All tiles of the input, or of a gradient there, with zeros around every channel.</summary>
    public float[] Input(CaseData data, int tiles) =>
        Bordered(data, tiles * Shape.Inputs, Shape.Rows, Shape.Columns, Shape.InputBorder);

    /// <summary>All tiles of the gradient at the output, with zeros around every channel.</summary>
    public float[] Output(CaseData data, int tiles) =>
        Bordered(data, tiles * Shape.Outputs, Shape.OutputRows, Shape.OutputColumns, Shape.OutputBorder);

    /// <summary>Each multiply-add of one tile by its definition: the weight's index, the first of 16 lanes of x, and of y.</summary>
    public IEnumerable<(int Index, int X, int Y)> Products(SparseConvolutionTable table)
    {
        ConvolutionShape s = Shape;
        foreach ((int index, (int output, int kernelIndex)) in table.Weights().Index())
        {
            int input = kernelIndex / s.KernelArea, down = kernelIndex % s.KernelArea / s.Kernel - s.Padding, right = kernelIndex % s.Kernel - s.Padding;
            for (int row = 0; row < s.OutputRows; row++)
                for (int column = 0; column < s.OutputColumns; column++)
                {
                    int r = row * s.Stride + down, c = column * s.Stride + right;
                    if (r < 0 || r >= s.Rows || c < 0 || c >= s.Columns) continue;
                    yield return (index,
                        input * s.InputChannel + (r + s.InputBorder) * s.InputRow + (c + s.InputBorder) * 16,
                        output * s.OutputChannel + (row + s.OutputBorder) * s.OutputRow + (column + s.OutputBorder) * 16);
                }
        }
    }

    private static float[] Bordered(CaseData data, int channels, int rows, int columns, int border)
    {
        int stride = (columns + 2 * border) * 16, height = rows + 2 * border;
        float[] values = data.Values(channels * height * stride);
        for (int i = 0; i < channels * height * stride; i++)
        {
            int row = i / stride % height, column = i % stride / 16;
            if (row < border || row >= rows + border || column < border || column >= columns + border) values[i] = 0;
        }
        return values;
    }
}
