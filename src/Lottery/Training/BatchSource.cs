using Lottery.Data;
using Lottery.Plans;

namespace Lottery.Training;

/// <summary>Puts examples into the engine's layout.</summary>
internal sealed class BatchSource(NetworkPlan plan, Activations activations)
{
    private readonly byte[] _labels = new byte[activations.Batch];

    /// <summary>Assembles the examples at <paramref name="indices"/>; at most as many as the activations have room for.</summary>
    public void Fill(Examples examples, ReadOnlySpan<int> indices)
    {
        ReadOnlySpan<byte> labels = examples.Labels.Span;
        for (int i = 0; i < indices.Length; i++) _labels[i] = labels[indices[i]];
        for (int tile = 0; tile < activations.Tiles; tile++)
        {
            ReadOnlySpan<int> part = indices[PartOf(tile, indices.Length)];
            if (part.Length > 0)
                plan.Kernels.AssembleBatch(
                    examples.Pixels.Span, examples.Features, part, plan.Places, activations.At(0, tile), activations.Lanes);
        }
    }

    /// <summary>The labels of the examples in a tile.</summary>
    public ReadOnlySpan<byte> Labels(int tile, int count) => _labels.AsSpan()[PartOf(tile, count)];

    private Range PartOf(int tile, int count)
    {
        int start = Math.Min(tile * activations.InTile, count);
        return start..Math.Min(start + activations.InTile, count);
    }
}
