using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Lottery.Cuda.Driver;

/// <summary>A queue of a card. One thread at a time uses it.</summary>
internal sealed class CudaStream(CudaDevice device, IDriverCalls driver, nint stream) : ICommands
{
    private const int MostArguments = 64, RelaxedCapture = 2;

    /// <summary>The arguments' values, then the address of each: what the driver reads during a launch.</summary>
    private readonly ulong[] _arguments = PointersAfterValues();
    private nint _stream = stream;
    private bool _recording;

    /// <inheritdoc/>
    public void Run(in Launch launch)
    {
        device.Enter();
        nint function = device.FunctionOf(launch);
        launch.Arguments.CopyTo(_arguments);
        Check(
            driver.LaunchKernel(
                function, (uint)launch.GridX, (uint)launch.GridY, (uint)launch.GridZ, (uint)launch.Threads, (uint)launch.Shared, _stream,
                Marshal.UnsafeAddrOfPinnedArrayElement(_arguments, MostArguments)),
            "running a kernel");
    }

    /// <inheritdoc/>
    public void Fill(ulong address, uint word, long words)
    {
        if (words == 0) return;
        device.Enter();
        Check(driver.MemsetD32Async(address, word, (nuint)words, _stream), "filling memory");
    }

    /// <inheritdoc/>
    public void Copy(ulong to, ulong from, long bytes)
    {
        if (bytes == 0) return;
        device.Enter();
        Check(driver.MemcpyDtoDAsync(to, from, (nuint)bytes, _stream), "copying memory");
    }

    /// <inheritdoc/>
    public void Write<T>(ulong to, ReadOnlySpan<T> values) where T : unmanaged
    {
        RequireNoRecording();
        if (values.IsEmpty) return;
        device.Enter();
        ref T first = ref MemoryMarshal.GetReference(values);
        // Memory that is not pinned is staged before the call returns.
        Check(driver.MemcpyHtoDAsync(to, in Unsafe.As<T, byte>(ref first), Bytes<T>(values.Length), _stream), "writing to its memory");
    }

    /// <inheritdoc/>
    public void Read<T>(ulong from, Span<T> values) where T : unmanaged
    {
        RequireNoRecording();
        if (values.IsEmpty) return;
        device.Enter();
        Check(driver.StreamSynchronize(_stream), "running kernels");
        ref T first = ref MemoryMarshal.GetReference(values);
        Check(driver.MemcpyDtoHAsync(ref Unsafe.As<T, byte>(ref first), from, Bytes<T>(values.Length), _stream), "reading from its memory");
        Check(driver.StreamSynchronize(_stream), "reading from its memory");
    }

    /// <inheritdoc/>
    public IGraph Record(Action<ICommands> commands)
    {
        RequireNoRecording();
        device.Enter();
        // Kernels are loaded before: a recording allows no call that waits.
        using (var load = new KernelLoader(device)) commands(load);
        Check(driver.StreamBeginCapture(_stream, RelaxedCapture), "recording commands");
        nint graph = 0;
        try
        {
            _recording = true;
            commands(this);
        }
        finally
        {
            _recording = false;
            int ended = driver.StreamEndCapture(_stream, out graph);
            if (ended != 0) graph = 0;
        }
        if (graph == 0) throw DriverErrors.Exception(901, "recording commands", device.Name);
        int result = driver.GraphInstantiate(out nint executable, graph);
        _ = driver.GraphDestroy(graph);
        Check(result, "preparing recorded commands");
        return new Recorded(this, executable);
    }

    /// <inheritdoc/>
    public void Synchronize()
    {
        RequireNoRecording();
        device.Enter();
        Check(driver.StreamSynchronize(_stream), "running kernels");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        nint stream = Interlocked.Exchange(ref _stream, 0);
        if (stream == 0) return;
        // What is queued ends first; a lost card has nothing to end.
        _ = driver.StreamSynchronize(stream);
        _ = driver.StreamDestroy(stream);
    }

    private static nuint Bytes<T>(int count) => (nuint)count * (nuint)Unsafe.SizeOf<T>();

    private static ulong[] PointersAfterValues()
    {
        ulong[] all = GC.AllocateArray<ulong>(2 * MostArguments, pinned: true);
        for (int i = 0; i < MostArguments; i++) all[MostArguments + i] = (ulong)Marshal.UnsafeAddrOfPinnedArrayElement(all, i);
        return all;
    }

    private void Check(int result, string doing) => device.Check(result, doing);

    private void RequireNoRecording()
    {
        ObjectDisposedException.ThrowIf(_stream == 0, this);
        if (_recording) throw new InvalidOperationException("A recording has kernels, fills and copies within the device only.");
    }

    private sealed class Recorded(CudaStream owner, nint executable) : IGraph
    {
        private nint _executable = executable;

        public void Launch()
        {
            ObjectDisposedException.ThrowIf(_executable == 0, this);
            owner.LaunchGraph(_executable);
        }

        public void Dispose()
        {
            nint executable = Interlocked.Exchange(ref _executable, 0);
            if (executable != 0) owner.DestroyGraph(executable);
        }
    }

    private void LaunchGraph(nint executable)
    {
        RequireNoRecording();
        device.Enter();
        Check(driver.GraphLaunch(executable, _stream), "running recorded commands");
    }

    private void DestroyGraph(nint executable)
    {
        if (_stream != 0) _ = driver.StreamSynchronize(_stream);
        _ = driver.GraphExecDestroy(executable);
    }

    /// <summary>Loads the kernels of launches and does nothing else.</summary>
    private sealed class KernelLoader(CudaDevice device) : ICommands
    {
        public void Run(in Launch launch) => device.FunctionOf(launch);

        public void Fill(ulong address, uint word, long words)
        {
        }

        public void Copy(ulong to, ulong from, long bytes)
        {
        }

        public void Write<T>(ulong to, ReadOnlySpan<T> values) where T : unmanaged => throw Refused();

        public void Read<T>(ulong from, Span<T> values) where T : unmanaged => throw Refused();

        public IGraph Record(Action<ICommands> commands) => throw Refused();

        public void Synchronize() => throw Refused();

        public void Dispose()
        {
        }

        private static InvalidOperationException Refused() => new("A recording has kernels, fills and copies within the device only.");
    }
}
