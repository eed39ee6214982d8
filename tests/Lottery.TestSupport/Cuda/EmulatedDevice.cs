using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Lottery.Cuda.Driver;

namespace Lottery.TestSupport.Cuda;

/// <summary>
/// Runs the kernels' own source on this processor, each launch when it is given. Every second launch runs its blocks and threads
/// from the last to the first, so that what depends on their order shows. What writes beyond the end of memory is found when the
/// memory is given back. A lazy one runs nothing before it is waited for, so that what changes memory which is still to be read shows, too.
/// </summary>
internal sealed unsafe partial class EmulatedDevice : IDevice
{
    private const int Guard = 256;
    private const byte GuardByte = 0xa5;

    private readonly long _bytes;
    private readonly ConcurrentQueue<DeviceMemory> _given = [];
    private long _used, _refused;

    /// <summary>A device with so much memory.</summary>
    /// <param name="bytes">Bytes of memory.</param>
    public EmulatedDevice(long bytes = 8L << 30) => _bytes = bytes;

    /// <inheritdoc/>
    public string Name => "the emulated card";

    /// <inheritdoc/>
    public long TotalBytes => _bytes;

    /// <inheritdoc/>
    public int? Utilization { get; init; }

    /// <inheritdoc/>
    public int Multiprocessors => 4;

    /// <inheritdoc/>
    public int SharedBytes { get; init; } = 227 << 10;

    /// <inheritdoc/>
    public long FreeBytes => _bytes - Interlocked.Read(ref _used);

    /// <summary>Whether each queue does what it is given only when something waits for it, as late as a card may.</summary>
    public bool IsLazy { get; init; }

    /// <summary>Called before each launch with the number of those before it; what it throws, the launch throws.</summary>
    public Action<long>? Launching { get; set; }

    /// <summary>The number of launches after which the card is lost.</summary>
    public long LostAfter { get; init; } = long.MaxValue;

    /// <inheritdoc/>
    public DeviceException? Failure { get; private set; }

    /// <summary>Memory that was not given back.</summary>
    public long UsedBytes => Interlocked.Read(ref _used);

    /// <summary>Allocations that did not fit.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Launches so far.</summary>
    public long Launches { get; private set; }

    /// <inheritdoc/>
    public DeviceMemory Allocate(long bytes)
    {
        if (Interlocked.Add(ref _used, bytes) > _bytes)
        {
            long free = _bytes - Interlocked.Add(ref _used, -bytes);
            Interlocked.Increment(ref _refused);
            throw DriverErrors.Exception(2, "this step", Name, bytes, free);
        }
        var start = (byte*)NativeMemory.AlignedAlloc((nuint)(bytes + Guard), 256);
        NativeMemory.Clear(start, (nuint)bytes);
        new Span<byte>(start + bytes, Guard).Fill(GuardByte);
        return new((ulong)start, bytes, IsLazy ? Give : Free);
    }

    /// <summary>Another process takes memory of the card, or, below 0, gives it back.</summary>
    public void Take(long bytes) => Interlocked.Add(ref _used, bytes);

    /// <inheritdoc/>
    public ICommands NewStream() => new Commands(this);

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_given.TryDequeue(out DeviceMemory? memory)) Release(memory);
    }

    /// <summary>A card waits before memory is given back; here it stays until nothing can be waiting any more.</summary>
    private void Give(DeviceMemory memory)
    {
        Interlocked.Add(ref _used, -memory.Bytes);
        _given.Enqueue(memory);
    }

    private void Free(DeviceMemory memory)
    {
        Interlocked.Add(ref _used, -memory.Bytes);
        Release(memory);
    }

    private static void Release(DeviceMemory memory)
    {
        var end = (byte*)memory.Address + memory.Bytes;
        bool isWhole = !new Span<byte>(end, Guard).ContainsAnyExcept(GuardByte);
        NativeMemory.AlignedFree((void*)memory.Address);
        if (!isWhole) throw new InvalidOperationException($"A kernel wrote beyond the end of {memory.Bytes} bytes of memory.");
    }

    private sealed class Commands(EmulatedDevice device) : ICommands
    {
        private readonly Queue<Action> _waiting = [];

        public void Run(in Launch launch)
        {
            Launch copy = launch;
            Do(() => Execute(copy));
        }

        private void Execute(Launch launch)
        {
            if (device.Launches >= device.LostAfter) throw device.Failure ??= DriverErrors.Exception(719, "running a kernel", device.Name);
            device.Launching?.Invoke(device.Launches);
            KernelLibrary.Get(launch.Family).Run(launch, turned: device.Launches++ % 2 == 1);
        }

        public void Fill(ulong address, uint word, long words) => Do(() =>
        {
            for (long i = 0; i < words; i++) ((uint*)address)[i] = word;
        });

        public void Copy(ulong to, ulong from, long bytes) => Do(() => Buffer.MemoryCopy((void*)from, (void*)to, bytes, bytes));

        public void Write<T>(ulong to, ReadOnlySpan<T> values) where T : unmanaged
        {
            T[] copy = values.ToArray();
            Do(() => copy.CopyTo(new Span<T>((void*)to, copy.Length)));
        }

        public void Read<T>(ulong from, Span<T> values) where T : unmanaged
        {
            Synchronize();
            new Span<T>((void*)from, values.Length).CopyTo(values);
        }

        public IGraph Record(Action<ICommands> commands)
        {
            var recording = new Recording(this);
            commands(recording);
            return recording;
        }

        public void Synchronize()
        {
            while (_waiting.TryDequeue(out Action? command)) command();
        }

        public void Dispose() => _waiting.Clear();

        private void Do(Action command)
        {
            if (device.IsLazy) _waiting.Enqueue(command);
            else command();
        }
    }

    private sealed class Recording(Commands to) : ICommands, IGraph
    {
        private readonly List<Action> _commands = [];

        public void Launch()
        {
            foreach (Action command in _commands) command();
        }

        public void Run(in Launch launch)
        {
            Launch copy = launch;
            _commands.Add(() => to.Run(copy));
        }

        public void Fill(ulong address, uint word, long words) => _commands.Add(() => to.Fill(address, word, words));

        public void Copy(ulong toAddress, ulong from, long bytes) => _commands.Add(() => to.Copy(toAddress, from, bytes));

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
