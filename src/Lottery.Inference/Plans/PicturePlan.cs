namespace Lottery.Plans;

/// <summary>A layer on pictures, whose tiles do not know of one another: the crew's threads take them as they come.</summary>
internal abstract class PicturePlan : LayerPlan
{
    private readonly Action<int, int> _tile;
    private Activations? _x;
    private Pass _pass;

    protected PicturePlan((Signal Input, Signal Output) ends, int offset) : base(ends.Input, ends.Output, offset) =>
        _tile = (tile, _) => { if (_x!.Tiles.Live[tile] > 0) Forward(_x, _pass, tile); };

    /// <inheritdoc/>
    public sealed override void Forward(Activations x, Pass pass)
    {
        (_x, _pass) = (x, pass);
        x.Plan.Crew.Run(x.Tiles.PictureTiles, _tile);
    }

    /// <summary>From input to output, one tile of pictures.</summary>
    protected abstract void Forward(Activations x, Pass pass, int tile);
}
