using Lottery.Plans;

namespace Lottery.Training;

/// <summary>The way back through a layer on images of which the tiles do not know of one another.</summary>
internal abstract class TiledGradient : LayerGradient
{
    private readonly GradientChain _alone;

    protected TiledGradient() => _alone = new(this);

    /// <inheritdoc/>
    public sealed override void Back(Flow flow, Pass pass, OptimizerState optimizer) => _alone.Back(flow, pass, optimizer);

    /// <summary>What is done once for all tiles, before them.</summary>
    public virtual void Begin(Flow flow)
    {
    }

    /// <summary>What is done for one tile of images.</summary>
    public abstract void Tile(Flow flow, Pass pass, int tile, int worker);

    /// <summary>What is done once for all tiles, after them: the optimizer gets the gradient of the layer's values.</summary>
    public virtual void End(Flow flow, OptimizerState optimizer)
    {
    }
}
