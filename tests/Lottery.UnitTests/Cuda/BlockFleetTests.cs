using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Lottery.Cuda.Driver;
using Lottery.Cuda.Training;

namespace Lottery.UnitTests.Cuda;

/// <summary>Small trainings share launches, each gets what it asked for, and none waits for ever.</summary>
public class BlockFleetTests
{
    private const int Streams = 8;

    [Fact]
    public void What_waits_while_all_streams_are_busy_becomes_shared_launches()
    {
        using var device = new GatedDevice();
        var fleet = new BlockFleet(device);
        BlockQueue[] queues = [.. Enumerable.Range(0, 3 * Streams).Select(_ => fleet.NewQueue())];
        int[] read = new int[queues.Length];
        Thread[] threads = [.. queues.Select((_, i) => new Thread(() => read[i] = Value(queues[i], i)))];
        foreach (Thread thread in threads) thread.Start();
        // Each of the first has a stream for itself; the others wait.
        Assert.True(SpinWait.SpinUntil(() => device.Launches.Count == Streams && fleet.Waiting == 2 * Streams, TimeSpan.FromMinutes(1)));
        device.Open();
        foreach (Thread thread in threads) thread.Join();

        Assert.Equal(Enumerable.Range(0, queues.Length), read);
        Assert.Equal(queues.Length, device.Launches.Sum());
        Assert.Equal(2 * Streams, device.Launches.Max());
        foreach (BlockQueue queue in queues) queue.Dispose();
        Assert.Equal(0, device.Allocated);
    }

    [Fact]
    public void Kernels_of_two_names_are_not_mixed()
    {
        using var device = new GatedDevice();
        var fleet = new BlockFleet(device);
        BlockQueue[] queues = [.. Enumerable.Range(0, 4 * Streams).Select(_ => fleet.NewQueue())];
        Thread[] threads = [.. queues.Select((queue, i) => new Thread(() => Value(queue, i, i % 2 == 0 ? "block/train_shared" : "block/train_global")))];
        foreach (Thread thread in threads) thread.Start();
        Assert.True(SpinWait.SpinUntil(() => fleet.Waiting == 3 * Streams, TimeSpan.FromMinutes(1)));
        device.Open();
        foreach (Thread thread in threads) thread.Join();
        Assert.Equal(2 * Streams, device.Blocks["block/train_shared"]);
        Assert.Equal(2 * Streams, device.Blocks["block/train_global"]);
    }

    [Fact]
    public void A_failure_reaches_all_whose_launch_it_was_and_the_others_go_on()
    {
        using var device = new GatedDevice { Fails = launch => launch.Kernel == "block/evaluate_global" };
        var fleet = new BlockFleet(device);
        using BlockQueue good = fleet.NewQueue(), bad = fleet.NewQueue();
        device.Open();
        Assert.Throws<DeviceException>(() => Value(bad, 1, "block/evaluate_global"));
        Assert.Equal(2, Value(good, 2));
        Assert.Equal(3, Value(bad, 3));
    }

    [Fact]
    public void A_second_work_and_a_read_wait_for_the_first()
    {
        using var device = new GatedDevice();
        device.Open();
        var fleet = new BlockFleet(device);
        using BlockQueue queue = fleet.NewQueue();
        queue.Run(new BlockWork("block/train_shared", 0, 1, 1, 1));
        queue.Run(new BlockWork("block/evaluate_shared", 0, 1, 7, 3));
        Assert.Equal([1], device.Launches);
        queue.Synchronize();
        Assert.Equal([1, 3], device.Launches);
        queue.Synchronize();
        Assert.Equal(2, device.Launches.Count);
    }

    /// <summary>Gives work to a queue, and reads what the device has at an address: the address.</summary>
    private static int Value(BlockQueue queue, int address, string kernel = "block/train_shared")
    {
        queue.Run(new BlockWork(kernel, 100, (ulong)address, 1, 1));
        return queue.Read<int>((ulong)address, 1)[0];
    }

    /// <summary>A device whose launches wait for a gate, and whose memory holds its addresses.</summary>
    private sealed class GatedDevice : IDevice
    {
        private readonly ManualResetEventSlim _gate = new();
        private long _allocated;

        /// <summary>Blocks of each launch.</summary>
        public ConcurrentQueue<int> Launches { get; } = [];

        /// <summary>Blocks by kernel.</summary>
        public ConcurrentDictionary<string, int> Blocks { get; } = [];

        public Func<Launch, bool> Fails { get; init; } = _ => false;

        public long Allocated => Interlocked.Read(ref _allocated);

        public string Name => "gated";

        public long FreeBytes => long.MaxValue;

        public long TotalBytes => long.MaxValue;

        public int? Utilization => null;

        public int Multiprocessors => 1;

        public int SharedBytes => int.MaxValue;

        public DeviceException? Failure => null;

        public void Open() => _gate.Set();

        public DeviceMemory Allocate(long bytes)
        {
            Interlocked.Add(ref _allocated, bytes);
            return new(256, bytes, _ => Interlocked.Add(ref _allocated, -bytes));
        }

        public ICommands NewStream() => new Commands(this);

        public void Dispose() => _gate.Dispose();

        private sealed class Commands(GatedDevice device) : ICommands
        {
            public void Run(in Launch launch)
            {
                device.Launches.Enqueue(launch.GridX);
                int blocks = launch.GridX;
                device.Blocks.AddOrUpdate(launch.Kernel, blocks, (_, count) => count + blocks);
                device._gate.Wait();
                if (device.Fails(launch)) throw new DeviceException(DeviceFault.Wrong, "It failed.");
            }

            public void Fill(ulong address, uint word, long words)
            {
            }

            public void Copy(ulong to, ulong from, long bytes)
            {
            }

            public void Write<T>(ulong to, ReadOnlySpan<T> values) where T : unmanaged
            {
            }

            public void Read<T>(ulong from, Span<T> values) where T : unmanaged => MemoryMarshal.Cast<T, int>(values).Fill((int)from);

            public IGraph Record(Action<ICommands> commands) => throw new NotSupportedException();

            public void Synchronize()
            {
            }

            public void Dispose()
            {
            }
        }
    }
}
