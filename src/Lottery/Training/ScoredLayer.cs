using Lottery.Numerics;
using Lottery.Plans;

namespace Lottery.Training;

/// <summary>The weights of one layer that have scores, as a plan lays them out.</summary>
/// <param name="row">Where they lie.</param>
internal sealed class ScoredLayer(ParameterRow row)
{
    private readonly string _name = row.Parameter.Name;
    private readonly char[] _stream = new char[64 + row.Parameter.Name.Length];

    /// <summary>The number of weights.</summary>
    public int Weights { get; } = row.Parameter.Count;

    /// <summary>The index of the first among the plan's values.</summary>
    public int Start => row.Offset;

    /// <summary>One more than the index of the last.</summary>
    public int End => row.Offset + row.Extent;

    /// <summary>The weights that the mask in the plan keeps; 1 if it keeps none.</summary>
    public int Ones { get; set; } = 1;

    /// <summary>What kept weights are multiplied by.</summary>
    public float Scale { get; set; } = 1;

    /// <summary>The layer's part of something laid out like the plan's values.</summary>
    public Span<float> Of(AlignedBuffer<float> values) => row.Of(values);

    /// <summary>The random stream <c>supermask/USE-NUMBER/NAME</c>. Allocates nothing.</summary>
    public RandomStream Stream(ulong seed, string use, int number) =>
        _stream.AsSpan().TryWrite($"supermask/{use}-{number}/{_name}", out int length)
            ? new(seed, _stream.AsSpan(0, length))
            : throw new ArgumentException($"'{use}' is too long for the name of a use.", nameof(use));

    /// <summary>Writes <paramref name="value"/> to the layer's padding in something laid out like the plan's values.</summary>
    public void Pad(Span<float> values, float value)
    {
        for (int position = 0; position < row.Extent; position++)
            if (!row.Map.Holds(position)) values[row.Offset + position] = value;
    }
}
