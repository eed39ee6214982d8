using System.Collections.Immutable;
using System.Diagnostics;
using Lottery.Cuda.Driver;
using Lottery.Cuda.Training;
using Lottery.Networks;
using Lottery.Training;

namespace Lottery.Gpu;

/// <summary>A kernel of a step, and how long it takes by itself.</summary>
/// <param name="Launch">What is run.</param>
/// <param name="Microseconds">Its time.</param>
internal readonly record struct KernelTime(Launch Launch, double Microseconds);

/// <summary>How long each kernel of a step takes, where a step is a graph of them.</summary>
internal static class KernelTiming
{
    /// <summary>
    /// Trains a step, then runs each of its kernels, in their order, so many times, one after the other; what a launch costs the processor is the
    /// least that a kernel can take here.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="batch">Examples of a batch.</param>
    /// <param name="density">The fraction of each prunable tensor that is kept.</param>
    /// <param name="device">Where.</param>
    /// <param name="times">How often each kernel runs.</param>
    /// <returns>The kernels of a step; none if the network is trained in one block.</returns>
    public static ImmutableArray<KernelTime> Of(Network network, int batch, double density, IDevice device, int times)
    {
        TrainingTask task = new GoldenCase(network.Name, network, density, batch).Task();
        var recording = new RecordingDevice(device);
        using ITrainingEngine engine = new CudaTrainingDevice(recording).Begin(task, new(task.Data, task.Seed, batch, 0), Environment.ProcessorCount);
        engine.Train(0, new double[1]);
        if (recording.Recorded.Count == 0) return [];
        // The first that an engine records is a step.
        (ICommands commands, ImmutableArray<Launch> launches) = recording.Recorded[0];
        return [.. launches.Select(launch => new KernelTime(launch, Microseconds(commands, launch, times)))];
    }

    private static double Microseconds(ICommands commands, Launch launch, int times)
    {
        commands.Run(launch);
        commands.Synchronize();
        var watch = Stopwatch.StartNew();
        for (int i = 0; i < times; i++) commands.Run(launch);
        commands.Synchronize();
        return watch.Elapsed.TotalMicroseconds / times;
    }

    /// <summary>A device that keeps what its queues record.</summary>
    private sealed class RecordingDevice(IDevice device) : IDevice
    {
        public List<(ICommands Commands, ImmutableArray<Launch> Launches)> Recorded { get; } = [];

        public string Name => device.Name;

        public long FreeBytes => device.FreeBytes;

        public long TotalBytes => device.TotalBytes;

        public int? Utilization => device.Utilization;

        public int Multiprocessors => device.Multiprocessors;

        public int SharedBytes => device.SharedBytes;

        public DeviceException? Failure => device.Failure;

        public DeviceMemory Allocate(long bytes) => device.Allocate(bytes);

        public ICommands NewStream() => new Recording(this, device.NewStream(), null);

        public void Dispose()
        {
        }

        private sealed class Recording(RecordingDevice device, ICommands commands, ImmutableArray<Launch>.Builder? launches) : ICommands
        {
            public void Run(in Launch launch)
            {
                launches?.Add(launch);
                commands.Run(launch);
            }

            public void Fill(ulong address, uint word, long words) => commands.Fill(address, word, words);

            public void Copy(ulong to, ulong from, long bytes) => commands.Copy(to, from, bytes);

            public void Write<T>(ulong to, ReadOnlySpan<T> values) where T : unmanaged => commands.Write(to, values);

            public void Read<T>(ulong from, Span<T> values) where T : unmanaged => commands.Read(from, values);

            public IGraph Record(Action<ICommands> record)
            {
                ImmutableArray<Launch>.Builder? recorded = null;
                IGraph graph = commands.Record(to =>
                {
                    // Called more than once; the last call is what is recorded.
                    recorded = ImmutableArray.CreateBuilder<Launch>();
                    record(new Recording(device, to, recorded));
                });
                device.Recorded.Add((commands, recorded!.ToImmutable()));
                return graph;
            }

            public void Synchronize() => commands.Synchronize();

            public void Dispose() => commands.Dispose();
        }
    }
}
