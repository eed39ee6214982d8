using CsCheck;
using Lottery.Data;
using Lottery.Kernels;
using Lottery.Networks;
using Lottery.Prediction;
using Lottery.UnitTests.Kernels;
using Lottery.UnitTests.Plans;

namespace Lottery.UnitTests.Prediction;

/// <summary>A predictor's scores are the textbook's; their bits do not depend on how it is asked.</summary>
public sealed class PredictorTests
{
    private static readonly Network s_lenet = NetworkCatalogue.Get("mlp:50-30-20-4");

    public static MatrixTheoryData<string, double> Cases { get; } = new(ImageNetworks.All.Keys, [1.0, 0.6, 0.3, 0.06]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Scores_are_the_textbooks(string name, double density)
    {
        var ticket = SomeTicket.Of(ImageNetworks.All[name], density, examples: 5);
        Compare(ticket, ticket.Mask);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Pruned_weights_that_are_not_zero_act(string name, double density)
    {
        var ticket = SomeTicket.Of(ImageNetworks.All[name], density, examples: 2, frozen: true);
        Compare(ticket, Mask.Full(ticket.Network));
    }

    [Fact]
    public void Scores_of_plain_units_are_the_textbooks() => Check.Sample(PlanCase.Gen, one =>
        Compare(new(one.Mask, one.Start(), one.Examples.Pixels.ToArray()), one.Mask), iter: 60);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Bits_do_not_depend_on_how_it_is_asked(string name, double density)
    {
        var ticket = SomeTicket.Of(ImageNetworks.All[name], density, examples: 21);
        SameBits(ticket);
    }

    [Fact]
    public void Bits_of_plain_units_do_not_depend_on_how_it_is_asked() => Check.Sample(PlanCase.Gen, one =>
        SameBits(new(one.Mask, one.Start(), one.Examples.Pixels.ToArray())), iter: 30);

    /// <summary>Any sides, kernels, strides and paddings, of which those are left out that fit no image.</summary>
    [Fact]
    public void Bits_of_any_images_do_not_depend_on_how_it_is_asked() => Check.Sample(
        Gen.Select(Gen.Int[1, 9], Gen.Int[3, 12], Gen.Int[0, 3], Gen.Int[1, 100],
            Gen.Select(Gen.Int[1, 17], Gen.Int[1, 5], Gen.Int[1, 3], Gen.Int[0, 3], Gen.Bool).Array[1, 3]),
        (channels, side, pool, percent, layers) =>
        {
            if (Images(channels, side, pool, layers) is { } network) SameBits(SomeTicket.Of(network, percent / 100.0, examples: 18));
        }, iter: 60);

    /// <summary>The values of the kept weights, and no object a weight or a row.</summary>
    [Fact]
    public void Making_one_allocates_few_bytes_a_kept_weight()
    {
        var ticket = SomeTicket.Of(NetworkCatalogue.Get("conv-4"), 0.1, examples: 1);
        using (new Predictor(ticket.Mask, ticket.Weights, PixelScale.Unit))
        {
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        using var predictor = new Predictor(ticket.Mask, ticket.Weights, PixelScale.Unit);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8L * ticket.Mask.Kept);
    }

    private static Network? Images(int channels, int side, int pool, (int Outputs, int Kernel, int Stride, int Padding, bool Relu)[] layers)
    {
        try
        {
            var builder = new NetworkBuilder(new(channels, side, side));
            foreach (var layer in layers)
            {
                builder.Convolution(layer.Outputs, layer.Kernel, layer.Stride, layer.Padding, bias: layer.Relu);
                if (layer.Relu) builder.Relu();
                else builder.BatchNormalization();
            }
            if (pool > 0) builder.MaxPool(pool);
            return builder.Flatten().Output(3).Build("any");
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    [Fact]
    public void The_class_is_the_largest_score_and_the_first_of_equals()
    {
        var ticket = SomeTicket.Of(s_lenet, 0.3, examples: 70);
        using Predictor predictor = ticket.Predictor();
        var scores = new float[70 * 4];
        predictor.Scores(ticket.Inputs, scores);
        int[] expected = [.. scores.Chunk(4).Select(each => each.IndexOf(each.Max()))], many = new int[70];
        predictor.Predict(ticket.Inputs, many);
        Assert.Equal(expected, many);
        predictor.Predict(ticket.Images, many);
        Assert.Equal(expected, many);
        Assert.Equal(expected, ticket.Images.Chunk(50).Select(image => predictor.Predict(image)));
        Assert.Equal(expected, ticket.Inputs.Chunk(50).Select(input => predictor.Predict(input)));

        Weights equal = ticket.Weights.Clone();
        for (int i = 0; i < s_lenet.Parameters.Length; i++) equal[i].Clear();
        using var undecided = new Predictor(ticket.Mask, equal, PixelScale.Unit);
        Assert.Equal(0, undecided.Predict(ticket.Images.AsSpan(0, 50)));
    }

    [Fact]
    public void Bytes_go_through_the_scale()
    {
        var ticket = SomeTicket.Of(ImageNetworks.All["plain"], 0.3, examples: 3);
        PixelScale scale = PixelScale.Standardized((100, 50), (30, 7));
        using var predictor = new Predictor(ticket.Mask, ticket.Weights, scale);
        float[] inputs = [.. ticket.Images.Select((pixel, i) => scale.Of(i % 72 / 36, pixel))];
        var (bytes, values) = (new float[9], new float[9]);
        predictor.Scores(ticket.Images, bytes);
        predictor.Scores(inputs, values);
        Assert.Equal(values, bytes);
    }

    /// <summary>Eight rows at a time are as long as the longest of them; so a few multiplications by zero are there.</summary>
    [Theory]
    [MemberData(nameof(KernelAgreementTests.Versions), MemberType = typeof(KernelAgreementTests))]
    public void One_example_multiplies_little_but_kept_weights(string kernels)
    {
        if (kernels == "reference") return; // plain loops do not count
        var ticket = SomeTicket.Of(Network.Lenet300100, 0.3, examples: 1);
        using var predictor = new Predictor(ticket.Mask, ticket.Weights, PixelScale.Unit, CountingKernels.Get(kernels));
        long counted = CountingKernels.Count(() => predictor.Predict(ticket.Images));
        Assert.InRange(counted, ticket.Mask.Kept, 1.1 * ticket.Mask.Kept);
    }

    /// <summary>Once a thread has its buffers, predicting leaves nothing for the garbage collector.</summary>
    [Theory]
    [InlineData("plain")]
    [InlineData("residual")]
    [InlineData("units")]
    public void Nothing_is_allocated_after_the_first_call(string name)
    {
        var ticket = SomeTicket.Of(name == "units" ? s_lenet : ImageNetworks.All[name], 0.3, examples: 70);
        using Predictor predictor = ticket.Predictor();
        float[] inputs = ticket.Inputs, scores = new float[70 * ticket.Network.Outputs];
        var results = new int[70];
        for (int pass = 0; pass < 3; pass++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            foreach (int count in (ReadOnlySpan<int>)[1, 5, 70])
            {
                Range some = ..(count * ticket.Network.Inputs), outputs = ..(count * ticket.Network.Outputs);
                predictor.Scores(inputs.AsSpan(some), scores.AsSpan(outputs));
                predictor.Scores(ticket.Images.AsSpan(some), scores.AsSpan(outputs));
                predictor.Predict(inputs.AsSpan(some), results.AsSpan(0, count));
                predictor.Predict(ticket.Images.AsSpan(some), results.AsSpan(0, count));
            }
            predictor.Predict(ticket.Images.AsSpan(0, ticket.Network.Inputs));
            if (pass > 0) Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    [Fact]
    public void Threads_may_share_a_predictor()
    {
        var ticket = SomeTicket.Of(ImageNetworks.All["residual"], 0.3, examples: 21);
        using Predictor predictor = ticket.Predictor();
        float[] inputs = ticket.Inputs, expected = Scores(predictor, inputs, 21);
        Parallel.For(0, 200, new() { MaxDegreeOfParallelism = 6 }, i =>
        {
            int count = i % 21 + 1, features = ticket.Network.Inputs;
            Assert.Equal(expected[..(3 * count)], Scores(predictor, inputs.AsSpan(0, count * features), count));
        });

        static float[] Scores(Predictor predictor, ReadOnlySpan<float> inputs, int count)
        {
            var scores = new float[3 * count];
            predictor.Scores(inputs, scores);
            return scores;
        }
    }

    [Fact]
    public void What_is_wrong_is_said()
    {
        var ticket = SomeTicket.Of(s_lenet, 0.3, examples: 2);
        Predictor predictor = ticket.Predictor();
        Assert.Equal((50, 4), (predictor.Inputs, predictor.Classes));
        Says("99 values are not a multiple of the 50 values of an example.", () => predictor.Scores(new float[99], new float[4]));
        Says("2 examples give 8 results, but the span holds 4.", () => predictor.Scores(new float[100], new float[4]));
        Says("2 examples give 2 results, but the span holds 3.", () => predictor.Predict(new byte[100], new int[3]));
        Says("2 examples give 2 results, but the span holds 1.", () => predictor.Predict(new byte[100]));
        predictor.Scores(ReadOnlySpan<float>.Empty, []);
        Says("A scale of 3 channels does not fit images of 50.", () =>
            _ = new Predictor(ticket.Mask, ticket.Weights, PixelScale.Standardized((0, 1), (0, 1), (0, 1))));
        var other = SomeTicket.Of(NetworkCatalogue.Get("mlp:5-4"), 1, examples: 1);
        Assert.Contains("The mask is of", Assert.Throws<ArgumentException>(() =>
            _ = new Predictor(ticket.Mask, other.Weights, PixelScale.Unit)).Message, StringComparison.Ordinal);
        predictor.Dispose();
        Assert.Throws<ObjectDisposedException>(() => predictor.Scores(new float[50], new float[4]));

        static void Says(string message, Action action) =>
            Assert.StartsWith(message, Assert.Throws<ArgumentException>(action).Message, StringComparison.Ordinal);
    }

    private static void Compare(SomeTicket ticket, Mask acting)
    {
        using Predictor predictor = ticket.Predictor();
        int count = ticket.Images.Length / ticket.Network.Inputs, classes = ticket.Network.Outputs;
        var examples = new Examples(ticket.Images, new byte[count], ticket.Network.Inputs);
        double[][] expected = new PlainImages(acting, ticket.Weights).Scores(examples, [.. Enumerable.Range(0, count)], training: false);
        var scores = new float[count * classes];
        predictor.Scores(ticket.Images, scores);
        for (int i = 0; i < scores.Length; i++)
            Assert.Equal(expected[i / classes][i % classes], scores[i], 1e-5 * Math.Max(1, Math.Abs(scores[i])));
    }

    /// <summary>Bytes or values, alone or among others, at every vector width.</summary>
    private static void SameBits(SomeTicket ticket)
    {
        int features = ticket.Network.Inputs, classes = ticket.Network.Outputs, count = ticket.Images.Length / features;
        float[] inputs = ticket.Inputs, expected = new float[count * classes], scores = new float[count * classes];
        using (Predictor reference = ticket.Predictor("reference")) reference.Scores(inputs, expected);
        foreach (string kernels in KernelRegistry.Available)
        {
            using Predictor predictor = ticket.Predictor(kernels);
            foreach (int together in (ReadOnlySpan<int>)[count, Math.Min(count, 7), 1])
                for (int start = 0; start + together <= count; start += together)
                {
                    Range some = (start * features)..((start + together) * features), outputs = (start * classes)..((start + together) * classes);
                    predictor.Scores(inputs.AsSpan(some), scores.AsSpan(outputs));
                    Same(expected.AsSpan(outputs), scores.AsSpan(outputs));
                    predictor.Scores(ticket.Images.AsSpan(some), scores.AsSpan(outputs));
                    Same(expected.AsSpan(outputs), scores.AsSpan(outputs));
                }
        }

        static void Same(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
        {
            for (int i = 0; i < expected.Length; i++)
                Assert.Equal(BitConverter.SingleToUInt32Bits(expected[i]), BitConverter.SingleToUInt32Bits(actual[i]));
        }
    }
}
