using Lottery.Kernels;
using Lottery.Kernels.Convolution;
using Lottery.Kernels.Sparse;

namespace Lottery.UnitTests.Kernels;

/// <summary>Properties of sparse convolutions beyond their bits: what they multiply, and that gradients are derivatives.</summary>
public sealed class SparseConvolutionTests
{
    public static TheoryData<int, int, int, int> Shapes { get; } = new()
    {
        // kernel, stride, padding, percent of weights kept
        { 3, 1, 1, 30 }, { 3, 1, 1, 2 }, { 3, 2, 1, 20 }, { 1, 1, 0, 50 }, { 1, 2, 0, 50 }, { 5, 1, 2, 10 }, { 2, 2, 0, 100 },
    };

    private static string[] Vectors => [.. KernelRegistry.Available.Where(name => name != "reference")];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Only_kept_weights_are_multiplied(int kernel, int stride, int padding, int percent)
    {
        using SparseConvolutionTable table = Made(kernel, stride, padding, percent).Table();
        ConvolutionShape shape = table.Shape;
        float[] w = new float[table.Kept], x = new float[2 * shape.InputLength], y = new float[2 * shape.OutputLength];
        long pixels = shape.OutputRows * shape.OutputColumns * 16;
        foreach (string version in Vectors)
        {
            KernelSet set = CountingKernels.Get(version);
            Assert.Equal(table.Kept * pixels, CountingKernels.Count(() => Forward(set, table, w, x, y)));
            Assert.Equal(2 * table.Kept * pixels, CountingKernels.Count(() => WeightGradient(set, table, x, y, 2, w)));
            long gathered = CountingKernels.Count(() => InputGradient(set, table, w, y, x));
            Assert.Equal(table.ByInput.Sum(one => (long)one.Kept * one.Layout.Rows * one.Layout.Columns * 16), gathered);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Gradients_are_the_derivatives_of_a_plain_convolution(int kernel, int stride, int padding, int percent)
    {
        SparseConvolutionShape of = Made(kernel, stride, padding, percent);
        using SparseConvolutionTable table = of.Table();
        var data = new CaseData(12);
        float[] w = data.Values(table.Kept), x = of.Input(data, 1), dy = of.Output(data, 1), byInput = new float[table.Kept];
        float[] dw = new float[table.Kept], dx = new float[of.Shape.InputLength];
        table.CopyByInput(w, byInput);
        KernelSet set = KernelRegistry.Get(null);
        InputGradient(set, table, byInput, dy, dx);
        WeightGradient(set, table, x, dy, 1, dw);
        (int Index, int X, int Y)[] products = [.. of.Products(table)];
        foreach (int index in Enumerable.Range(0, 20).Select(_ => data.Below(table.Kept)))
            Assert.Equal(Slope(products, w, x, dy, w, index), dw[index], 0.02);
        foreach (int index in products.Take(20).Select(product => product.X + data.Below(16)))
            Assert.Equal(Slope(products, w, x, dy, x, index), dx[index], 0.02);
    }

    /// <summary>Σ dy × y by central differences of one value.</summary>
    private static double Slope((int Index, int X, int Y)[] products, float[] w, float[] x, float[] dy, float[] moved, int index)
    {
        float before = moved[index];
        moved[index] = before + 0.5f;
        double up = Objective(products, w, x, dy);
        moved[index] = before - 0.5f;
        double down = Objective(products, w, x, dy), width = before + 0.5f - (double)(before - 0.5f);
        moved[index] = before;
        return (up - down) / width;
    }

    private static double Objective((int Index, int X, int Y)[] products, float[] w, float[] x, float[] dy) =>
        products.Sum(product => Enumerable.Range(0, 16).Sum(lane =>
            (double)w[product.Index] * x[product.X + lane] * dy[product.Y + lane]));

    private static SparseConvolutionShape Made(int kernel, int stride, int padding, int percent) =>
        new(new(5, 4, kernel, stride, padding, 9, 10, padding, kernel), percent, 1, 77);

    private static void Forward(KernelSet set, SparseConvolutionTable table, float[] w, float[] x, float[] y) =>
        set.Run(new SparseConvolutionForward { Table = table, Weights = w, Bias = [], X = x, Y = y, Relu = true });

    private static void InputGradient(KernelSet set, SparseConvolutionTable table, float[] byInput, float[] dy, float[] dx) =>
        set.Run(new SparseConvolutionInputGradient { Table = table, WeightsByInput = byInput, Dy = dy, ReluMask = [], Dx = dx });

    private static void WeightGradient(KernelSet set, SparseConvolutionTable table, float[] x, float[] dy, int laneGroups, float[] gradient) =>
        set.Run(new SparseConvolutionWeightGradient
        {
            Table = table, Part = 0, Parts = 1, X = x, Dy = dy, LaneGroups = laneGroups, Workspace = new float[table.WorkspaceLength],
            Gradient = gradient,
        });
}
