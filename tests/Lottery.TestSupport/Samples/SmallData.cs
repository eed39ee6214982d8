using Lottery.Data;
using Lottery.Numerics;

namespace Lottery.TestSupport.Samples;

/// <summary>Images sampled from a seed by integer arithmetic: a pattern for each class, noise, and much black.</summary>
internal static class SmallData
{
    /// <summary>As many examples of that many features, in that many classes.</summary>
    public static Examples Examples(int count, int features, int classes, ulong seed)
    {
        var (labels, pixels) = (new byte[count], new byte[count * features]);
        RandomStream label = new(seed, "test/labels"), noise = new(seed, "test/noise"), pattern = new(0, "test/patterns");
        for (int i = 0; i < count; i++)
        {
            labels[i] = (byte)label.Below(i, classes);
            for (int feature = 0; feature < features; feature++)
            {
                int position = i * features + feature;
                bool bright = pattern.Bernoulli(labels[i] * features + feature, 0.3) != noise.Bernoulli(position, 0.1);
                pixels[position] = (byte)(bright ? 55 + noise.Below(position, 200) : 0);
            }
        }
        return new(pixels, labels, features);
    }

    /// <summary>A data set, some of it held back.</summary>
    public static SplitDataset Split(int train, int validation, int test, int features, int classes) =>
        Dataset.Create("small", classes, Examples(train + validation, features, classes, 1), Examples(test, features, classes, 2))
            .Split(validation, 3);
}
