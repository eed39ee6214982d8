using Lottery.Cuda.Driver;
using Lottery.Cuda.Training;
using Lottery.Data;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Studies.Execution;
using Lottery.TestSupport.Cuda;
using Lottery.Training;

namespace Lottery.UnitTests.Cuda;

/// <summary>Cards that fail, that others use, and work that is stopped in the middle: a sentence each, and no result is lost or changed.</summary>
public sealed class CardFailureTests
{
    private static readonly Network s_graph = new NetworkBuilder(new(1, 12, 12))
        .BatchNormalization().Relu().MaxPool(2).Dropout(0.25).Flatten().Linear(14).Relu().Output(4).Build("graph");

    private static readonly SplitDataset s_images = SmallData.Split(train: 160, validation: 40, test: 70, features: 144, classes: 4);

    private readonly List<string> _said = [];

    /// <summary>A network whose steps are graphs, and one whose steps are blocks.</summary>
    public static TheoryData<bool> Networks { get; } = [true, false];

    [Theory]
    [InlineData(DriverErrors.NoLibrary, "No NVIDIA driver was found")]
    [InlineData(100, "finds no card")]
    [InlineData(803, "too old")]
    [InlineData(999, "does not answer")]
    public void Without_a_driver_runs_are_the_processors_unless_a_card_is_stated(int result, string sentence) =>
        Choose(new FakeDriver { Fails = { ["Init"] = result } }, sentence);

