using System.Text.Json;
using Lottery.Data;
using Lottery.Networks;
using Lottery.Specifications;
using Lottery.Studies.Execution;

namespace Lottery.UnitTests.Studies;

/// <summary>What steps and evaluations are estimated to take, before any is measured.</summary>
public sealed class StepTimesTests
{
    private const double BlackPixels = 0.81;

    private static readonly TrainingSpecification s_adam = new() { Steps = 1, Batch = 60 };

    /// <summary>The measured steps on record are on real masks, whose layers differ in density, and from busier hours: 1.8 times as much is allowed.</summary>
    [Fact]
    public void The_estimate_is_near_the_steps_on_record()
    {
        JsonElement results = JsonDocument.Parse(Repository.Read("bench/results/amd-epyc.json")).RootElement;
        var rows = new List<(string Network, double Density, double Seconds)>();
        // Which densities in between are stored dense is another rule than that of the record.
        foreach (JsonElement row in results.GetProperty("steps").EnumerateArray().Where(row => row.GetProperty("density").GetDouble() is 1 or (< 0.25 and > 0.02)))
            rows.Add(("lenet-300-100", row.GetProperty("density").GetDouble(), row.GetProperty("milliseconds").GetDouble() / 1e3));
        foreach (JsonElement row in results.GetProperty("images").EnumerateArray().Where(row => row.GetProperty("threads").GetInt32() == 1))
            rows.Add((row.GetProperty("network").GetString()!, row.GetProperty("density").GetDouble(), row.GetProperty("milliseconds").GetDouble() / 1e3));
        Assert.InRange(rows.Count, 10, 100);
        foreach ((string network, double density, double seconds) in rows)
            Assert.InRange(Step(network, density) / seconds, 1 / 1.8, 1.8);
    }

    [Theory]
    [InlineData("lenet-300-100")]
    [InlineData("conv-6")]
    [InlineData("resnet-20")]
    [InlineData("vgg-19")]
    public void Fewer_kept_weights_take_no_longer(string network)
    {
        double[] densities = [1, 0.9, 0.6, 0.45, 0.3, 0.2, 0.1, 0.05, 0.01];
        double[] steps = [.. densities.Select(density => Step(network, density))];
        // Where a layer begins to be stored sparse it may take a little longer.
        for (int i = 1; i < steps.Length; i++) Assert.InRange(steps[i], steps[i - 1] * 0.2, steps[i - 1] * 1.25);
        Assert.InRange(steps[^1], 0, steps[0] / 3);
    }

    [Fact]
    public void Zeros_among_the_inputs_and_a_simple_optimizer_save_time_and_scores_cost_it()
    {
        Network network = Network.Lenet300100;
        Assert.True(Of(network, 1, BlackPixels).Step < 0.6 * Of(network, 1, zeros: 0).Step);
        Assert.Equal(Of(network, 0.1, BlackPixels), Of(network, 0.1, zeros: 0));
        Assert.True(StepTimes.Of(network, s_adam with { Optimizer = Optimizer.Sgd(0.1) }, _ => 1, BlackPixels).Step < Of(network, 1, BlackPixels).Step);
        Assert.True(StepTimes.Of(network, s_adam, _ => 1, BlackPixels, hasScores: true).Step > 2 * Of(network, 1, BlackPixels).Step);
        Assert.InRange(Of(network, 1, BlackPixels).Example * s_adam.Batch / Of(network, 1, BlackPixels).Step, 0.2, 0.5);
    }

    [Theory]
    [InlineData("mnist")]
    [InlineData("fashion-mnist")]
    [InlineData("cifar-10")]
    public void A_set_that_is_not_there_is_planned_with_its_share_of_black_pixels(string name)
    {
        KnownSet set = KnownSet.Get(name);
        Assert.Equal(set.Black, ZeroInputs.ShareOf(set.StandIn().Train), 1e-6);
        if (name == "cifar-10") return;
        if (DatasetLocator.FromEnvironment().Find(set) is null) Assert.Skip($"{set.Title} is not here");
        Assert.Equal(set.Black, ZeroInputs.ShareOf(Dataset.Load(name).Train), 0.01);
    }

    [Fact]
    public void This_machine_is_timed_once()
    {
        double factor = MachinePace.Factor;
        Assert.InRange(factor, 1e-3, 1e4);
        Assert.Equal(factor, MachinePace.Factor);
    }

    private static double Step(string network, double density) => StepTimes.Of(
        NetworkCatalogue.Get(network),
        network.StartsWith("resnet", StringComparison.Ordinal) ? new() { Steps = 1, Batch = 128, Optimizer = Optimizer.Sgd(0.1, momentum: 0.9) } : s_adam,
        _ => density, network.StartsWith("lenet", StringComparison.Ordinal) ? BlackPixels : 0).Step;

    private static (double Step, double Example) Of(Network network, double density, double zeros) => StepTimes.Of(network, s_adam, _ => density, zeros);
}
