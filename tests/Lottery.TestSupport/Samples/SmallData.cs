using Lottery.Data;
using Lottery.Numerics;

namespace Lottery.TestSupport.Samples;

/// <summary>Images drawn from a seed by whole-number arithmetic: a pattern for each class, noise, and much black.</summary>
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
                int place = i * features + feature;
                bool bright = pattern.Bernoulli(labels[i] * features + feature, 0.3) != noise.Bernoulli(place, 0.1);
                pixels[place] = (byte)(bright ? 55 + noise.Below(place, 200) : 0);
            }
        }
        return new(pixels, labels, features);
    }

    /// <summary>A data set, some of it held back.</summary>
    public static SplitDataset Split(int train, int validation, int test, int features, int classes) =>
        Dataset.Create("small", classes, Examples(train + validation, features, classes, 1), Examples(test, features, classes, 2))
            .Split(validation, 3);
}
