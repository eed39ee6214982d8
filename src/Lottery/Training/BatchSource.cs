using Lottery.Data;
using Lottery.Kernels;
using Lottery.Kernels.Elementwise;
using Lottery.Kernels.Prediction;
using Lottery.Operations;
using Lottery.Plans;

namespace Lottery.Training;

/// <summary>Assembles batches of examples in the layout of a plan's input.</summary>
/// <param name="plan">The plan.</param>
/// <param name="x">The values of its tensors.</param>
internal sealed class BatchSource(CompiledPlan plan, TensorBuffers x)
{
    private readonly byte[] _labels = new byte[x.Tiles.Batch];
    private float[] _inputs = [];

    /// <summary>Assembles a batch.</summary>
    /// <param name="examples">The data.</param>
    /// <param name="indices">The examples, at most as many as a batch has.</param>
    /// <param name="next">The examples of the next batch, to prefetch them; or nothing.</param>
    public void Fill(Examples examples, ReadOnlySpan<int> indices, ReadOnlySpan<int> next)
    {
        ReadOnlySpan<byte> labels = examples.Labels.Span;
        for (int i = 0; i < indices.Length; i++) _labels[i] = labels[indices[i]];
        BatchTiles tiles = x.Tiles;
        tiles.Count = indices.Length;
        bool isFlat = plan.Input.Shape.IsFlat;
        for (int tile = 0; tile < (isFlat ? tiles.Tiles : tiles.ImageTiles); tile++)
        {
            Range range = isFlat ? tiles.Examples(tile) : tiles.ImageExamples(tile);
            ReadOnlySpan<int> part = indices[range], prefetch = next.Length == indices.Length ? next[range] : default;
            if (part.Length == 0) continue;
            if (examples.AreNumeric) FillFeatures(examples, part, tile, isFlat ? tiles.Lanes : ImageLayout.Lanes);
            else
                plan.Kernels.Run(new AssembleBatch
                {
                    Pixels = examples.Pixels.Span, Features = examples.Features, Examples = part, Next = prefetch, TargetRows = plan.InputRows,
                    Scale = examples.Scale, X = x.At(plan.Input, tile), Lanes = isFlat ? tiles.Lanes : ImageLayout.Lanes,
                });
        }
    }

    /// <summary>Numeric features are standardized row by row, then interleaved; the rows are allocated at the first batch only.</summary>
    private void FillFeatures(Examples examples, ReadOnlySpan<int> part, int tile, int lanes)
    {
        int features = examples.Features;
        if (_inputs.Length < part.Length * features) _inputs = new float[BatchTiles.MaxLanes * features];
        for (int i = 0; i < part.Length; i++) examples.Standardize(part[i], _inputs.AsSpan(i * features, features));
        plan.Kernels.Run(new Interleave
        {
            Values = _inputs.AsSpan(0, part.Length * features), Features = features, Count = part.Length, TargetRows = plan.InputRows,
            X = x.At(plan.Input, tile), Lanes = lanes,
        });
    }

    /// <summary>The labels of the examples in a feature tile.</summary>
    public ReadOnlySpan<byte> Labels(int tile) => _labels.AsSpan()[x.Tiles.Examples(tile)];
}
