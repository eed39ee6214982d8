using Lottery.Data;

namespace Lottery.Training;

/// <summary>A learned supermask on a device: its scores give masks, and a network with each is evaluated there.</summary>
internal interface ISampledMask
{
    /// <summary>Sets the weights to test sample <paramref name="number"/> of the mask.</summary>
    void Sample(int number);

    /// <summary>Sets the weights to those whose score is above 0.</summary>
    void Threshold();

    /// <summary>Loss and accuracy with the weights as they are set.</summary>
    TestMetrics Measure(Examples examples, ReadOnlySpan<int> indices);
}

/// <summary>The test of a learned supermask: the mean of ten samples, as in the paper, and the thresholded mask.</summary>
internal static class SupermaskTest
{
    /// <summary>Samples of the mask that a test is the mean of.</summary>
    private const int Samples = 10;

    /// <summary>Tests on some examples.</summary>
    public static (TestMetrics Mean, TestMetrics Thresholded) Run<T>(T mask, Examples examples, ReadOnlySpan<int> indices) where T : ISampledMask
    {
        double loss = 0, accuracy = 0;
        for (int sample = 0; sample < Samples; sample++)
        {
            mask.Sample(sample);
            TestMetrics metrics = mask.Measure(examples, indices);
            loss += metrics.Loss;
            accuracy += metrics.Accuracy;
        }
        mask.Threshold();
        return (new(loss / Samples, accuracy / Samples), mask.Measure(examples, indices));
    }
}
