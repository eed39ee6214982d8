using Lottery.Data;
using Lottery.Plans;

namespace Lottery.Training;

/// <summary>Puts examples into the engine's layout.</summary>
internal sealed class BatchSource(NetworkPlan plan, Activations activations)
{
    private readonly byte[] _labels = new byte[activations.Batch];

    /// <summary>Assembles examples.</summary>
    /// <param name="examples">Where they are.</param>
    /// <param name="indices">Which ones; at most as many as the activations have room for.</param>
    /// <param name="next">Which ones will be asked for after these, or nothing; fetched ahead.</param>
    public void Fill(Examples examples, ReadOnlySpan<int> indices, ReadOnlySpan<int> next)
    {
        ReadOnlySpan<byte> labels = examples.Labels.Span;
        for (int i = 0; i < indices.Length; i++) _labels[i] = labels[indices[i]];
        for (int tile = 0; tile < activations.Tiles; tile++)
        {
            Range where = PartOf(tile, indices.Length);
            ReadOnlySpan<int> part = indices[where], ahead = next.Length == indices.Length ? next[where] : default;
            if (part.Length > 0)
                plan.Kernels.AssembleBatch(
                    examples.Pixels.Span, examples.Features, part, ahead, plan.Places, activations.At(0, tile), activations.Lanes);
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
