using System.Collections.Immutable;
using Lottery.Plans;

namespace Lottery.Training;

/// <summary>
/// Layers that follow one another on the way back and are gone through tile by tile: the gradient that one writes, the
/// next finds in the cache (<see cref="TileShares"/>).
/// </summary>
internal sealed class GradientChain
{
    private readonly LayerGradient _first;
    private readonly TiledGradient[] _tiled;
    private readonly TileShares _shares;
    private Flow _flow;
    private Pass _pass;

    /// <summary>Some tiled layers, or one that is not.</summary>
    public GradientChain(params IReadOnlyCollection<LayerGradient> layers)
    {
        _first = layers.First();
        _tiled = [.. layers.OfType<TiledGradient>()];
        _shares = new(Tile);
    }

    /// <summary>The longest chains of layers, the last layer first.</summary>
    public static ImmutableArray<GradientChain> Of(IReadOnlyList<LayerGradient> layers)
    {
        var chains = ImmutableArray.CreateBuilder<GradientChain>();
        for (int start = 0, end; start < layers.Count; start = end)
        {
            end = start + 1;
            while (layers[start] is TiledGradient && end < layers.Count && layers[end] is TiledGradient) end++;
            chains.Add(new([.. layers.Take(start..end)]));
        }
        return chains.ToImmutable();
    }

    /// <summary>From the first layer's output to the last one's input, for the whole batch.</summary>
    public void Back(Flow flow, Pass pass, OptimizerState optimizer)
    {
        if (_tiled.Length == 0)
        {
            _first.Back(flow, pass, optimizer);
            return;
        }
        (_flow, _pass) = (flow, pass);
        foreach (TiledGradient layer in _tiled) layer.Begin(flow);
        _shares.Run(flow.Plan.ThreadTeam, flow.Tiles);
        foreach (TiledGradient layer in _tiled) layer.End(flow, optimizer);
    }

    private void Tile(int tile, int worker)
    {
        foreach (TiledGradient layer in _tiled) layer.Tile(_flow, _pass, tile, worker);
    }
}