    [Fact]
    public void An_old_driver_an_old_card_and_one_that_another_process_has_alone_are_no_cards()
    {
        Choose(new FakeDriver { Version = 11_030 }, "too old for these kernels; install version 470");
        Choose(new FakeDriver { Major = 6 }, "compute capability 7.0");
        Choose(new FakeDriver { Fails = { ["PrimaryContextRetain"] = 46 } }, "is used by another process alone");
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Work_that_is_stopped_in_the_middle_of_its_launches_has_a_checkpoint_and_goes_on_anywhere(bool isGraph)
    {
        string whole = Fingerprint(new Trainer(Task(isGraph), CpuDevice.Default), new Session(), CancellationToken.None);
        using EmulatedDevice card = EmulatedDevice.OrSkip(isLazy: true);
        using var device = new CudaTrainingDevice(card);
        foreach (long at in (long[])[0, 4, 7])
        {
            using var stop = new CancellationTokenSource();
            long before = card.Launches;
            card.Launching = launch =>
            {
                if (launch - before == at) stop.Cancel();
            };
            var session = new Session();
            using (var trainer = new Trainer(Task(isGraph), device))
                Assert.Throws<OperationCanceledException>(() => trainer.Run(session, null, stop.Token));
            Assert.Equal(0, card.UsedBytes);
            Assert.Equal(whole, Fingerprint(new Trainer(Task(isGraph), CpuDevice.Default), session.Again(), CancellationToken.None));
            Assert.Equal(whole, Fingerprint(new Trainer(Task(isGraph), device), session.Again(), CancellationToken.None));
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Of_a_card_that_falls_off_what_was_trained_until_the_checkpoint_is_kept(bool isGraph)
    {
        string whole = Fingerprint(new Trainer(Task(isGraph), CpuDevice.Default), new Session(), CancellationToken.None);
        using EmulatedDevice card = new() { LostAfter = isGraph ? 400 : 12 };
        using var device = new CudaTrainingDevice(card) { Say = _said.Add };
        var session = new Session { IsDue = true };
        using (var trainer = new Trainer(Task(isGraph), device))
            Assert.Contains("does not answer any more", Assert.Throws<DeviceException>(() => trainer.Run(session, null, CancellationToken.None)).Message, StringComparison.Ordinal);
        Session again = session.Again();
        Assert.InRange(again.Resume!.Step, 1, 39);
        Assert.Equal(whole, Fingerprint(new Trainer(Task(isGraph), device), again, CancellationToken.None));
        Assert.EndsWith("Runs go on from their checkpoints on the processor.", Assert.Single(_said), StringComparison.Ordinal);
        Assert.Equal(0, card.UsedBytes);
    }

    [Fact]
    public void Memory_that_another_process_takes_halfway_is_missed_by_the_next_run_alone()
    {
        using EmulatedDevice card = EmulatedDevice.OrSkip();
        using var device = new CudaTrainingDevice(card) { Say = _said.Add };
        long before = card.FreeBytes;
        card.Launching = launch =>
        {
            if (launch == 3) card.Take(card.TotalBytes - 1_000);
        };
        Assert.Equal(Search(CpuDevice.Default), Search(device));
        // The dense run had all that it needs; of its two levels each says what it lacks.
        Assert.Equal(2, _said.Count);
        Assert.All(_said, sentence => Assert.Matches("^the emulated card has .* MiB of free memory, and this step needs .* This run is trained by the processor.$", sentence));
        Assert.InRange(card.Launches, 20, long.MaxValue);
        Assert.InRange(card.FreeBytes, 1, before);
    }

    [Fact]
    public void A_run_that_the_card_refuses_memory_in_the_middle_goes_on_on_the_processor_and_others_on_the_card()
    {
        using EmulatedDevice card = EmulatedDevice.OrSkip();
        using var device = new CudaTrainingDevice(card) { Say = _said.Add };
        bool wasRefused = false;
        card.Launching = launch =>
        {
            if (launch != 9 || wasRefused) return;
            wasRefused = true;
            throw DriverErrors.Exception(2, "running recorded commands", card.Name);
        };
        Assert.Equal(Search(CpuDevice.Default), Search(device));
        Assert.Equal(
            "the emulated card ran out of memory while running recorded commands; end other processes on it, train fewer runs at once, or use --device cpu. "
            + "The run goes on from its checkpoint on the processor.", Assert.Single(_said));
        Assert.InRange(card.Launches, 20, long.MaxValue);
        Assert.Equal(0, card.UsedBytes);
    }

    [Fact]
    public async Task Two_processes_on_one_card_train_beside_each_other_and_neither_waits_for_the_others_memory()
    {
        using EmulatedDevice card = EmulatedDevice.OrSkip();
        using var one = new CudaTrainingDevice(card) { Say = Say };
        using var other = new CudaTrainingDevice(card) { Say = Say };
        string expected = Search(CpuDevice.Default);
        Task<string> first = System.Threading.Tasks.Task.Run(() => Search(one)), second = System.Threading.Tasks.Task.Run(() => Search(other));
        Assert.Equal([expected, expected], await System.Threading.Tasks.Task.WhenAll(first, second));
        Assert.Empty(_said);

        // The first has nearly all: the second has no run whose end it could wait for.
        using ITrainingEngine held = one.Begin(Task(isGraph: false), Orders(), threads: 1);
        card.Take(card.FreeBytes - 1_000);
        Assert.Equal(expected, Search(other));
        Assert.All(_said, sentence => Assert.EndsWith("This run is trained by the processor.", sentence, StringComparison.Ordinal));
        Assert.Equal(3, _said.Count);

        void Say(string sentence)
        {
            lock (_said) _said.Add(sentence);
        }
    }

    private static EpochOrders Orders() => new(SmallSearch.Data, 1, SmallSearch.WithSgd.Batch, 0);

    private static TrainingTask Task(bool isGraph)
    {
        Network network = isGraph ? s_graph : SmallSearch.Network;
        return new()
        {
            Mask = Mask.Full(network), Start = InitialWeights.Sample(network, 1), Data = isGraph ? s_images : SmallSearch.Data, Seed = 1,
            Training = new() { Optimizer = Specifications.Optimizer.Sgd(0.1, 0.9), Batch = 20, Steps = 40, Evaluate = 8 },
        };
    }

    private static string Fingerprint(Trainer trainer, ITrainingSession session, CancellationToken cancellation)
    {
        using (trainer)
        {
            TrainingOutcome end = trainer.Run(session, null, cancellation);
            return $"{end.Best.Sha256} {end.Final.Sha256} {string.Join(' ', end.Evaluations)} {end.Metrics.Loss} {end.Metrics.TrainingAccuracy}";
        }
    }

    /// <summary>A dense run and two levels, one after the other.</summary>
    private static string Search(ITrainingDevice device)
    {
        var runs = new MemoryRunStore();
        var search = new TicketSearch(SmallSearch.Network, SmallSearch.Data)
        {
            Training = SmallSearch.WithSgd, Pruning = SmallSearch.Pruning with { Levels = 2, RewindTo = 0 }, Runs = runs, Device = device,
        };
        new RunExecutor().Run(RunTask.Of(search, seed: 1), jobs: 1, TestContext.Current.CancellationToken);
        return TestSupport.Fingerprint.Of([.. search.Plan(1).Select(run => runs.Find(run)!)]);
    }

    private void Choose(IDriverCalls driver, string sentence)
    {
        var auto = new SelectedDevice(DeviceChoice.Auto, _said.Add, number => new CudaDevice(number, driver));
        auto.Open(seconds: 1e6);
        using ITrainingEngine engine = auto.Begin(Task(isGraph: false), Orders(), threads: 1);
        Assert.IsType<CpuEngine>(engine);
        Assert.Empty(_said);
        var stated = new SelectedDevice(new(0, false), _said.Add, number => new CudaDevice(number, driver));
        Assert.Contains(sentence, Assert.ThrowsAny<UserException>(() => stated.Open(seconds: 1)).Message, StringComparison.Ordinal);
    }

    private sealed class Session : ITrainingSession
    {
        private Checkpoint? _saved;

        public Checkpoint? Resume { get; private init; }

        public bool IsDue { get; init; }

        public bool CheckpointDue => IsDue;

        public void Save(Checkpoint checkpoint) => _saved = checkpoint;

        public void Report(Evaluation evaluation)
        {
        }

        /// <summary>What comes after this session.</summary>
        public Session Again() => new() { Resume = _saved ?? throw new InvalidOperationException("There is no checkpoint.") };
    }
}
