using System.Globalization;
using System.Text.RegularExpressions;
using Lottery.Cuda.Driver;
using Lottery.Cuda.Estimates;
using Lottery.Cuda.Training;
using Lottery.Gpu;
using Lottery.Networks;
using Lottery.Specifications;
using Lottery.TestSupport.Cuda;
using Lottery.Training;

namespace Lottery.UnitTests.Cuda;

/// <summary>What a card is estimated to take.</summary>
public sealed partial class CardEstimateTests
{
    private const int SharedBytes = 227 << 10;

    private static readonly Card s_card = new(0, "A card", "9.0", 132, 80L << 30, 79L << 30, null) { SharedBytes = SharedBytes, Clock = 1.98e9, MemoryRate = 3.35e12 };

    /// <summary>Rows of the table of docs/gpu.md: whole steps on an H100, and the estimate.</summary>
    [Fact]
    public void The_document_has_the_estimates_beside_what_was_measured()
    {
        int steps = 0;
        foreach (string line in File.ReadAllLines(Repository.At("docs/gpu.md")))
        {
            if (StepRow().Match(line) is not { Success: true } step) continue;
            double microseconds = 1e6 * StepOf(step.Groups[1].Value, (int)Number(step, 2), Number(step, 3) / 100).Alone;
            Assert.Equal((10 * Math.Round(microseconds / 10), line), (Number(step, 5), line));
            Assert.InRange(microseconds / Number(step, 4), 0.75, 1.25);
            steps++;
        }
        Assert.Equal(23, steps);

        static double Number(Match match, int group) => double.Parse(match.Groups[group].Value, NumberStyles.Number, CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Levels_that_wait_for_each_other_take_the_sum_of_their_times_and_replicates_share_the_card()
    {
        EstimatedRun[] one = Search(seed: 1, levels: 3), many = [.. Enumerable.Range(0, 2_000).SelectMany(seed => Search((ulong)seed, 3))];
        double each = one.Sum(run => Estimate([run]).Seconds);
        Assert.Equal(each, Estimate(one).Seconds, 1e-9 * each);
        Assert.InRange(Estimate(many).Seconds / each, 2_000 / 132.0, 2_000);
        Assert.Equal(each * 2_000, CardEstimate.Of(s_card, many, jobs: 1).Seconds, 1e-6 * each * 2_000);
        Assert.Equal((1, 132), (CardEstimate.Of(s_card, many, jobs: 1).AtOnce, Estimate(many).AtOnce));
    }

    [Fact]
    public void A_larger_and_a_faster_card_takes_less()
    {
        EstimatedRun[] runs = [.. Enumerable.Range(0, 300).SelectMany(seed => Search((ulong)seed, 2))];
        double seconds = Estimate(runs).Seconds;
        Assert.InRange(CardEstimate.Of(s_card with { Multiprocessors = 66 }, runs, null).Seconds / seconds, 1.5, 3);
        Assert.InRange(CardEstimate.Of(s_card with { Clock = 0.99e9 }, runs, null).Seconds / seconds, 1.05, 2.01);
        Assert.Equal(seconds, CardEstimate.Of(s_card with { Clock = 0, MemoryRate = 0 }, runs, null).Seconds);
    }

    [Fact]
    public void Levels_between_those_that_are_counted_take_times_between_theirs()
    {
        EstimatedRun[] runs = Search(1, levels: 12);
        double[] seconds = [.. runs.Skip(4).Select(run => Estimate([run]).Seconds)];
        Assert.Equal(seconds.OrderDescending(), seconds);
    }

    [Fact]
    public void A_supermask_takes_more_than_a_dense_network_and_is_tested_eleven_times()
    {
        EstimatedRun dense = Search(1, 0)[0];
        // Neither is one block.
        Card card = s_card with { SharedBytes = 0 };
        Assert.InRange(CardEstimate.Of(card, [dense with { Run = dense.Run with { Supermask = new() } }], null).Seconds / CardEstimate.Of(card, [dense], null).Seconds, 1.1, 10);
    }

    [Fact]
    public void What_does_not_fit_into_the_card_is_the_processors()
    {
        EstimatedRun[] runs = Search(1, 2);
        CardEstimate none = CardEstimate.Of(s_card with { TotalBytes = 1 << 20 }, runs, null);
        Assert.Equal((3, 0.0), (none.OnProcessor, none.Seconds));
        long bytes = CardWork.Of(runs[0].Run, Mask.Full(runs[0].Run.Network), false, runs[0].Train, CardRates.Measured, SharedBytes)!.Bytes;
        EstimatedRun[] many = [.. Enumerable.Range(0, 50).Select(seed => Search((ulong)seed, 0)[0])];
        Assert.Equal(7, CardEstimate.Of(s_card with { TotalBytes = (long)(7.5 * bytes / 0.9) }, many, null).AtOnce);
    }

    [Theory]
    [InlineData("mlp:37-24-11-5", 0)]
    [InlineData("mlp:37-24-11-5", 2)]
    public void The_memory_is_what_a_training_takes(string name, int level)
    {
        using EmulatedDevice card = EmulatedDevice.OrSkip();
        Assert.Equal(name, SmallSearch.Network.Name);
        Mask mask = level == 0 ? Mask.Full(SmallSearch.Network) : SomeMask.Of(SmallSearch.Network, 1, 30);
        var task = new TrainingTask
        {
            Mask = mask, Start = InitialWeights.Sample(SmallSearch.Network, 1), Training = SmallSearch.WithAdam, Data = SmallSearch.Data, Seed = 1,
        };
        using var device = new CudaTrainingDevice(card);
        using ITrainingEngine engine = device.Begin(task, new(task.Data, 1, task.Training.Batch, 0), threads: 1);
        RunSpecification run = Search(1, 0)[0].Run with { Network = SmallSearch.Network, Training = SmallSearch.WithAdam };
        long estimated = CardWork.Of(run, mask, task.HasFrozen, SmallSearch.Data.Dataset.Train, CardRates.Measured, SharedBytes)!.Bytes;
        Assert.InRange((double)estimated / card.UsedBytes, 0.8, 2);
    }

    private static CardTime StepOf(string network, int batch, double density)
    {
        TrainingTask task = new GoldenCase(network, NetworkCatalogue.Get(network), density, batch).Task();
        RunSpecification run = new() { Network = task.Mask.Network, Data = task.Data.Specification, Seed = 1, Training = task.Training };
        return CardWork.Of(run, task.Mask, isFrozen: false, task.Data.Dataset.Train, CardRates.Measured, SharedBytes)!.Step;
    }

    private static CardEstimate Estimate(IReadOnlyCollection<EstimatedRun> runs) => CardEstimate.Of(s_card, runs, jobs: null);

    private static EstimatedRun[] Search(ulong seed, int levels)
    {
        Network network = NetworkCatalogue.Get("mlp:37-200-100-5");
        return
        [
            .. Enumerable.Range(0, levels + 1).Select(level => new EstimatedRun($"{seed}/{level}", level == 0 ? null : $"{seed}/{level - 1}", new()
            {
                Network = network, Data = SmallSearch.Data.Specification, Seed = seed, Level = level, Training = new() { Optimizer = Optimizer.Adam(1e-3), Batch = 60, Steps = 1_000 },
            }, SmallSearch.Data.Dataset.Train, 500, false, at => at == 0 ? Mask.Full(network) : SomeMask.Of(network, 1, (int)(100 * Math.Pow(0.7, at))))),
        ];
    }

    [GeneratedRegex(@"^\| ([a-z0-9-]+), batch (\d+) \| ([\d.]+) % \| ([\d,]+) \| ([\d,]+) \|$")]
    private static partial Regex StepRow();
}
