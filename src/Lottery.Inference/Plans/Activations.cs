using Lottery.Numerics;

namespace Lottery.Plans;

/// <summary>
/// The activations of one batch, before every layer and after the last, cut into tiles of at most 64 lanes:
/// <c>[tile][unit][lane]</c>, so that a unit's lanes of one tile are one contiguous run.
/// </summary>
internal sealed class Activations : IDisposable
{
    private readonly AlignedBuffer<float>[] _values;
    private readonly NetworkPlan _plan;

    /// <summary>Room for <paramref name="batch"/> examples.</summary>
    public Activations(NetworkPlan plan, int batch)
    {
        (_plan, Batch) = (plan, batch);
        Tiles = (batch + LayerPlan.MostLanes - 1) / LayerPlan.MostLanes;
        InTile = (batch + Tiles - 1) / Tiles;
        Lanes = LayerPlan.Padded(InTile);
        _values = [.. Enumerable.Range(0, plan.Layers.Length + 1).Select(i => new AlignedBuffer<float>(Tiles * plan.RowsAt(i) * Lanes))];
    }

    /// <summary>Examples.</summary>
    public int Batch { get; }

    /// <summary>The number of tiles.</summary>
    public int Tiles { get; }

    /// <summary>Examples of every tile but perhaps the last.</summary>
    public int InTile { get; }

    /// <summary>Lanes of a tile, padding included: a multiple of 16.</summary>
    public int Lanes { get; }

    /// <summary>The activations before the layer at <paramref name="index"/>, one tile.</summary>
    public Span<float> At(int index, int tile)
    {
        int length = _plan.RowsAt(index) * Lanes;
        return _values[index].Span.Slice(tile * length, length);
    }

    /// <summary>From the input to the scores of the classes, one tile.</summary>
    public void Forward(int tile)
    {
        for (int i = 0; i < _plan.Layers.Length; i++)
            _plan.Layers[i].Forward(_plan.ValuesOf(_plan.Layers[i]), At(i, tile), At(i + 1, tile), Lanes);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (AlignedBuffer<float> values in _values) values.Dispose();
    }
}
