using Lottery.Actions;
using Lottery.Cuda.Driver;
using Lottery.Cuda.Training;
using Lottery.Data;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Execution;
using Lottery.TestSupport.Cuda;
using Lottery.Training;

namespace Lottery.UnitTests.Cuda;

/// <summary>Whole trainings and searches on a card, in the emulator: they end with the bits of the processor's.</summary>
public sealed class CudaTrainingTests : IDisposable
{
    private static readonly Network s_pools = new NetworkBuilder(new(1, 12, 12))
        .BatchNormalization().Relu().MaxPool(2).Dropout(0.25).Flatten().Linear(14).Relu().Dropout(0.5).Output(4).Build("pools");

    private static readonly Network s_convolutions = new NetworkBuilder(new(1, 12, 12))
        .Convolution(8, 3).Relu().Convolution(8, 3).Relu().MaxPool(2)
        .Residual(body => body.Convolution(8, 3).BatchNormalization().Relu().Convolution(8, 3).BatchNormalization()).Relu()
        .GlobalAveragePool().Output(4).Build("convolutions");

    private static readonly SplitDataset s_images = SmallData.Split(train: 160, validation: 40, test: 70, features: 144, classes: 4);

    private readonly EmulatedDevice _card = EmulatedDevice.OrSkip(isLazy: true);
    private readonly CudaTrainingDevice _device;
    private readonly List<string> _said = [];

    public CudaTrainingTests() => _device = new(_card) { Say = _said.Add };

    public static TheoryData<string, TrainingSpecification> Trainings { get; } = new()
    {
        { "adam", SmallSearch.WithAdam },
        { "sgd", SmallSearch.WithSgd },
        { "restless", SmallSearch.Restless },
        { "decoupled decay", SmallSearch.WithAdam with { Optimizer = new AdamW(5e-3, WeightDecay: 0.02), Measurements = new() { TestAt = [3, 10, 40], TrainingSample = 65 } } },
    };

    [Theory]
    [MemberData(nameof(Trainings))]
    public void A_search_ends_with_the_processors_bits(string name, TrainingSpecification training)
    {
        Assert.NotEmpty(name);
        PruningSettings pruning = SmallSearch.Pruning with { RewindTo = name == "sgd" ? 4 : 0 };
        Assert.Equal(Bits(CpuDevice.Default), Bits(_device));
        Assert.Empty(_said);
        Assert.InRange(_card.Launches, 50, long.MaxValue);

        string Bits(ITrainingDevice device) => TestSupport.Fingerprint.Of(
            [.. new TicketSearch(SmallSearch.Network, SmallSearch.Data) { Training = training, Pruning = pruning, Controls = [Control.Reinit], Device = device }.Results()]);
    }

