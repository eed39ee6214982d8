using Lottery.Kernels.Sparse;
using static Lottery.UnitTests.Kernels.Fault;

namespace Lottery.UnitTests.Kernels;

internal static unsafe partial class KernelFaults
{
    private static Fault[] Sparse =>
    [
        In<SparseForward>("ForwardLastBit", k =>
        {
            k.Reference();
            if (k.Matrix.Rows > 0) FlipLastBit(ref k.Y[k.Matrix.Rows * k.Lanes - 1]);
        }),
        In<SparseForward>("ForwardSkipsLastWeight", k =>
        {
            if (k.Matrix.Kept > 0) Edit(k.Weights)[k.Matrix.Kept - 1] = 0;
            k.Reference();
        }),
        In<SparseForward>("ForwardOrder", k =>
        {
            SparseRows rows = k.Matrix.ByOutput;
            if (rows.SegmentStarts[1] >= 2)
            {
                Swap(ref rows.Inputs[0], ref rows.Inputs[1]);
                Swap(ref Edit(k.Weights)[0], ref Edit(k.Weights)[1]);
            }
            k.Reference();
        }),
        In<SparseForward>("ForwardBiasLast", k =>
        {
            (k with { Bias = new float[k.Matrix.Rows], Relu = false }).Reference();
            for (int i = 0; i < k.Matrix.Rows * k.Lanes; i++)
            {
                k.Y[i] += k.Bias[i / k.Lanes];
                if (k.Relu && !(k.Y[i] > 0)) k.Y[i] = 0;
            }
        }),
        In<SparseForward>("ForwardRoundsTwice", k =>
        {
            SparseRows rows = k.Matrix.ByOutput;
            for (int i = 0; i < rows.Rows * k.Lanes; i++) k.Y[i] = k.Bias[i / k.Lanes];
            for (int segment = 0; segment < rows.TileSegments[rows.Tiles]; segment++)
                for (int w = rows.SegmentStarts[segment]; w < rows.SegmentStarts[segment + 1]; w++)
                    for (int lane = 0; lane < k.Lanes; lane++)
                        k.Y[rows.SegmentRows[segment] * k.Lanes + lane] += k.Weights[w] * k.X[rows.Inputs[w] * k.Lanes + lane];
            for (int i = 0; k.Relu && i < rows.Rows * k.Lanes; i++) k.Y[i] = k.Y[i] > 0 ? k.Y[i] : 0;
        }),
        In<SparseInputGradient>("InputGradientLastBit", k =>
        {
            k.Reference();
            FlipLastBit(ref k.Dx[0]);
        }),
        In<SparseInputGradient>("InputGradientOrder", k =>
        {
            SparseColumns columns = k.Matrix.ByInput;
            if (columns.Starts[1] >= 2)
            {
                Swap(ref columns.Rows[0], ref columns.Rows[1]);
                Swap(ref columns.Indices[0], ref columns.Indices[1]);
            }
            k.Reference();
        }),
        In<SparseInputGradient>("InputGradientPassesZero", k =>
        {
            foreach (ref float x in Edit(k.ReluMask)) x = x == 0 ? 1 : x;
            k.Reference();
        }),
        In<SparseInputGradient>("InputGradientForgetsTail", k =>
        {
            Span<float> last = k.Dx.Slice(k.Matrix.ByInput.Order[k.Matrix.Inputs - 1] * k.Lanes + k.Lanes - 16, 16);
            float[] before = last.ToArray();
            k.Reference();
            before.CopyTo(last);
        }),
        In<SparseWeightGradient>("WeightGradientLastBit", k =>
        {
            k.Reference();
            if (WeightsOf(k) > 0) FlipLastBit(ref k.Gradient[0]);
        }),
        In<SparseWeightGradient>("WeightGradientForgetsTail", k =>
        {
            int tail = WeightsOf(k) - 1;
            float before = tail >= 0 ? k.Gradient[tail] : 0;
            k.Reference();
            if (tail >= 0) k.Gradient[tail] = before;
        }),
        In<SparseWeightGradient>("WeightGradientForgetsToAdd", k => (k with { Add = false }).Reference()),
        In<SparseWeightGradient>("WeightGradientInLaneOrder", k =>
        {
            SparseRows rows = k.Matrix.ByOutput;
            int start = k.Matrix.Tile(k.Tile).Start;
            for (int segment = rows.TileSegments[k.Tile]; segment < rows.TileSegments[k.Tile + 1]; segment++)
                for (int w = rows.SegmentStarts[segment]; w < rows.SegmentStarts[segment + 1]; w++)
                {
                    float sum = 0;
                    for (int lane = 0; lane < k.Lanes; lane++)
                        sum = MathF.FusedMultiplyAdd(
                            k.Dy[rows.SegmentRows[segment] * k.Lanes + lane], k.X[rows.Inputs[w] * k.Lanes + lane], sum);
                    k.Gradient[w - start] = k.Add ? k.Gradient[w - start] + sum : sum;
                }
        }),
        In<SparseWeightGradient>("WeightGradientFromNegativeZero", k =>
        {
            k.Reference();
            foreach (ref float gradient in k.Gradient[..WeightsOf(k)])
                if (gradient == 0) gradient = -0f;
        }),
        In<SparseWeightGradient>("WeightGradientTouchesGuard", k =>
        {
            k.Reference();
            if (k.Tile == k.Matrix.ByOutput.Tiles - 1) k.Gradient[WeightsOf(k)] = 0;
        }),
    ];

    private static int WeightsOf(in SparseWeightGradient kernel)
    {
        (int start, int end) = kernel.Matrix.Tile(kernel.Tile);
        return end - start;
    }
}
