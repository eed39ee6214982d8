using System.Runtime.CompilerServices;
using Lottery.Kernels;
using Lottery.Kernels.Elementwise;
using Lottery.Kernels.Prediction;
using Lottery.Networks;
using Lottery.Operations;
using Lottery.Plans;

namespace Lottery.Prediction;

/// <summary>Predicts batches with the plan that trains: the batch is innermost in memory, a tile of 16 or of 64 examples at a time.</summary>
/// <remarks>For one thread: a plan has scratch buffers.</remarks>
internal sealed class BatchPlan : IDisposable
{
    /// <summary>The most examples at once.</summary>
    public const int Most = BatchTiles.MaxLanes;

    private const int Few = 16;
    private static readonly int[] s_indices = [.. Enumerable.Range(0, Most)];
    private readonly CompiledPlan _plan;
    private readonly PixelScale _scale;
    private readonly Lazy<TensorBuffers> _few, _many;

    /// <summary>The batches of a plan, which this disposes of.</summary>
    public BatchPlan(CompiledPlan plan, PixelScale scale)
    {
        (_plan, _scale) = (plan, scale);
        _few = new(() => plan.Allocate(Few), isThreadSafe: false);
        _many = new(() => plan.Allocate(Most), isThreadSafe: false);
    }

    /// <summary>The scores of up to <see cref="Most"/> examples.</summary>
    /// <param name="inputs"><c>[count, inputs]</c>, already scaled.</param>
    /// <param name="count">The number of examples.</param>
    /// <param name="scores"><c>[count, classes]</c>.</param>
    public void Scores(ReadOnlySpan<float> inputs, int count, Span<float> scores)
    {
        TensorBuffers x = BuffersFor(count);
        int features = _plan.Network.Inputs;
        for (int tile = 0; tile < Tiles(x); tile++)
            if (Part(x, tile).GetOffsetAndLength(count) is { Length: > 0 } part)
                _plan.Kernels.Run(new Interleave
                {
                    Values = inputs[(part.Offset * features)..], Features = features, Count = part.Length, TargetRows = _plan.InputRows,
                    X = x.At(_plan.Input, tile), Lanes = LanesOf(x),
                });
        Forward(x, count, scores);
    }

    /// <summary>The scores of up to <see cref="Most"/> images.</summary>
    /// <param name="images"><c>[count, inputs]</c>.</param>
    /// <param name="count">The number of examples.</param>
    /// <param name="scores"><c>[count, classes]</c>.</param>
    public void Scores(ReadOnlySpan<byte> images, int count, Span<float> scores)
    {
        TensorBuffers x = BuffersFor(count);
        for (int tile = 0; tile < Tiles(x); tile++)
            if (s_indices.AsSpan(0, count)[Part(x, tile)] is { Length: > 0 } part)
                _plan.Kernels.Run(new AssembleBatch
                {
                    Pixels = images, Features = _plan.Network.Inputs, Examples = part, TargetRows = _plan.InputRows, Scale = _scale,
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

    private TensorBuffers BuffersFor(int count)
    {
        TensorBuffers x = (count <= Few ? _few : _many).Value;
        x.Tiles.Count = count;
        return x;
    }

    private int Tiles(TensorBuffers x) => _plan.Input.Shape.IsFlat ? x.Tiles.Tiles : x.Tiles.ImageTiles;

    private int LanesOf(TensorBuffers x) => _plan.Input.Shape.IsFlat ? x.Tiles.Lanes : ImageLayout.Lanes;

    private Range Part(TensorBuffers x, int tile) => _plan.Input.Shape.IsFlat ? x.Tiles.Examples(tile) : x.Tiles.ImageExamples(tile);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Forward(TensorBuffers x, int count, Span<float> scores)
    {
        _plan.Forward(_plan.Evaluation(x));
        int lanes = x.Tiles.Lanes, classes = _plan.Network.Outputs;
        ReadOnlySpan<float> y = x.At(_plan.Output, 0);
        // −0 + 0 = +0: see SinglePlan.
        for (int c = 0; c < classes; c++)
            for (int lane = 0; lane < count; lane++) scores[lane * classes + c] = y[c * lanes + lane] + 0f;
    }
}
