using Lottery.Kernels;
using Lottery.Networks;

namespace Lottery.Plans;

/// <summary>One linear layer of a masked network: where its values lie, and how it is run.</summary>
/// <remarks>
/// Activations are feature-major with the batch innermost, <c>x[unit][lane]</c>: one kept weight touches one contiguous
/// run of lanes. A layer reads the units of its input that are present and writes those of its output that are.
/// </remarks>
internal abstract class LayerPlan(Linear layer, bool relu, int offset, KernelSet kernels) : IDisposable
{
    /// <summary>The most lanes that one call takes; a larger batch is cut into tiles.</summary>
    public const int MostLanes = 64;

    /// <summary>The layer.</summary>
    public Linear Layer { get; } = layer;

    /// <summary>True where a ReLU follows.</summary>
    public bool Relu { get; } = relu;

    /// <summary>Where the layer's values begin in the plan's.</summary>
    public int Offset { get; } = offset;

    /// <summary>The number of values: weights, then biases, each rounded up to a multiple of 16.</summary>
    public abstract int Length { get; }

    /// <summary>Where the biases begin, from <see cref="Offset"/>.</summary>
    public abstract int BiasOffset { get; }

    /// <summary>The kernels.</summary>
    protected KernelSet Kernels { get; } = kernels;

    /// <summary>y = W x + b, and the ReLU that follows.</summary>
    /// <param name="values">The layer's values.</param>
    /// <param name="x"><c>[present inputs, lanes]</c>.</param>
    /// <param name="y"><c>[present outputs, lanes]</c>.</param>
    /// <param name="lanes">A multiple of 16, at most <see cref="MostLanes"/>.</param>
    public abstract void Forward(ReadOnlySpan<float> values, ReadOnlySpan<float> x, Span<float> y, int lanes);

    /// <summary>Takes the layer's values from tensors in full shape.</summary>
    public abstract void Load(ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, Span<float> values);

    /// <summary>Writes the layer's values into tensors in full shape; what is pruned is left as it is.</summary>
    public abstract void Save(ReadOnlySpan<float> values, Span<float> weight, Span<float> bias);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Rounds up to a multiple of <paramref name="unit"/>.</summary>
    public static int Padded(int count, int unit = 16) => (count + unit - 1) / unit * unit;
}
