using Lottery.Plans;

namespace Lottery.Training;

/// <summary>What a layer does on the way back.</summary>
internal abstract class LayerGradient : IDisposable
{
    /// <summary>The gradient of a layer as its plan stores it.</summary>
    public static LayerGradient Of(LayerPlan layer, NetworkPlan plan) => layer switch
    {
        DenseLayerPlan dense => new DenseLayerGradient(dense, plan),
        KeptLayerPlan kept => new KeptLayerGradient(kept, plan),
        _ => throw new ArgumentException($"There is no gradient of {layer.GetType().Name}.", nameof(layer)),
    };

    /// <summary>The gradient at the layer's input, through the ReLU that made the input.</summary>
    /// <param name="dy"><c>[present outputs, lanes]</c>.</param>
    /// <param name="x"><c>[present inputs, lanes]</c>.</param>
    /// <param name="dx"><c>[present inputs, lanes]</c>.</param>
    /// <param name="lanes">A multiple of 16.</param>
    public abstract void Input(ReadOnlySpan<float> dy, ReadOnlySpan<float> x, Span<float> dx, int lanes);

    /// <summary>The gradient of the layer's values, summed over the tiles of a batch in order, handed to the optimizer.</summary>
    /// <param name="batch">The tiles.</param>
    /// <param name="optimizer">Moves the values as soon as their gradient is complete.</param>
    public abstract void Values(Batch batch, OptimizerState optimizer);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>x and dy of one layer, tile by tile.</summary>
    /// <param name="X">The activations.</param>
    /// <param name="Dy">Their gradients; those of the classes lie in <paramref name="X"/>, where the loss put them.</param>
    /// <param name="Layer">The layer's index.</param>
    /// <param name="Last">True for the last layer.</param>
    public readonly record struct Batch(Activations X, Activations Dy, int Layer, bool Last)
    {
        public int Tiles => X.Tiles;

        public int Lanes => X.Lanes;

        public ReadOnlySpan<float> Input(int tile) => X.At(Layer, tile);

        public ReadOnlySpan<float> Gradient(int tile) => (Last ? X : Dy).At(Layer + 1, tile);
    }
}
