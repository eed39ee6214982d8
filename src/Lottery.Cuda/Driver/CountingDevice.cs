namespace Lottery.Cuda.Driver;

/// <summary>A device without memory that counts what is allocated and launched, so that a plan's bytes and launches are known before any are made.</summary>
internal sealed class CountingDevice : IDevice
{
    /// <summary>What a card's allocations are rounded up to.</summary>
    private const long Alignment = 256;

    /// <summary>Bytes allocated so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>Kernels, fills and copies so far.</summary>
    public int Launches { get; private set; }

    public string Name => "counting";

    public long FreeBytes => long.MaxValue;

    public long TotalBytes => long.MaxValue;

    public int? Utilization => null;

    public int Multiprocessors => 1;

    public int SharedBytes => int.MaxValue;

    public DeviceException? Failure => null;

    public DeviceMemory Allocate(long bytes)
    {
        ulong address = (ulong)(Alignment + Bytes);
        Bytes += (bytes + Alignment - 1) / Alignment * Alignment;
        return new(address, bytes, _ => { });
    }

    public ICommands NewStream() => new Counted(this);

    public void Dispose()
    {
    }

    /// <summary>A queue that counts and does nothing.</summary>
    private sealed class Counted(CountingDevice device) : ICommands
    {
        public void Run(in Launch launch) => device.Launches++;

        public void Fill(ulong address, uint word, long words) => device.Launches++;

        public void Copy(ulong to, ulong from, long bytes) => device.Launches++;

        public void Write<T>(ulong to, ReadOnlySpan<T> values) where T : unmanaged
        {
        }

        public void Read<T>(ulong from, Span<T> values) where T : unmanaged
        {
        }

        public IGraph Record(Action<ICommands> commands) => throw new NotSupportedException();

        public void Synchronize()
        {
        }

        public void Dispose()
        {
        }
    }
}
