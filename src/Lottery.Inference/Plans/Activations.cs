using Lottery.Numerics;

namespace Lottery.Plans;

/// <summary>The values of every signal of a plan for one batch, tile after tile; or their gradients.</summary>
internal sealed class Activations : IDisposable
{
    private readonly (AlignedBuffer<float>? Values, int Length)[] _buffers;

    /// <summary>Room for the values of <paramref name="batch"/> examples.</summary>
    public Activations(NetworkPlan plan, int batch) : this(plan, new(batch), _ => true, signal => signal.ValuesOf)
    {
    }

    private Activations(NetworkPlan plan, BatchTiles tiles, Func<Signal, bool> has, Func<Signal, int?> other)
    {
        (Plan, Tiles) = (plan, tiles);
        _buffers = new (AlignedBuffer<float>?, int)[plan.Signals.Length];
        foreach (Signal signal in plan.Signals.Where(signal => has(signal) && other(signal) is null))
        {
            int length = signal.TileLength(tiles.Lanes), count = signal.Shape.IsFlat ? tiles.Tiles : tiles.PictureTiles;
            _buffers[signal.Index] = (new(checked(count * length)), length);
        }
        foreach (Signal signal in plan.Signals.Where(signal => has(signal) && other(signal) is not null))
        {
            Signal owner = signal;
            while (other(owner) is { } index) owner = plan.Signals[index];
            _buffers[signal.Index] = _buffers[owner.Index];
        }
    }

    /// <summary>The plan.</summary>
    public NetworkPlan Plan { get; }

    /// <summary>How the examples lie in tiles.</summary>
    public BatchTiles Tiles { get; }

    /// <summary>Room for the gradients of a batch; the network's input has none, and the scores' is made where they lie.</summary>
    public Activations Gradients() => new(
        Plan, Tiles, signal => signal != Plan.Input && signal != Plan.Output, signal => signal.GradientOf);

    /// <summary>One tile of a signal.</summary>
    public Span<float> At(Signal signal, int tile)
    {
        (AlignedBuffer<float>? values, int length) = _buffers[signal.Index];
        return values!.Span.Slice(tile * length, length);
    }

    /// <summary>Every tile of a signal, one after the other.</summary>
    public Span<float> All(Signal signal) => _buffers[signal.Index].Values!.Span;

    /// <summary>One tile of a signal where a ReLU made it, otherwise nothing: what stops a gradient.</summary>
    public Span<float> Gate(Signal signal, int tile) => signal.Rectified ? At(signal, tile) : default;

    /// <summary>From the input to the scores of the classes.</summary>
    public void Forward(Pass pass)
    {
        foreach (LayerPlan layer in Plan.Layers) layer.Forward(this, pass);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((AlignedBuffer<float>? values, _) in _buffers) values?.Dispose();
    }
}
