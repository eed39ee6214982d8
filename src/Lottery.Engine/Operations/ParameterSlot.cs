namespace Lottery.Operations;

/// <summary>Where an operation stores one of the network's parameters.</summary>
/// <param name="Parameter">The index among the network's parameters.</param>
/// <param name="Start">The first value, from the operation's offset on; a multiple of 16.</param>
/// <param name="Length">Values, padding included; a multiple of 16.</param>
/// <param name="Map">Which value of the tensor lies at which position.</param>
internal sealed record ParameterSlot(int Parameter, int Start, int Length, ParameterMap Map);

/// <summary>Which value of a tensor in full shape lies at which position of a <see cref="ParameterSlot"/>; other positions are padding.</summary>
internal abstract class ParameterMap
{
    /// <summary>The number of values that are stored.</summary>
    public abstract int Count { get; }

    /// <summary>Positions up to the last value, rounded up to a multiple of 16.</summary>
    public abstract int Extent { get; }

    /// <summary>True if a value lies at that position, false if it is padding.</summary>
    public abstract bool Holds(int position);

    /// <summary>Reads the values from a tensor in full shape; padding becomes zero.</summary>
    public abstract void Load(ReadOnlySpan<float> tensor, Span<float> values);

    /// <summary>Writes the values into a tensor in full shape; what is not stored stays as it is.</summary>
    public abstract void Save(ReadOnlySpan<float> values, Span<float> tensor);
}

/// <summary>A matrix <c>[outputs, inputs]</c>, stored transposed: position input × stride + output.</summary>
internal sealed class TransposedMap(int outputs, int inputs, int stride) : ParameterMap
{
    public override int Count => outputs * inputs;

    public override int Extent => inputs * stride;

    public override bool Holds(int position) => position < inputs * stride && position % stride < outputs;

    public override void Load(ReadOnlySpan<float> tensor, Span<float> values)
    {
        values.Clear();
        for (int output = 0; output < outputs; output++)
            for (int input = 0; input < inputs; input++) values[input * stride + output] = tensor[output * inputs + input];
    }

    public override void Save(ReadOnlySpan<float> values, Span<float> tensor)
    {
        for (int output = 0; output < outputs; output++)
            for (int input = 0; input < inputs; input++) tensor[output * inputs + input] = values[input * stride + output];
    }
}

/// <summary>A list: position k holds the tensor's value number <paramref name="indices"/>[k].</summary>
internal sealed class IndexedMap(int[] indices) : ParameterMap
{
    public override int Count => indices.Length;

    public override int Extent => Operation.Padded(indices.Length);

    public override bool Holds(int position) => position < indices.Length;

    public override void Load(ReadOnlySpan<float> tensor, Span<float> values)
    {
        values.Clear();
        for (int k = 0; k < indices.Length; k++) values[k] = tensor[indices[k]];
    }

    public override void Save(ReadOnlySpan<float> values, Span<float> tensor)
    {
        for (int k = 0; k < indices.Length; k++) tensor[indices[k]] = values[k];
    }
}
