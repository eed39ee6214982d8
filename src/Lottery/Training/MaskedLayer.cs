using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Plans;

namespace Lottery.Training;

/// <summary>The weights of one layer as a plan lays them out, whatever its kind; some places only pad.</summary>
internal sealed class MaskedLayer
{
    private readonly string _name;
    private readonly char[] _stream;
    private readonly int[] _padding;

    private MaskedLayer(Parameter parameter, int start, int length, int[] padding)
    {
        (_name, Weights, Start, Length, _padding) = (parameter.Name, parameter.Count, start, length, padding);
        _stream = new char[64 + _name.Length];
    }

    /// <summary>The layer's weights.</summary>
    public int Weights { get; }

    /// <summary>Where they begin in the plan's values.</summary>
    public int Start { get; }

    /// <summary>Places, padding included: a multiple of 16.</summary>
    public int Length { get; }

    /// <summary>The weights that the mask in the plan keeps; 1 where it keeps none.</summary>
    public int Ones { get; set; } = 1;

    /// <summary>What kept weights are multiplied by.</summary>
    public float Scale { get; set; } = 1;

    /// <summary>The layers of a plan that a mask has bits for, found by where the plan puts their weights.</summary>
    public static MaskedLayer[] Of(NetworkPlan plan)
    {
        var numbers = new Weights(plan.Network);
        int[] prunable = [.. Enumerable.Range(0, plan.Network.Parameters.Length).Where(p => plan.Network.Parameters[p].Prunable)];
        foreach (int p in prunable) numbers[p].Fill(p + 1);
        var places = new float[plan.Values.Length];
        plan.Load(numbers, places);
        return [.. prunable.Select(p => Of(plan.Network.Parameters[p], p + 1, places))];
    }

    /// <summary>The layer's part of something laid out like the plan's values.</summary>
    public Span<float> Of(AlignedBuffer<float> values) => values.Span.Slice(Start, Length);

    /// <summary>The stream <c>supermask/USE-NUMBER/NAME</c>. Allocates nothing.</summary>
    public RandomStream Stream(ulong seed, string use, int number) =>
        _stream.AsSpan().TryWrite($"supermask/{use}-{number}/{_name}", out int length)
            ? new(seed, _stream.AsSpan(0, length))
            : throw new ArgumentException($"'{use}' is too long for the name of a use.", nameof(use));

    /// <summary>Writes <paramref name="value"/> wherever there is no weight.</summary>
    public void Pad(Span<float> values, float value)
    {
        foreach (int place in _padding) values[place] = value;
    }

    private static MaskedLayer Of(Parameter parameter, float number, float[] places)
    {
        int start = Array.IndexOf(places, number) / 16 * 16, end = Array.LastIndexOf(places, number) / 16 * 16 + 16;
        return new(parameter, start, end - start, [.. Enumerable.Range(start, end - start).Where(i => places[i] != number)]);
    }
}
