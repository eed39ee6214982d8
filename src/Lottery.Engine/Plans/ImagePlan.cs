namespace Lottery.Plans;

/// <summary>A layer on images without values of its own.</summary>
internal abstract class ImagePlan : LayerPlan, ITiledPlan
{
    private readonly LayerChain _alone;

    protected ImagePlan((Signal Input, Signal Output) ends, int offset) : base(ends.Input, ends.Output, offset) =>
        _alone = new(this);

    /// <inheritdoc/>
    public sealed override void Forward(Activations x, Pass pass) => _alone.Forward(x, pass);

    void ITiledPlan.Begin(NetworkPlan plan)
    {
    }

    void ITiledPlan.Tile(Activations x, Pass pass, int tile, int worker) => Forward(x, pass, tile);

    /// <summary>From input to output, one tile of images.</summary>
    protected abstract void Forward(Activations x, Pass pass, int tile);
}
