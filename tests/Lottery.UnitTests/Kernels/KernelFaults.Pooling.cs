using Lottery.Kernels;
using Lottery.Kernels.Normalization;
using Lottery.Kernels.Pooling;
using static Lottery.UnitTests.Kernels.Fault;

namespace Lottery.UnitTests.Kernels;

internal static partial class KernelFaults
{
    private static Fault[] Pooling =>
    [
        In<MaxPoolForward>("MaxPoolTakesTheLastZero", k =>
        {
            foreach ((int result, int[] window) in PoolData.Windows(k.Pool))
            {
                int most = 0;
                for (int i = 1; i < window.Length; i++) most = k.X[window[i]] >= k.X[window[most]] ? i : most;
                (k.Y[result], k.ArgMax[result]) = (k.X[window[most]], most);
            }
        }),
        In<MaxPoolForward>("MaxPoolStartsAtZero", k =>
        {
            k.Reference();
            foreach (int index in ImageData.Indices(k.Pool.Output)) k.Y[index] = k.Y[index] > 0 ? k.Y[index] : 0;
        }),
        In<MaxPoolBackward>("MaxPoolBackwardToTheNext", k =>
        {
            foreach (int index in ImageData.Indices(k.Pool.Input)) k.Dx[index] = 0;
            foreach ((int result, int[] window) in PoolData.Windows(k.Pool))
            {
                int next = Math.Min((int)k.ArgMax[result] + 1, window.Length - 1);
                k.Dx[window[next]] += k.ReluMask && k.Y[result] <= 0 ? 0 : k.Dy[result];
            }
        }),
        In<MaxPoolBackward>("MaxPoolBackwardForgetsUncoveredPixels", k =>
        {
            var uncovered = new HashSet<int>(ImageData.Indices(k.Pool.Input));
            foreach ((_, int[] window) in PoolData.Windows(k.Pool)) uncovered.ExceptWith(window);
            k.Reference();
            foreach (int index in uncovered) k.Dx[index] = -54321.125f;
        }),
        In<MaxPoolBackward>("MaxPoolBackwardForgetsMask", k => (k with { ReluMask = false }).Reference()),
        In<AveragePoolForward>("AverageByReciprocal", k =>
        {
            foreach ((int result, int[] window) in PoolData.Windows(k.Pool))
            {
                float sum = 0;
                foreach (int index in window) sum += k.X[index];
                k.Y[result] = sum * (1f / window.Length);
            }
        }),
        In<AveragePoolBackward>("AverageBackwardForgetsMask", k => (k with { ReluMask = default }).Reference()),
        In<AveragePoolBackward>("AverageBackwardForgetsUncoveredPixels", k =>
        {
            k.Reference();
            if (!k.Pool.Tiles) k.Dx[k.Pool.Input.Offset(0, k.Pool.Input.Rows - 1, k.Pool.Input.Columns - 1)] = -54321.125f;
        }),
        In<GlobalAverageForward>("GlobalAverageByColumns", k =>
        {
            ImageLayout layout = k.Layout;
            for (int value = 0; value < 16 * layout.Channels; value++)
            {
                float sum = 0;
                for (int column = 0; column < layout.Columns; column++)
                    for (int row = 0; row < layout.Rows; row++) sum += k.X[layout.Offset(value / 16, row, column) + value % 16];
                k.Y[value / 16 * k.Lanes + 16 * k.LaneGroup + value % 16] = sum / layout.Pixels;
            }
        }),
        In<GlobalAverageForward>("GlobalAverageOfTheBorder", k =>
        {
            ImageLayout layout = k.Layout;
            (k with
            {
                Layout = layout with { Rows = layout.Rows + 2 * layout.Border, Columns = layout.Columns + 2 * layout.Border, Border = 0 },
            }).Reference();
        }),
        In<GlobalAverageBackward>("GlobalAverageBackwardByReciprocal", k =>
        {
            foreach (int index in ImageData.Indices(k.Layout))
                k.Dx[index] = k.ReluMask.IsEmpty || k.ReluMask[index] > 0
                    ? k.Dy[index / k.Layout.ChannelStride * k.Lanes + 16 * k.LaneGroup + index % 16] * (1f / k.Layout.Pixels)
                    : 0;
        }),
        In<GlobalAverageBackward>("GlobalAverageBackwardInTheBorder", k =>
        {
            k.Reference();
            if (k.Layout.Border > 0) k.Dx[0] = 0;
        }),
    ];

    private static Fault[] Normalization =>
    [
        In<BatchMoments>("MomentsCountPadding", k =>
        {
            var all = new int[k.ValidLanes.Length];
            Array.Fill(all, 16);
            (k with { ValidLanes = all }).Reference();
        }),
        In<BatchMoments>("MomentsInOneSum", k =>
        {
            k.Reference();
            double sum = 0;
            foreach (int index in ImageData.Indices(k.Shape.Input))
                for (int group = 0; group < k.ValidLanes.Length; group++)
                    if (index / k.Shape.Input.ChannelStride == k.Channel && index % 16 < k.ValidLanes[group])
                        sum += k.X[group * k.Shape.Input.Length + index];
            k.Result[0] = k.Result[0] with { Mean = (float)(sum / k.Result[0].Count) };
        }),
        In<BatchMoments>("MomentsByOneLessThanTheCount", k =>
        {
            k.Reference();
            Moments moments = k.Result[0];
            k.Result[0] = moments with { Variance = moments.Variance * moments.Count / (moments.Count - 1) };
        }),
        In<NormalizeForward>("NormalizeRoundsTwice", k =>
        {
            ImageLayout input = k.Shape.Input, output = k.Shape.Output;
            for (int group = 0; group < k.LaneGroups; group++)
                for (int i = 0; i < input.Pixels * 16; i++)
                {
                    (int row, int column) = (i / 16 / input.Columns, i / 16 % input.Columns);
                    float x = k.X[group * input.Length + input.Offset(k.Channel, row, column) + i % 16];
                    float product = (x - k.Numbers.Mean) * k.Numbers.Scale;
                    float value = product + k.Numbers.Shift;
                    k.Y[group * output.Length + output.Offset(k.Channel, row, column) + i % 16] = !k.Numbers.Relu || value > 0 ? value : 0;
                }
        }),
        In<NormalizeForward>("NormalizeInTheBorder", k =>
        {
            k.Reference();
            if (k.Shape.Output.Border > 0) k.Y[k.LaneGroups * k.Shape.Output.Length - 1] = k.Numbers.Shift;
        }),
        In<GradientMoments>("GradientMomentsCountPadding", k =>
        {
            var all = new int[k.ValidLanes.Length];
            Array.Fill(all, 16);
            (k with { ValidLanes = all }).Reference();
        }),
        In<GradientMoments>("GradientMomentsNotCentered", k =>
        {
            (k with { Mean = 0 }).Reference();
            k.Sums[1] -= k.Mean * k.Sums[0];
        }),
        In<NormalizeBackward>("NormalizeBackwardInPadding", k =>
        {
            k.Reference();
            if (k.ValidLanes[0] < 16) k.Dx[k.Shape.Input.Offset(k.Channel, 0, 0) + 15] = 1e-30f;
        }),
        In<NormalizeBackward>("NormalizeBackwardForgetsMask", k => (k with { Numbers = k.Numbers with { ReluMask = false } }).Reference()),
    ];
}
