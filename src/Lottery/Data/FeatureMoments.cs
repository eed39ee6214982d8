namespace Lottery.Data;

/// <summary>
/// Mean and standard deviation (divided by the number of examples, not one less) of each numeric feature, in double precision
/// and in the order of the indices, so that they are the same bits everywhere.
/// </summary>
internal static class FeatureMoments
{
    /// <summary>The moments over some examples. A feature that has one value, or whose variation single precision cannot scale, has deviation 0.</summary>
    /// <param name="examples">Examples with numeric features.</param>
    /// <param name="indices">The examples to use; at least one.</param>
    public static (double Mean, double StandardDeviation)[] Of(Examples examples, ReadOnlySpan<int> indices)
    {
        int features = examples.Features;
        ReadOnlySpan<float> values = examples.Values.Span;
        var (means, squares, varies) = (new double[features], new double[features], new bool[features]);
        ReadOnlySpan<float> first = values.Slice(indices[0] * features, features);
        foreach (int index in indices)
        {
            ReadOnlySpan<float> example = values.Slice(index * features, features);
            for (int feature = 0; feature < features; feature++)
            {
                means[feature] += example[feature];
                varies[feature] |= example[feature] != first[feature];
            }
        }
        for (int feature = 0; feature < features; feature++) means[feature] = varies[feature] ? means[feature] / indices.Length : first[feature];
        foreach (int index in indices)
        {
            ReadOnlySpan<float> example = values.Slice(index * features, features);
            for (int feature = 0; feature < features; feature++)
            {
                double distance = example[feature] - means[feature];
                squares[feature] += distance * distance;
            }
        }
        var moments = new (double, double)[features];
        for (int feature = 0; feature < features; feature++)
        {
            double deviation = Math.Sqrt(squares[feature] / indices.Length);
            bool fits = float.IsFinite((float)(1 / deviation)) && float.IsFinite((float)(means[feature] / deviation));
            moments[feature] = (means[feature], fits ? deviation : 0);
        }
        return moments;
    }
}
