using Lottery.Data;
using Lottery.Kernels;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Operations;
using Lottery.Plans;
using Lottery.Specifications;
using Lottery.Training;
using Lottery.UnitTests.Plans;

namespace Lottery.UnitTests.Training;

/// <summary>Networks with images: scores are the textbook's, gradients finite differences, bits the same however they are run.</summary>
public sealed class ImageGradientTests
{
    /// <summary>Densities above and below the one at which a convolution is stored dense, and of a few weights.</summary>
    public static MatrixTheoryData<string, double> Cases { get; } = new(ImageNetworks.All.Keys, [1.0, 0.6, 0.3, 0.06]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Scores_and_gradients_are_the_textbooks(string name, double density)
    {
        int batch = density < 1 ? 19 : 5;
        (Mask mask, Weights start, Examples examples) = Case(name, density, batch);
        int[] indices = [.. Enumerable.Range(0, batch)];
        var plain = new PlainImages(mask, start);
        using var plan = new CompiledPlan(mask.Network, mask, KernelRegistry.Kernels);
        plan.Load(start);
        CompareScores(plan, plain, examples, indices);

        var capture = new GradientCapture(plan);
        using var step = new TrainingStep(plan, capture, batch);
        double loss = step.Run(examples, indices, [], 1, 1);
        Assert.Equal(plain.Loss(examples, indices), loss, 1e-5);
        if (plain.NearestToKink < 1e-4) return;
        for (int p = 0; p < plain.Values.Length; p++)
            for (int k = 0; mask.Network.Parameters[p].Trained && k < plain.Values[p].Length; k++)
                if (mask[p]?[k] == false) continue;
                else Assert.Equal(FiniteDifference(plain, ref plain.Values[p][k], examples, indices), capture.Gradient[p][k], 3e-5);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_version_and_any_number_of_threads_train_to_the_same_bits(string name, double density)
    {
        int batch = density < 1 ? 19 : 5;
        (Mask mask, Weights start, Examples examples) = Case(name, density, batch);
        string expected = Train(mask, start, examples, batch, KernelRegistry.Get("reference"), ThreadTeam.One);
        foreach (string version in KernelRegistry.Available)
            Assert.Equal(expected, Train(mask, start, examples, batch, KernelRegistry.Get(version), ThreadTeam.One));
        using var team = new ThreadTeam(3);
        Assert.Equal(expected, Train(mask, start, examples, batch, KernelRegistry.Kernels, team));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("residual")]
    public void Pruned_weights_of_a_dense_convolution_stay_at_zero(string name)
    {
        (Mask mask, Weights start, Examples examples) = Case(name, 0.6, 8);
        foreach (Optimizer optimizer in (Optimizer[])[Optimizer.Adam(0.01), Optimizer.Sgd(0.05, momentum: 0.9, weightDecay: 0.1)])
        {
            using var plan = new CompiledPlan(mask.Network, mask, KernelRegistry.Kernels);
            Assert.True(plan.Layout.HasFrozen);
            plan.Load(start);
            using var state = new WeightParametrization(optimizer, plan, mask);
            using var step = new TrainingStep(plan, state, 8);
            for (int i = 0; i < 5; i++) step.Run(examples, [0, 1, 2, 3, 4, 5, 6, 7], [], i + 1, 1);
            Weights after = plan.Save();
            int moved = 0;
            for (int p = 0; p < mask.Network.Parameters.Length; p++)
                for (int k = 0; mask[p] is { } kept && k < kept.Length; k++)
                    if (!kept[k]) Assert.Equal(0u, BitConverter.SingleToUInt32Bits(after[p][k]));
                    else if (start[p][k] != after[p][k]) moved++;
            Assert.InRange(moved, mask.Kept / 2, mask.Kept);
        }
    }

    private static void CompareScores(CompiledPlan plan, PlainImages plain, Examples examples, int[] indices)
    {
        using TensorBuffers activations = plan.Allocate(indices.Length);
        new BatchSource(plan, activations).Fill(examples, indices, []);
        plan.Forward(plan.Evaluation(activations));
        double[][] expected = plain.Scores(examples, indices, training: false);
        for (int n = 0; n < indices.Length; n++)
            for (int c = 0; c < plan.Network.Outputs; c++)
                Assert.Equal(expected[n][c], activations.At(plan.Output, 0)[c * activations.Tiles.Lanes + n], 2e-5);
    }

    private static (Mask Mask, Weights Start, Examples Examples) Case(string name, double density, int batch)
    {
        Network network = ImageNetworks.All[name];
        var random = new RandomStream(7, "test/keeps");
        BitSet?[] bits = [.. network.Parameters.Select(parameter => parameter.Prunable ? new BitSet(parameter.Count) : null)];
        Weights start = InitialWeights.Sample(network, 3);
        for (int p = 0; p < bits.Length; p++)
        {
            var noise = new RandomStream(8, $"test/start/{p}");
            for (int k = 0; k < start[p].Length; k++)
                if (bits[p] is { } kept)
                {
                    kept[k] = density == 1 || k == 0 || random.Bernoulli(((long)p << 32) | (uint)k, density);
                    if (!kept[k]) start[p][k] = 0;
                }
                else if (network.Parameters[p].Role != ParameterRole.Weight) start[p][k] += (float)(0.2 * noise.Uniform(k));
        }
        return (new(network, [.. bits]), start, SmallData.Examples(2 * batch, network.Inputs, network.Outputs, seed: 5));
    }

    private static string Train(Mask mask, Weights start, Examples examples, int batch, KernelSet kernels, ThreadTeam team)
    {
        using var plan = new CompiledPlan(mask.Network, mask, kernels, team: team);
        plan.Load(start);
        using var weights = new WeightParametrization(Optimizer.Sgd(0.05, momentum: 0.9, weightDecay: 0.01), plan, mask);
        using var step = new TrainingStep(plan, weights, batch);
        for (int i = 0; i < 2; i++) step.Run(examples, [.. Enumerable.Range(i, batch)], [], i + 1, 1);
        return Fingerprint.Of(plan.Save());
    }

    private static double FiniteDifference(PlainImages network, ref double value, Examples examples, int[] indices)
    {
        const double Step = 1e-5;
        double before = value;
        value = before + Step;
        double up = network.Loss(examples, indices);
        value = before - Step;
        double down = network.Loss(examples, indices);
        value = before;
        return (up - down) / (2 * Step);
    }
}
