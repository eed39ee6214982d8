using Lottery.Networks;

namespace Lottery.Plans;

/// <summary>One layer of a masked network: where its values lie, and how it is run.</summary>
/// <remarks>
/// The batch is innermost, so one kept weight touches one contiguous run of lanes. A layer reads the channels or units of
/// its input that are present and writes those of its output that are.
/// </remarks>
/// <param name="input">What it reads.</param>
/// <param name="output">What it writes.</param>
/// <param name="offset">Where its values begin in the plan's.</param>
internal abstract class LayerPlan(Signal input, Signal output, int offset) : IDisposable
{
    /// <summary>The most lanes of plain units that one call takes; a larger batch is cut into tiles.</summary>
    public const int MostLanes = 64;

    /// <summary>What it reads.</summary>
    public Signal Input { get; } = input;

    /// <summary>What it writes.</summary>
    public Signal Output { get; } = output;

    /// <summary>Where the layer's values begin in the plan's.</summary>
    public int Offset { get; } = offset;

    /// <summary>The number of values, a multiple of 16.</summary>
    public virtual int Length => 0;

    /// <summary>From input to output, for the whole batch.</summary>
    public abstract void Forward(Activations x, Pass pass);

    /// <summary>Takes the layer's values from tensors in full shape.</summary>
    public virtual void Load(Weights weights, Span<float> values)
    {
    }

    /// <summary>Writes the layer's values into tensors in full shape; what is pruned is left as it is.</summary>
    public virtual void Save(ReadOnlySpan<float> values, Weights weights)
    {
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    /// <summary>Rounds up to a multiple of <paramref name="unit"/>.</summary>
    public static int Padded(int count, int unit = 16) => (count + unit - 1) / unit * unit;
}
