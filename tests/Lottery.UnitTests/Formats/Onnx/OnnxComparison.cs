using Lottery.Formats.Onnx;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Prediction;
using Microsoft.ML.OnnxRuntime;

namespace Lottery.UnitTests.Formats.Onnx;

/// <summary>What ONNX Runtime scores with a model, and the engine with the network that was read from it.</summary>
internal static class OnnxComparison
{
    private const int Count = 4;

    /// <summary>Reads a model and checks that both score alike on random inputs.</summary>
    public static OnnxModel AssertSame(byte[] model, string folder = "")
    {
        OnnxModel read = OnnxReader.Read(model, "some", folder);
        Assert.InRange(LargestDifference(model, read), 0, 1e-5);
        return read;
    }

    /// <summary>The largest difference of scores, relative to a scale of at least 1.</summary>
    public static double LargestDifference(byte[] model, OnnxModel read)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        using var session = new InferenceSession(model, options);
        (string name, NodeMetadata input) = session.InputMetadata.First();
        long[] shape = [.. input.Dimensions.Select(size => (long)size)];
        if (shape[0] < 1) shape[0] = Count;
        var random = new RandomStream(7, "test/inputs");
        float[] values = [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (product, size) => product * size)).Select(i => (float)(2 * random.Uniform(i) - 1))];
        float[] expected = Run(session, name, values, shape);
        float[] scores = Scores(read, ChannelsFirst(values, shape, read.Network.Input), (int)shape[0]);
        if (read.Notes.Any(note => note.StartsWith("The Softmax", StringComparison.Ordinal))) scores = Softmax(scores, read.Network.Outputs, log: false);
        if (read.Notes.Any(note => note.StartsWith("The LogSoftmax", StringComparison.Ordinal))) scores = Softmax(scores, read.Network.Outputs, log: true);
        Assert.Equal(expected.Length, scores.Length);
        return expected.Zip(scores, (a, b) => Math.Abs((double)a - b)).Max() / Math.Max(1, expected.Max(Math.Abs));
    }

    private static float[] Run(InferenceSession session, string name, float[] values, long[] shape)
    {
        using var value = OrtValue.CreateTensorValueFromMemory(values, shape);
        using var run = new RunOptions();
        string output = session.OutputMetadata.First(one => one.Value.ElementType == typeof(float)).Key;
        using IDisposableReadOnlyCollection<OrtValue> scores = session.Run(run, [name], [value], [output]);
        return scores[0].GetTensorDataAsSpan<float>().ToArray();
    }

    private static float[] Scores(OnnxModel read, float[] values, int count)
    {
        using var predictor = new Predictor(Mask.Full(read.Network), read.Weights, PixelScale.Unit);
        var scores = new float[count * read.Network.Outputs];
        predictor.Scores(values, scores);
        return scores;
    }

    private static float[] ChannelsFirst(float[] values, long[] shape, Shape input)
    {
        if (shape.Length != 4 || input.IsFlat || shape[1] == input.Channels) return values;
        int pixels = input.Height * input.Width;
        return [.. Enumerable.Range(0, values.Length).Select(i =>
        {
            (int example, int rest) = Math.DivRem(i, input.Count);
            (int channel, int pixel) = Math.DivRem(rest, pixels);
            return values[example * input.Count + pixel * input.Channels + channel];
        })];
    }

    private static float[] Softmax(float[] scores, int classes, bool log) => [.. scores.Chunk(classes).SelectMany(one =>
    {
        double sum = one.Sum(score => Math.Exp(score));
        return one.Select(score => (float)(log ? score - Math.Log(sum) : Math.Exp(score) / sum));
    })];
}
