using Lottery.Data;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Specifications;

namespace Lottery.Gpu;

/// <summary>Examples that are made, not read: a machine with a card need not have a data set, nor a network.</summary>
internal static class MadeUpData
{
    /// <summary>Examples that differ; more repeat them, which is made quickly and takes as long to train on.</summary>
    private const int Different = 2_000;

    /// <summary>Images of the size of a network's input: a pattern for each class, noise, and much black.</summary>
    public static SplitDataset Images(Network network, int train, Augmentation augment) =>
        Create(network, train + 90, 130).Split(90, 3, Scaling.MeanStd, augment);

    /// <summary>As many as a data set has.</summary>
    public static SplitDataset Repeated(Network network, (int Train, int Validation, int Test) examples) =>
        Create(network, examples.Train + examples.Validation, examples.Test).Split(examples.Validation, 3);

    private static Dataset Create(Network network, int train, int test)
    {
        int features = network.Inputs, classes = network.Outputs;
        ImageShape shape = network.Input.IsFlat
            ? features == 784 ? new(1, 28, 28) : new(1, 1, features)
            : new(network.Input.Channels, network.Input.Height, network.Input.Width);
        return Dataset.Create("made up", classes, Examples(train, 1), Examples(test, 2));

        Examples Examples(int count, ulong seed)
        {
            RandomStream label = new(seed, "gpu/labels"), noise = new(seed, "gpu/noise"), pattern = new(0, "gpu/patterns");
            var (labels, pixels) = (new byte[count], new byte[count * features]);
            for (int i = 0; i < count; i++)
            {
                if (i >= Different)
                {
                    labels[i] = labels[i % Different];
                    pixels.AsSpan(i % Different * features, features).CopyTo(pixels.AsSpan(i * features));
                    continue;
                }
                labels[i] = (byte)label.Below(i, classes);
                for (int f = 0; f < features; f++)
                {
                    ulong bits = noise.Bits((long)i * features + f);
                    bool bright = (pattern.Bits((long)labels[i] * features + f) % 10 < 3) != (bits % 10 == 0);
                    pixels[i * features + f] = bright ? (byte)(55 + (bits >> 32) % 200) : (byte)0;
                }
            }
            return new Examples(pixels, labels, features) { Shape = shape };
        }
    }

    /// <summary>Numeric features.</summary>
    public static SplitDataset Numbers(Network network, int train)
    {
        int features = network.Inputs, classes = network.Outputs;
        return Dataset.Create("made up", classes, Numbers(train + 90, 1), Numbers(130, 2)).Split(90, 3);

        Examples Numbers(int count, ulong seed)
        {
            var random = new RandomStream(seed, "gpu/numbers");
            byte[] labels = [.. Enumerable.Range(0, count).Select(i => (byte)(i * 7 % classes))];
            float[] values = [.. Enumerable.Range(0, count * features).Select(i => (float)(random.Normal(i) + labels[i / features] * (i % 3)))];
            return Examples.FromFeatures(values, labels, features);
        }
    }
}
