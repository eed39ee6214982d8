namespace Lottery.Cuda.Driver;

/// <summary>What runs kernels: a card, or in tests the emulator.</summary>
internal interface IDevice : IDisposable
{
    /// <summary>The card's name.</summary>
    string Name { get; }

    /// <summary>Bytes of memory that nothing uses.</summary>
    long FreeBytes { get; }

    /// <summary>Bytes of memory in all.</summary>
    long TotalBytes { get; }

    /// <summary>The share of the last moments in which a kernel ran, in percent; null if that is not known.</summary>
    int? Utilization { get; }

    /// <summary>Processors of the card, each with shared memory of its own.</summary>
    int Multiprocessors { get; }

    /// <summary>The most bytes of shared memory that a block can have.</summary>
    int SharedBytes { get; }

    /// <summary>The error after which nothing runs on it any more; null while all is well.</summary>
    DeviceException? Failure { get; }

    /// <summary>Memory of the device, zeroed, on a 256-byte boundary.</summary>
    /// <exception cref="DeviceException">There is not so much.</exception>
    DeviceMemory Allocate(long bytes);

    /// <summary>A queue of commands that run in order.</summary>
    ICommands NewStream();
}

/// <summary>Memory of a device.</summary>
/// <param name="address">Where it begins.</param>
/// <param name="bytes">Its length.</param>
/// <param name="free">Gives it back.</param>
internal sealed class DeviceMemory(ulong address, long bytes, Action<DeviceMemory> free) : IDisposable
{
    private Action<DeviceMemory>? _free = free;

    /// <summary>Where it begins, in the device's addresses.</summary>
    public ulong Address { get; } = address;

    /// <summary>Its length.</summary>
    public long Bytes { get; } = bytes;

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _free, null)?.Invoke(this);
}
