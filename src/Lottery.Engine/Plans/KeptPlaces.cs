namespace Lottery.Plans;

/// <summary>Where the values of a layer of kept weights lie in its tensors: weights first, then biases, each rounded up to a multiple of 16.</summary>
/// <param name="weights">For each stored weight its place in the weight tensor.</param>
/// <param name="biases">For each stored bias its place in the bias tensor.</param>
internal sealed class KeptPlaces(int[] weights, int[] biases)
{
    /// <summary>Where the biases begin.</summary>
    public int BiasOffset => LayerPlan.Padded(weights.Length);

    /// <summary>The number of values.</summary>
    public int Length => BiasOffset + LayerPlan.Padded(biases.Length);

    /// <summary>Takes the values from tensors in full shape.</summary>
    public void Load(ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, Span<float> values)
    {
        values.Clear();
        for (int k = 0; k < weights.Length; k++) values[k] = weight[weights[k]];
        for (int k = 0; k < biases.Length; k++) values[BiasOffset + k] = bias[biases[k]];
    }

    /// <summary>Writes the values into tensors in full shape; what is pruned is left as it is.</summary>
    public void Save(ReadOnlySpan<float> values, Span<float> weight, Span<float> bias)
    {
        for (int k = 0; k < weights.Length; k++) weight[weights[k]] = values[k];
        for (int k = 0; k < biases.Length; k++) bias[biases[k]] = values[BiasOffset + k];
    }
}
