using Lottery.Cli.Options;
using Lottery.Cli.Searches;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Specifications;
using Lottery.Studies.Execution;
using Lottery.Studies.Store.Files;
using Lottery.Training;

namespace Lottery.UnitTests.Studies;

/// <summary>What runs take of memory, and how many fit at once.</summary>
public sealed class MemoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("lenet-300-100", 60, 1)]
    [InlineData("conv-2", 60, 1)]
    [InlineData("conv-2", 60, 2)]
    [InlineData("resnet-20", 32, 2)]
    public void What_is_counted_is_what_a_training_allocates(string name, int batch, int threads)
    {
        Network network = NetworkCatalogue.Get(name);
        var training = new TrainingSpecification { Optimizer = Optimizer.Adam(0.001), Batch = batch, Steps = 1 };
        long counted = TrainingMemory.Of(Mask.Full(network), frozen: false, training, threads);
        long weights = network.WeightBytes;
        // The values, two moments and the best values; the images of a batch are more.
        Assert.InRange(counted, 4 * weights, long.MaxValue);
        Assert.Equal(counted, TrainingMemory.Of(Mask.Full(network), frozen: false, training, threads));
        Assert.InRange(TrainingMemory.Of(Mask.Full(network), frozen: false, training with { Batch = 2 * batch }, threads), counted + 1, 2 * counted);
        Assert.Null(BufferCount.Current);
    }

    /// <summary>A second thread evaluates by a plan of its own; a third one would have nothing to do.</summary>
    [Fact]
    public void A_second_thread_of_a_network_without_images_takes_the_values_once_more()
    {
        RunSpecification run = MadeUp.Dense(1);
        long one = TrainingMemory.Of(Mask.Full(run.Network), frozen: false, run.Training, 1), two = TrainingMemory.Of(Mask.Full(run.Network), frozen: false, run.Training, 2);
        Assert.InRange(two - one, run.Network.WeightBytes, one);
        Assert.Equal(2, new RunQueue([Task(run)], threads: 5).Take()!.Threads);
        Assert.Equal(1, new RunQueue([Task(run), Task(MadeUp.Dense(2))], threads: 2).Take()!.Threads);
    }

    [Fact]
    public void A_counted_buffer_has_its_size()
    {
        using var count = new BufferCount();
        using var one = new AlignedBuffer<float>(1_000);
        using (new BufferCount()) new AlignedBuffer<byte>(7).Dispose();
        using var other = new AlignedBuffer<int>(10);
        Assert.Equal(4_040, count.Bytes);
        Assert.Equal(new int[10], other.Span);
    }

    [Fact]
    public void A_sparser_run_is_expected_to_take_less()
    {
        var memory = new RunMemory([]);
        RunSpecification dense = MadeUp.Dense(1) with { Network = NetworkCatalogue.Get("conv-2") };
        long[] levels = [.. new[] { 0.5m, 0.9m, 0.99m }.Select(rate => memory.Of(dense with
        {
            Level = 1, Parent = dense, Prune = new() { Criterion = "large-final", Rates = new(rate, rate, rate) },
        }, 1))];
        // At a half of the weights the copies of the dense run's weights outweigh what is saved.
        Assert.True(memory.Of(dense, 1) > levels[1] && levels[0] > levels[1] && levels[1] >= levels[2], $"{memory.Of(dense, 1)}, {string.Join(", ", levels)}");
    }

    [Fact]
    public void A_file_that_is_written_in_pieces_has_the_bytes_of_one_in_memory()
    {
        var file = new ChecksummedFile("LOTTESTS");
        byte[] content = new byte[(5 << 19) + 3];
        new Random(1).NextBytes(content);
        string path = _folder["pieces"];
        using (var writes = new Writes(_folder[""]))
        {
            DurableFile.Replace(path, stream => file.Write(stream, writer => writer.Write(content)));
            Assert.Equal(3, writes.Count);
        }
        byte[] whole = file.Write(writer => writer.Write(content), content.Length);
        Assert.Equal(whole, File.ReadAllBytes(path));
        Assert.Equal(whole, file.Write(writer => writer.Write(content)));
        Assert.Equal(content, file.Read(path, reader => reader.ReadBytes(content.Length)));
    }

    [Fact]
    public void More_runs_than_fit_wait_and_are_all_completed()
    {
        RunSpecification[] runs = [.. Enumerable.Range(1, 6).Select(seed => MadeUp.Dense((ulong)seed))];
        int atOnce = 0, most = 0;
        var outcomes = new RunExecutor { Memory = new(250, (_, _) => 100) }.Run(
            [.. runs.Select(run => Task(run, () =>
            {
                int now = Interlocked.Increment(ref atOnce);
                lock (runs) most = Math.Max(most, now);
                Thread.Sleep(5);
                Interlocked.Decrement(ref atOnce);
            }))], jobs: 6, TestContext.Current.CancellationToken);
        Assert.All(outcomes, outcome => Assert.Equal(RunState.Finished, outcome.State));
        Assert.InRange(most, 1, 2);
    }

    [Fact]
    public void A_run_that_fits_goes_before_one_that_does_not_and_one_alone_is_always_handed_out()
    {
        RunSpecification large = MadeUp.Dense(1), small = MadeUp.Dense(2), other = MadeUp.Dense(3);
        var queue = new RunQueue([Task(other), Task(large), Task(small)], threads: 3, new(100, (run, _) => run == large ? 500 : 60));
        RunQueue.Node first = queue.Take()!;
        Assert.Equal(other, first.Task.Run);
        queue.Settle(first, RunState.Finished, null);
        Assert.Equal(large, queue.Take()!.Task.Run);
    }

    [Fact]
    public void A_plan_says_how_many_fit_and_refuses_a_run_that_does_not_fit_alone()
    {
        RunSpecification[] runs = [MadeUp.Dense(1), MadeUp.Dense(2), MadeUp.Dense(3)];
        var memory = new RunMemory([]);
        long each = memory.Of(runs[0], 1);
        var plenty = new MemoryPlan(memory.Shared + 3 * each, memory, [.. runs], threads: 8);
        Assert.Equal(3, plenty.AtOnce);
        Assert.Null(MemoryText.Require(plenty, runs.Length, threads: 8));
        var two = new MemoryPlan(memory.Shared + 3 * each - 1, memory, [.. runs], threads: 8);
        Assert.StartsWith("At most 2 runs at once of 8: a run needs up to about ", MemoryText.Require(two, runs.Length, threads: 8), StringComparison.Ordinal);
        var none = new MemoryPlan(memory.Shared + each - 1, memory, [.. runs], threads: 8);
        string refusal = Assert.Throws<UserException>(() => MemoryText.Require(none, runs.Length, threads: 8)).Message;
        Assert.StartsWith($"A run of {runs[0].Network.Name} with batches of {runs[0].Training.Batch} needs about ", refusal, StringComparison.Ordinal);
        Assert.Contains("--memory", refusal, StringComparison.Ordinal);
        RunSpecification impossible = runs[0] with { Network = NetworkCatalogue.Get("vgg-19"), Training = runs[0].Training with { Batch = int.MaxValue / 2 } };
        Assert.Equal(long.MaxValue, memory.Of(impossible, 1));
    }

    [Fact]
    public void The_memory_is_the_least_of_what_the_machine_its_control_groups_and_Slurm_allow()
    {
        Assert.InRange(MachineMemory.Available(), 1, long.MaxValue);
        Write("proc/meminfo", "MemTotal:       24000000 kB\nMemFree: 1 kB\n");
        Assert.Equal(24_576_000_000, Available());
        Write("proc/self/limits", "Limit                     Soft Limit           Hard Limit           Units     \nMax data size             unlimited            unlimited            bytes     \n");
        Assert.Equal(24_576_000_000, Available());
        Write("proc/self/limits", "Max data size             5000000000           unlimited            bytes     \n");
        Assert.Equal(5_000_000_000, Available());
        Write("proc/self/limits", "");
        Write("proc/self/cgroup", "0::/user/job\n");
        Write("sys/fs/cgroup/user/job/memory.max", "max\n");
        Write("sys/fs/cgroup/user/memory.max", "4294967296\n");
        Assert.Equal(4_294_967_296, Available());
        Write("proc/self/cgroup", "5:cpu,memory:/old\n1:name=systemd:/old\n");
        Write("sys/fs/cgroup/memory/old/memory.limit_in_bytes", "9223372036854771712\n");
        Assert.Equal(24_576_000_000, Available());
        Write("sys/fs/cgroup/memory/old/memory.limit_in_bytes", "1000000\n");
        Assert.Equal(1_000_000, Available());
        Write("proc/self/cgroup", "garbage\n");
        Assert.Equal(2_097_152_000, Available(("SLURM_MEM_PER_NODE", "2000")));
        Assert.Equal(2_097_152_000, Available(("SLURM_MEM_PER_CPU", "500"), ("SLURM_CPUS_ON_NODE", "4")));

        long Available(params (string Name, string Value)[] set) =>
            MachineMemory.Available(_folder[""], name => set.FirstOrDefault(one => one.Name == name).Value);

        void Write(string path, string text)
        {
            string file = _folder[path];
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }
    }

    [Theory]
    [InlineData("4GiB", 4_294_967_296)]
    [InlineData("4G", 4_294_967_296)]
    [InlineData("500MB", 500_000_000)]
    [InlineData("1.5kb", 1_500)]
    [InlineData("123456", 123_456)]
    public void A_size_has_a_unit(string text, long bytes)
    {
        Assert.True(Values.Size(text, out long read));
        Assert.Equal(bytes, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("GiB")]
    [InlineData("4GG")]
    [InlineData("-1GB")]
    [InlineData("4 apples")]
    [InlineData("1e3MB")]
    [InlineData("99999999TB")]
    public void What_is_no_size_is_refused(string text) => Assert.False(Values.Size(text, out _));

    private sealed class Writes(string root) : DiskWatch(root)
    {
        public int Count { get; private set; }

        public override Exception? Before(DiskStep step, ref int length)
        {
            if (step.Call == DiskCall.Write) Count++;
            return null;
        }
    }

    private static RunTask Task(RunSpecification run, Action? act = null) => new(run, new ActingSearch(run, act ?? (() => { })));

    private sealed class ActingSearch(RunSpecification only, Action act) : Lottery.Search.IRunSearch
    {
        public System.Collections.Immutable.ImmutableArray<RunSpecification> Plan(ulong seed) => [only];

        public Lottery.Search.RunResult Complete(RunSpecification run, int threads, CancellationToken cancellationToken)
        {
            act();
            return MadeUp.Result(run);
        }
    }
}
