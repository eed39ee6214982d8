using Lottery.Numerics;

namespace Lottery.Plans;

/// <summary>The values of every signal of a plan for one batch, tile after tile; or their gradients.</summary>
internal sealed class Activations : IDisposable
{
    private readonly Dictionary<MaxPoolPlan, AlignedBuffer<float>> _winners = [];
    private readonly Dictionary<PooledConvolutionPlan, AlignedBuffer<byte>> _choices = [];
    private readonly (AlignedBuffer<float>? Values, int Length, int Tiles)[] _buffers;

    /// <summary>Room for the values of <paramref name="batch"/> examples; one tile a thread for those that only pass (<see cref="NetworkPlan.ValuesPass"/>).</summary>
    public Activations(NetworkPlan plan, int batch) : this(plan, new(batch), plan.Stores, signal => signal.ValuesOf, plan.ValuesPass)
    {
        _winners = plan.Layers.OfType<MaxPoolPlan>().ToDictionary(pool => pool, pool =>
            new AlignedBuffer<float>(Tiles.ImageTiles * pool.Windows.Output.Length));
        _choices = plan.Layers.OfType<PooledConvolutionPlan>().ToDictionary(layer => layer, layer =>
            new AlignedBuffer<byte>(Tiles.ImageTiles * layer.Table.Pooled.Windows.Output.Length));
    }

    private Activations(NetworkPlan plan, BatchTiles tiles, Func<Signal, bool> has, Func<Signal, int?> other, Predicate<Signal> passing)
    {
        (Plan, Tiles) = (plan, tiles);
        _buffers = new (AlignedBuffer<float>?, int, int)[plan.Signals.Length];
        foreach (Signal signal in plan.Signals.Where(signal => has(signal) && other(signal) is null))
        {
            int length = signal.TileLength(tiles.Lanes), count = signal.Shape.IsFlat ? tiles.Tiles : tiles.ImageTiles;
            if (passing(signal)) count = Math.Min(count, plan.ThreadTeam.Threads);
            _buffers[signal.Index] = (new(checked(count * length)), length, count);
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

    /// <summary>
    /// Room for the gradients of a batch; the network's input has none, and the scores' is made where they lie. One that
    /// passes (<see cref="NetworkPlan.GradientPasses"/>) has room for as many tiles as there are threads, used again and again.
    /// </summary>
    public Activations Gradients() => new(
        Plan, Tiles, signal => signal != Plan.Input && signal != Plan.Output && Plan.Stores(signal), signal => signal.GradientOf, Plan.GradientPasses);

    /// <summary>One tile of a signal.</summary>
    public Span<float> At(Signal signal, int tile)
    {
        (AlignedBuffer<float>? values, int length, int tiles) = _buffers[signal.Index];
        return values!.Span.Slice(TileShares.Room(tile, tiles) * length, length);
    }

    /// <summary>One tile of what a max pooling remembers: which pixel of each window was the largest.</summary>
    public Span<float> Winners(MaxPoolPlan pool, int tile) =>
        _winners[pool].Span.Slice(tile * pool.Windows.Output.Length, pool.Windows.Output.Length);

    /// <summary>The same of a convolution with the pooling after it.</summary>
    public Span<byte> Choices(PooledConvolutionPlan layer, int tile)
    {
        int length = layer.Table.Pooled.Windows.Output.Length;
        return _choices[layer].Span.Slice(tile * length, length);
    }

    /// <summary>Every tile of a signal, one after the other.</summary>
    public Span<float> All(Signal signal) => _buffers[signal.Index].Values!.Span;

    /// <summary>One tile of a signal where a ReLU made it, otherwise nothing: what stops a gradient.</summary>
    public Span<float> Gate(Signal signal, int tile) => signal.Rectified ? At(signal, tile) : default;

    /// <summary>From the input to the scores of the classes.</summary>
    public void Forward(Pass pass)
    {
        foreach (LayerChain chain in Plan.Chains) chain.Forward(this, pass);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((AlignedBuffer<float>? values, _, _) in _buffers) values?.Dispose();
        foreach (IDisposable remembered in _winners.Values.Concat<IDisposable>(_choices.Values)) remembered.Dispose();
    }
}
