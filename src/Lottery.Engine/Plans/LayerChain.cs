using System.Collections.Immutable;

namespace Lottery.Plans;

/// <summary>A layer on images of which the tiles do not know of one another.</summary>
internal interface ITiledPlan
{
    /// <summary>What is done once for all tiles.</summary>
    void Begin(NetworkPlan plan);

    /// <summary>From input to output, one tile of images.</summary>
    void Tile(Activations x, Pass pass, int tile, int worker);
}

/// <summary>
/// Layers that follow one another and are gone through tile by tile (<see cref="TileShares"/>): what one writes, the next
/// finds in the cache.
/// </summary>
internal sealed class LayerChain
{
    private readonly LayerPlan _first;
    private readonly ITiledPlan[] _tiled;
    private readonly TileShares _shares;
    private Activations? _x;
    private Pass _pass;

    /// <summary>Some tiled layers, or one that is not.</summary>
    public LayerChain(params IReadOnlyCollection<LayerPlan> layers)
    {
        _first = layers.First();
        _tiled = [.. layers.OfType<ITiledPlan>()];
        _shares = new(Tile);
    }

    /// <summary>The layers that are gone through tile by tile.</summary>
    public IReadOnlyList<LayerPlan> Tiled => [.. _tiled.Cast<LayerPlan>()];

    /// <summary>The longest chains of a plan's layers.</summary>
    public static ImmutableArray<LayerChain> Of(IReadOnlyList<LayerPlan> layers)
    {
        var chains = ImmutableArray.CreateBuilder<LayerChain>();
        for (int start = 0, end; start < layers.Count; start = end)
        {
            end = start + 1;
            while (layers[start] is ITiledPlan && end < layers.Count && layers[end] is ITiledPlan) end++;
            chains.Add(new([.. layers.Take(start..end)]));
        }
        return chains.ToImmutable();
    }

    /// <summary>From the first layer's input to the last one's output, for the whole batch.</summary>
    public void Forward(Activations x, Pass pass)
    {
        if (_tiled.Length == 0)
        {
            _first.Forward(x, pass);
            return;
        }
        (_x, _pass) = (x, pass);
        foreach (ITiledPlan layer in _tiled) layer.Begin(x.Plan);
        _shares.Run(x.Plan.ThreadTeam, x.Tiles);
    }

    private void Tile(int tile, int worker)
    {
        foreach (ITiledPlan layer in _tiled) layer.Tile(_x!, _pass, tile, worker);
    }
}
