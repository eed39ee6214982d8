using Lottery.Data;
using Lottery.Formats.Onnx;
using Lottery.Networks;
using Lottery.Prediction;
using Lottery.Search;
using Microsoft.ML.OnnxRuntime;

namespace Lottery.SystemTests.Prediction;

/// <summary>Every network of the catalogue, held to ONNX Runtime; and the accuracy of a search on the real thing.</summary>
public sealed class RealPredictionTests
{
    private const int Count = 2;

    public static MatrixTheoryData<string, double> Cases { get; } =
        new(["lenet-300-100", "conv-2", "conv-4", "conv-6", "resnet-20", "resnet-18"], [1.0, 0.1]);

    [Theory]
    [MemberData(nameof(Cases))]
    [InlineData("vgg-19", 0.02)]
    public void Networks_of_the_catalogue_predict_as_onnx_runtime_does(string name, double density)
    {
        var ticket = SomeTicket.Of(NetworkCatalogue.Get(name), density, Count);
        using Predictor predictor = ticket.Predictor();
        int features = predictor.Inputs, classes = predictor.Classes;
        float[] inputs = ticket.Inputs, many = new float[Count * classes], alone = new float[classes], expected = Onnx(ticket);
        predictor.Scores(inputs, many);
        double slack = 1e-5 * Math.Max(1, expected.Max(Math.Abs));
        for (int i = 0; i < many.Length; i++) Assert.Equal(expected[i], many[i], slack);
        for (int i = 0; i < Count; i++)
        {
            predictor.Scores(inputs.AsSpan(i * features, features), alone);
            Assert.Equal(many[(i * classes)..((i + 1) * classes)], alone);
        }
    }

    [Fact]
    public void Accuracy_is_that_of_the_run_to_the_image()
    {
        Assert.SkipWhen(DatasetLocator.FromEnvironment().Find(KnownSet.Find("mnist")!) is null,
            "MNIST is not here: set LOTTERY_DATA, or run `lottery data get mnist`.");
        SplitDataset data = Dataset.Load("mnist").Split(5000, 1);
        var search = new TicketSearch(Network.Lenet300100, data)
        {
            Pruning = new() { Levels = 1, Fc = 0.95m, Output = 0.5m }, Training = new() { Steps = 100 },
        };
        Examples test = data.Dataset.Test;
        foreach (Level level in search.Run(1))
        {
            using var predictor = new Predictor(level.Ticket.Mask, level.Ticket.Best, test.Scale);
            var classes = new int[test.Count];
            predictor.Predict(test.Pixels.Span, classes);
            Assert.Equal(level.Accuracy, classes.Index().Count(one => one.Item == test.Labels.Span[one.Index]) / (double)test.Count);
            for (int i = 0; i < 500; i++)
                Assert.Equal(classes[i], predictor.Predict(test.Pixels.Span.Slice(i * predictor.Inputs, predictor.Inputs)));
        }
    }

    private static float[] Onnx(SomeTicket ticket)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        using var session = new InferenceSession(OnnxWriter.Write(ticket.Weights), options);
        Shape shape = ticket.Network.Input;
        using var value = OrtValue.CreateTensorValueFromMemory(
            ticket.Inputs, shape.IsFlat ? [Count, shape.Channels] : [Count, shape.Channels, shape.Height, shape.Width]);
        using var run = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> scores = session.Run(run, [OnnxWriter.Input], [value], [OnnxWriter.Output]);
        return scores[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
