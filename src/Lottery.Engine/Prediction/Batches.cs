using System.Runtime.CompilerServices;
using Lottery.Kernels;
using Lottery.Kernels.Elementwise;
using Lottery.Kernels.Prediction;
using Lottery.Networks;
using Lottery.Plans;

namespace Lottery.Prediction;

/// <summary>Many examples at once, by the plan that trained them: the batch is innermost, a tile of 16 or of 64 at a time.</summary>
/// <remarks>No two threads share one: a plan has room of its own for what its layers are in the middle of.</remarks>
internal sealed class Batches : IDisposable
{
    /// <summary>The most examples at once.</summary>
    public const int Most = LayerPlan.MostLanes;

    private const int Few = 16;
    private static readonly int[] s_indices = [.. Enumerable.Range(0, Most)];
    private readonly NetworkPlan _plan;
    private readonly PixelScale _scale;
    private readonly Lazy<Activations> _few, _many;

    /// <summary>Room for one thread.</summary>
    public Batches(NetworkPlan plan, PixelScale scale)
    {
        (_plan, _scale) = (plan, scale);
        _few = new(() => new(plan, Few), isThreadSafe: false);
        _many = new(() => new(plan, Most), isThreadSafe: false);
    }

    /// <summary>The scores of up to <see cref="Most"/> examples.</summary>
    /// <param name="inputs"><c>[count, inputs]</c>, already scaled.</param>
    /// <param name="count">How many.</param>
    /// <param name="scores"><c>[count, classes]</c>.</param>
    public void Scores(ReadOnlySpan<float> inputs, int count, Span<float> scores)
    {
        Activations x = RoomFor(count);
        int features = _plan.Network.Inputs;
        for (int tile = 0; tile < Tiles(x); tile++)
            if (Part(x, tile).GetOffsetAndLength(count) is { Length: > 0 } part)
                _plan.Kernels.Run(new Interleave
                {
                    Values = inputs[(part.Offset * features)..], Features = features, Count = part.Length, TargetRows = _plan.Places,
                    X = x.At(_plan.Input, tile), Lanes = LanesOf(x),
                });
        Forward(x, count, scores);
    }

    /// <summary>The same of images.</summary>
    /// <param name="images"><c>[count, inputs]</c>.</param>
    /// <param name="count">How many.</param>
    /// <param name="scores"><c>[count, classes]</c>.</param>
    public void Scores(ReadOnlySpan<byte> images, int count, Span<float> scores)
    {
        Activations x = RoomFor(count);
        for (int tile = 0; tile < Tiles(x); tile++)
            if (s_indices.AsSpan(0, count)[Part(x, tile)] is { Length: > 0 } part)
                _plan.Kernels.Run(new AssembleBatch
                {
                    Pixels = images, Features = _plan.Network.Inputs, Examples = part, TargetRows = _plan.Places, Scale = _scale,
                    X = x.At(_plan.Input, tile), Lanes = LanesOf(x),
                });
        Forward(x, count, scores);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_few.IsValueCreated) _few.Value.Dispose();
        if (_many.IsValueCreated) _many.Value.Dispose();
        _plan.Dispose();
    }

    private Activations RoomFor(int count)
    {
        Activations x = (count <= Few ? _few : _many).Value;
        x.Tiles.Count = count;
        return x;
    }

    private int Tiles(Activations x) => _plan.Input.Shape.IsFlat ? x.Tiles.Tiles : x.Tiles.ImageTiles;

    private int LanesOf(Activations x) => _plan.Input.Shape.IsFlat ? x.Tiles.Lanes : ImageLayout.Lanes;

    private Range Part(Activations x, int tile) => _plan.Input.Shape.IsFlat ? x.Tiles.Of(tile) : x.Tiles.OfImages(tile);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Forward(Activations x, int count, Span<float> scores)
    {
        x.Forward(Pass.Evaluation);
        int lanes = x.Tiles.Lanes, classes = _plan.Network.Outputs;
        ReadOnlySpan<float> y = x.At(_plan.Output, 0);
        // −0 + 0 = +0: see AlonePlan.
        for (int c = 0; c < classes; c++)
            for (int lane = 0; lane < count; lane++) scores[lane * classes + c] = y[c * lanes + lane] + 0f;
    }
}