    [Fact]
    public void Frozen_weights_stay_where_they_are()
    {
        Assert.Equal(Bits(CpuDevice.Default), Bits(_device));
        Assert.Empty(_said);

        string Bits(ITrainingDevice device) => TestSupport.Fingerprint.Of(
        [
            .. new TicketSearch(SmallSearch.Network, SmallSearch.Data)
            {
                Training = SmallSearch.WithSgd, Pruning = new() { Levels = 1 }, Mask0 = Mask0.Get("initial"), Device = device,
            }.Results(),
        ]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_supermask_ends_with_the_processors_scores(bool rescale)
    {
        var training = new TrainingSpecification { Optimizer = SupermaskSearch.PaperOptimizer, Batch = 50, Steps = 24, Evaluate = 8 };
        Assert.Equal(Bits(CpuDevice.Default), Bits(_device));

        string Bits(ITrainingDevice device) => TestSupport.Fingerprint.Of(
            [new SupermaskSearch(SmallSearch.Network, SmallSearch.Data) { Supermask = new() { Rescale = rescale }, Training = training, Device = device }.Run(3)]);
    }

    [Theory]
    [InlineData(Augmentation.None)]
    [InlineData(Augmentation.Crop | Augmentation.Flip)]
    public void Images_that_are_augmented_normalized_pooled_and_dropped(Augmentation augment)
    {
        SplitDataset data = s_images with { Specification = s_images.Specification with { Augment = augment } };
        var training = new TrainingSpecification { Optimizer = Optimizer.Sgd(0.1, 0.9), Batch = 20, Steps = 30, Evaluate = 10 };
        Assert.Equal(Bits(CpuDevice.Default), Bits(_device));
        Assert.Empty(_said);

        string Bits(ITrainingDevice device) => TestSupport.Fingerprint.Of(
            [.. new TicketSearch(s_pools, data) { Training = training, Pruning = new() { Levels = 1 }, Device = device }.Results()]);
    }

    [Fact]
    public void A_search_of_a_network_with_convolutions()
    {
        var training = new TrainingSpecification { Optimizer = Optimizer.Adam(2e-3), Batch = 24, Steps = 8, Evaluate = 4 };
        Assert.Equal(Bits(CpuDevice.Default), Bits(_device));
        Assert.Empty(_said);

        string Bits(ITrainingDevice device) => TestSupport.Fingerprint.Of(
            [.. new TicketSearch(s_convolutions, s_images) { Training = training, Pruning = new() { Levels = 2, Conv = 0.7m }, Device = device }.Results()]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_training_goes_on_with_the_other_engine_from_a_checkpoint(bool beginsOnCard)
    {
        string whole = End(new Trainer(Task(), CpuDevice.Default));
        using var first = new Trainer(Task(), beginsOnCard ? _device : CpuDevice.Default);
        while (first.Step < 17) first.Advance();
        using var second = new Trainer(Task(), beginsOnCard ? CpuDevice.Default : _device);
        second.Resume(first.Checkpoint());
        Assert.Equal(whole, End(second));

        static TrainingTask Task() => new()
        {
            Mask = SomeMask.Of(SmallSearch.Network, 1, 30), Start = InitialWeights.Sample(SmallSearch.Network, 1),
            Training = SmallSearch.WithSgd with { Evaluate = 9 }, Data = SmallSearch.Data, Seed = 1,
        };
    }

    [Fact]
    public void A_card_with_too_little_memory_leaves_a_run_to_the_processor_and_says_so()
    {
        using EmulatedDevice small = EmulatedDevice.OrSkip(bytes: 100_000);
        var said = new List<string>();
        using var device = new CudaTrainingDevice(small) { Say = said.Add };
        RunResult run = new TicketSearch(SmallSearch.Network, SmallSearch.Data) { Training = SmallSearch.WithAdam, Pruning = new() { Levels = 0 }, Device = device }
            .Results().Single();
        Assert.Contains("memory", Assert.Single(said), StringComparison.Ordinal);
        Assert.Equal(0, small.UsedBytes);
        Assert.Equal(40, run.Evaluations[^1].Step);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(700)]
    public void Runs_of_a_card_that_is_lost_go_on_on_the_processor(int launches)
    {
        using EmulatedDevice lost = new() { LostAfter = launches };
        var said = new List<string>();
        using var device = new CudaTrainingDevice(lost) { Say = said.Add };
        Assert.Equal(Bits(CpuDevice.Default), Bits(device));
        Assert.Contains("does not answer any more", said[0], StringComparison.Ordinal);

        string Bits(ITrainingDevice device)
        {
            var runs = new MemoryRunStore();
            var search = new TicketSearch(SmallSearch.Network, SmallSearch.Data)
            {
                Training = SmallSearch.WithSgd, Pruning = SmallSearch.Pruning, Runs = runs, Device = device,
            };
            new RunExecutor().Run(RunTask.Of(search, seed: 1), jobs: 1, TestContext.Current.CancellationToken);
            return TestSupport.Fingerprint.Of([.. search.Plan(1).Select(run => runs.Find(run)!)]);
        }
    }

    /// <summary>
    /// The order of the examples, the batches' rows and the tensors lie in buffers that each evaluation and each part of a large one uses again.
    /// With more examples than there are rows for, on a card that begins only when it is waited for, a buffer that is changed too early shows.
    /// </summary>
    [Theory]
    [InlineData("mlp:9-6-3", true)]
    [InlineData("batch normalization", false)]
    public void Evaluations_one_after_the_other_use_the_same_buffers_and_none_changes_what_another_reads(string name, bool isBlock)
    {
        Network network = isBlock ? NetworkCatalogue.Get(name) : new NetworkBuilder(new(1, 3, 3)).BatchNormalization().Flatten().Linear(6).Relu().Dropout(0.1).Output(3).Build(name);
        SplitDataset data = SmallData.Split(train: 200, validation: 66_000, test: 300, features: 9, classes: 3);
        var task = new TrainingTask
        {
            Mask = Mask.Full(network), Start = InitialWeights.Sample(network, 1), Training = SmallSearch.WithAdam, Data = data, Seed = 1,
        };
        Assert.Equal(Metrics(CpuDevice.Default), Metrics(_device));

        string Metrics(ITrainingDevice device)
        {
            using ITrainingEngine engine = device.Begin(task, new(data, 1, task.Training.Batch, 0), threads: 1);
            var seen = new List<object>();
            int[] few = [5, 3, 299, 0], all = [.. Enumerable.Range(0, 300)], reversed = [.. all.Reverse()];
            for (int step = 0; step < 2; step++)
            {
                engine.Train(step, new double[1]);
                seen.AddRange([engine.Evaluate(step), engine.Test(data.Dataset.Test, few), engine.Test(data.Dataset.Test, reversed), engine.Test(data.Dataset.Train, all)]);
            }
            return string.Join('\n', seen);
        }
    }

    [Fact]
    public async Task Trainings_that_do_not_fit_together_wait_for_each_other()
    {
        var task = new TrainingTask
        {
            Mask = Mask.Full(SmallSearch.Network), Start = InitialWeights.Sample(SmallSearch.Network, 1), Training = SmallSearch.WithSgd,
            Data = SmallSearch.Data, Seed = 1,
        };
        var orders = new EpochOrders(task.Data, 1, task.Training.Batch, 0);
        long one;
        using (_device.Begin(task, orders, threads: 1)) one = _card.UsedBytes;
        using EmulatedDevice narrow = EmulatedDevice.OrSkip(bytes: one * 5 / 4);
        var said = new List<string>();
        using var device = new CudaTrainingDevice(narrow) { Say = said.Add };
        ITrainingEngine first = device.Begin(task, orders, threads: 1);
        Task<ITrainingEngine> second = Task.Run(() => device.Begin(task, orders, threads: 1), TestContext.Current.CancellationToken);
        while (narrow.Refused == 0 && !second.IsCompleted) await Task.Delay(1, TestContext.Current.CancellationToken);
        Assert.False(second.IsCompleted);
        first.Dispose();
        using (ITrainingEngine now = await second) Assert.IsType<CudaEngine>(now);
        Assert.Empty(said);
        Assert.Equal(0, narrow.UsedBytes);
    }

    [Fact]
    public void A_card_tells_its_memory_and_the_runs_that_are_trained_on_it()
    {
        using EmulatedDevice card = new() { Utilization = 42 };
        using var device = new CudaTrainingDevice(card);
        var seen = new List<(CardUse Use, RunProgress Progress)>();
        new TicketSearch(SmallSearch.Network, SmallSearch.Data)
        {
            Training = SmallSearch.WithAdam, Pruning = new() { Levels = 1 }, Device = device, Progress = new Seen(progress => seen.Add((device.Look(3), progress))),
        }.Results();
        Assert.Equal([0, 1], seen.Select(one => one.Progress.Run.Level).Distinct());
        Assert.All(seen, one =>
        {
            Assert.Same(one.Progress.Run, Assert.Single(one.Use.Runs));
            Assert.Equal((card.Name, 3, card.TotalBytes, 42), (one.Use.Name, one.Use.Number, one.Use.TotalBytes, one.Use.Utilization));
            Assert.InRange(one.Use.UsedBytes ?? 0, 10_000, card.TotalBytes);
        });
        Assert.Equal((0, 0L), (device.Look(3).Runs.Length, device.Look(3).UsedBytes));
    }

    [Fact]
    public void Of_a_card_that_is_lost_nothing_is_asked()
    {
        using EmulatedDevice lost = new() { LostAfter = 0 };
        using var device = new CudaTrainingDevice(lost);
        using (ICommands commands = lost.NewStream()) Assert.Throws<DeviceException>(() => commands.Run(new("update/advance", 1, 32, 8, 72)));
        Assert.Null(device.Look(0).UsedBytes);
    }

    [Fact]
    public void A_step_that_diverges_is_named_among_those_that_were_taken_at_once()
    {
        var training = SmallSearch.WithSgd with { Optimizer = Optimizer.Sgd(1e30), Schedule = new() };
        Assert.Equal(Message(CpuDevice.Default), Message(_device));

        string Message(ITrainingDevice device) => Assert.Throws<WorkFailedException>(
            () => new TicketSearch(SmallSearch.Network, SmallSearch.Data) { Training = training, Pruning = new() { Levels = 0 }, Device = device }.Results()).Message;
    }

    public void Dispose()
    {
        Assert.Equal(0, _card.UsedBytes);
        // And with it the card.
        _device.Dispose();
    }

    private sealed class Seen(Action<RunProgress> report) : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => report(value);
    }

    /// <summary>The bits that a training ends with.</summary>
    private static string End(Trainer trainer)
    {
        using (trainer)
        {
            while (!trainer.Finished) trainer.Advance();
            TrainingOutcome end = trainer.Finish();
            return $"{end.Best.Sha256} {end.Final.Sha256} {string.Join(' ', end.Evaluations)} {end.Metrics.Loss} {end.Metrics.TrainingAccuracy}";
        }
    }
}
