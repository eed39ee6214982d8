using Lottery.Kernels.Elementwise;
using static Lottery.UnitTests.Kernels.Fault;

namespace Lottery.UnitTests.Kernels;

internal static partial class KernelFaults
{
    private static Fault[] Elementwise =>
    [
        In<ReluMask>("ReluMaskKeepsNegativeZero", k =>
        {
            for (int i = 0; i < k.Values.Length; i++) k.Values[i] = k.Mask[i] >= 0 ? k.Values[i] : 0;
        }),
        In<ReluMask>("ReluMaskForgetsTail", k =>
        {
            if (k.Values.Length > 0) (k with { Values = k.Values[..^1] }).Reference();
        }),
        In<SoftmaxCrossEntropy>("SoftmaxLossOff", k =>
        {
            k.Reference();
            k.Loss[0] = double.BitIncrement(k.Loss[0]);
        }),
        In<SoftmaxCrossEntropy>("SoftmaxForgetsPadding", k =>
        {
            k.Reference();
            if (k.Labels.Length < k.Lanes) k.Y[k.Classes * k.Lanes - 1] = 1e-30f;
        }),
        In<SoftmaxCrossEntropy>("SoftmaxOfTheLibrary", k =>
        {
            float max = k.Y[0], total = 0;
            for (int c = 0; c < k.Classes; c++) max = Math.Max(max, k.Y[c * k.Lanes]);
            for (int c = 0; c < k.Classes; c++) total += MathF.Exp(k.Y[c * k.Lanes] - max);
            float first = MathF.Exp(k.Y[0] - max) * (k.Scale / total) - (k.Labels[0] == 0 ? k.Scale : 0);
            k.Reference();
            k.Y[0] = first;
        }),
        In<AssembleBatch>("AssembleByReciprocal", k =>
        {
            k.Reference();
            int area = k.Features / k.Scale.Channels;
            for (int feature = 0; feature < k.Features; feature++)
                for (int lane = 0; lane < k.Examples.Length && k.TargetRows[feature] >= 0; lane++)
                    k.X[k.TargetRows[feature] * k.Lanes + lane] =
                        k.Pixels[k.Examples[lane] * k.Features + feature] * k.Scale.Numbers[3 * (feature / area)]
                        + k.Scale.Numbers[3 * (feature / area) + 2];
        }),
        In<AssembleBatch>("AssembleForgetsTail", k =>
        {
            int[] rows = k.TargetRows.ToArray();
            rows.AsSpan(k.Features / 16 * 16).Fill(-1);
            (k with { TargetRows = rows }).Reference();
        }),
        In<AssembleBatch>("AssembleForgetsPadding", k =>
        {
            var repeated = new int[k.Lanes];
            for (int i = 0; i < k.Lanes; i++) repeated[i] = k.Examples[i < k.Examples.Length ? i : 0];
            (k with { Examples = repeated }).Reference();
        }),
        In<AssembleBatch>("AssembleShiftsPadding", k =>
        {
            k.Reference();
            for (int feature = 0; feature < k.Features; feature++)
                for (int lane = k.Examples.Length; lane < k.Lanes && k.TargetRows[feature] >= 0; lane++)
                    k.X[k.TargetRows[feature] * k.Lanes + lane] = k.Scale.Numbers[3 * (feature / (k.Features / k.Scale.Channels)) + 2];
        }),
        In<AssembleBatch>("AssembleScalesByTheFirstChannel", k =>
        {
            ReadOnlySpan<float> scale = k.Scale.Numbers[..3];
            for (int feature = 0; feature < k.Features; feature++)
                for (int lane = 0; lane < k.Lanes && k.TargetRows[feature] >= 0; lane++)
                {
                    float b = lane < k.Examples.Length ? k.Pixels[k.Examples[lane] * k.Features + feature] : 0;
                    k.X[k.TargetRows[feature] * k.Lanes + lane] = lane < k.Examples.Length
                        ? MathF.FusedMultiplyAdd(b, scale[0], MathF.FusedMultiplyAdd(b, scale[1], scale[2]))
                        : 0;
                }
        }),
        In<DropoutValues>("DropoutForgetsItsIndex", k => (k with { First = 0 }).Reference()),
        In<DropoutValues>("DropoutDivides", k =>
        {
            float[] before = k.X.ToArray();
            k.Reference();
            for (int i = 0; i < k.Y.Length; i++)
                if (k.Y[i] != 0) k.Y[i] = before[i] / (1 / (float)(1 / (1 - k.Rate)));
        }),
        In<DropoutValues>("DropoutForgetsMask", k => (k with { ReluMask = default }).Reference()),
        In<DropoutValues>("DropoutForgetsTail", k =>
        {
            if (k.Y.Length % 64 == 48) (k with { Y = k.Y[..^16] }).Reference();
            else k.Reference();
        }),
        In<DotProduct>("SumInLaneOrder", k =>
        {
            k.Sum[0] = 0;
            for (int i = 0; i < k.A.Length; i++) k.Sum[0] += k.A[i] * k.B[i];
        }),
    ];

