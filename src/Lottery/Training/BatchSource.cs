using Lottery.Data;
using Lottery.Kernels;
using Lottery.Kernels.Elementwise;
using Lottery.Plans;

namespace Lottery.Training;

/// <summary>Puts examples into the engine's layout.</summary>
internal sealed class BatchSource(NetworkPlan plan, Activations activations)
{
    private readonly byte[] _labels = new byte[activations.Tiles.Batch];

    /// <summary>Assembles examples.</summary>
    /// <param name="examples">Where they are.</param>
    /// <param name="indices">Which ones; at most as many as the activations have room for.</param>
    /// <param name="next">Which ones will be asked for after these, or nothing; fetched ahead.</param>
    public void Fill(Examples examples, ReadOnlySpan<int> indices, ReadOnlySpan<int> next)
    {
        ReadOnlySpan<byte> labels = examples.Labels.Span;
        for (int i = 0; i < indices.Length; i++) _labels[i] = labels[indices[i]];
        BatchTiles tiles = activations.Tiles;
        tiles.Count = indices.Length;
        bool flat = plan.Input.Shape.IsFlat;
        for (int tile = 0; tile < (flat ? tiles.Tiles : tiles.ImageTiles); tile++)
        {
            Range where = flat ? tiles.Of(tile) : tiles.OfImages(tile);
            ReadOnlySpan<int> part = indices[where], ahead = next.Length == indices.Length ? next[where] : default;
            if (part.Length > 0)
                plan.Kernels.Run(new AssembleBatch
                {
                    Pixels = examples.Pixels.Span, Features = examples.Features, Examples = part, Next = ahead, TargetRows = plan.Places,
                    Scale = examples.Scale, X = activations.At(plan.Input, tile), Lanes = flat ? tiles.Lanes : ImageLayout.Lanes,
                });
        }
    }

    /// <summary>The labels of the examples in a tile of plain units.</summary>
    public ReadOnlySpan<byte> Labels(int tile) => _labels.AsSpan()[activations.Tiles.Of(tile)];
}