    private static Fault[] Images =>
    [
        In<FlattenForward>("FlattenForgetsTheLast", k =>
        {
            int last = (k.Indices.Offsets.Length - 1) * k.Lanes + 16 * k.LaneGroup;
            float[] before = last >= 0 ? k.Y.Slice(last, 16).ToArray() : [];
            k.Reference();
            if (last >= 0) before.CopyTo(k.Y[last..]);
        }),
        In<FlattenForward>("FlattenTakesTheNeighbour", k =>
        {
            k.Reference();
            int first = 16 * k.LaneGroup + 15;
            if (k.Indices.Offsets.Length > 1) Swap(ref k.Y[first], ref k.Y[first + k.Lanes]);
        }),
        In<FlattenBackward>("FlattenBackwardKeepsAbsentPixels", k =>
        {
            k.Reference();
            foreach (int index in ImageData.Indices(k.Indices.Layout))
                if (!k.Indices.Offsets.Contains(index / 16 * 16)) k.Dx[index] = -54321.125f;
        }),
        In<FlattenBackward>("FlattenBackwardPassesZero", k =>
        {
            (k with { ReluMask = default }).Reference();
            if (k.ReluMask.IsEmpty) return;
            foreach (int offset in k.Indices.Offsets)
                for (int i = offset; i < offset + 16; i++)
                    if (k.ReluMask[i] < 0) k.Dx[i] = 0;
        }),
        In<AddForward>("AddKeepsNegativeZero", k =>
        {
            for (int i = 0; i < k.Y.Length; i++)
            {
                float sum = k.A[i] + k.B[i];
                k.Y[i] = !k.Relu || sum >= 0 ? sum : 0;
            }
        }),
        In<AddForward>("AddForgetsTail", k =>
        {
            if (k.Y.Length > 0) (k with { Y = k.Y[..^1] }).Reference();
        }),
        In<AddMasked>("AddMaskedPassesZero", k =>
        {
            for (int i = 0; i < k.Dx.Length; i++) k.Dx[i] = k.ReluMask[i] >= 0 ? k.A[i] + k.B[i] : 0;
        }),
        In<AddMasked>("AddMaskedForgetsTail", k =>
        {
            if (k.Dx.Length > 0) (k with { Dx = k.Dx[..^1] }).Reference();
        }),
        In<ShortcutForward>("ShortcutKeepsOtherChannels", k =>
        {
            k.Reference();
            int last = k.Shape.Output.Channels - 1;
            if (!k.Targets.Contains(last)) k.Y[k.Shape.Output.Offset(last, 0, 0)] = -54321.125f;
        }),
        In<ShortcutForward>("ShortcutTakesTheNeighbour", k =>
        {
            k.Reference();
            if (k.Targets[0] >= 0 && k.Shape is { Stride: > 1, Input.Columns: > 1 })
                k.Y[k.Shape.Output.Offset(k.Targets[0], 0, 0)] = k.X[k.Shape.Input.Offset(0, 0, 1)];
        }),
        In<ShortcutBackward>("ShortcutBackwardKeepsPixelsBetween", k =>
        {
            k.Reference();
            if (k.Shape is { Stride: > 1, Input.Columns: > 1 }) k.Dx[k.Shape.Input.Offset(0, 0, 1)] = -54321.125f;
        }),
        In<ShortcutBackward>("ShortcutBackwardForgetsMask", k => (k with { ReluMask = default }).Reference()),
    ];
}
