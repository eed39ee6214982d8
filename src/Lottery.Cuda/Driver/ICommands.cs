namespace Lottery.Cuda.Driver;

/// <summary>A queue of a device: what is given to it runs in order, and in its own time.</summary>
internal interface ICommands : IDisposable
{
    /// <summary>Runs a kernel.</summary>
    void Run(in Launch launch);

    /// <summary>Sets 32-bit words.</summary>
    void Fill(ulong address, uint word, long words);

    /// <summary>Copies within the device.</summary>
    void Copy(ulong to, ulong from, long bytes);

    /// <summary>Copies to the device; the values may change as soon as it returns. Not part of a recording.</summary>
    void Write<T>(ulong to, ReadOnlySpan<T> values) where T : unmanaged;

    /// <summary>Copies from the device, when all that was given before is done. Not part of a recording.</summary>
    void Read<T>(ulong from, Span<T> values) where T : unmanaged;

    /// <summary>Records commands, without running them, as one that runs them all. <paramref name="commands"/> may be called more than once.</summary>
    IGraph Record(Action<ICommands> commands);

    /// <summary>Waits until all is done.</summary>
    void Synchronize();
}

/// <summary>Recorded commands.</summary>
internal interface IGraph : IDisposable
{
    /// <summary>Runs them in the queue that recorded them.</summary>
    void Launch();
}

internal static class CommandsExtensions
{
    /// <summary>Copies to the device.</summary>
    public static void Write<T>(this ICommands commands, ulong to, T[] values) where T : unmanaged => commands.Write<T>(to, values.AsSpan());

    /// <summary>Copies from the device.</summary>
    public static T[] Read<T>(this ICommands commands, ulong from, int count) where T : unmanaged
    {
        var values = new T[count];
        commands.Read(from, values.AsSpan());
        return values;
    }

    /// <summary>New memory that holds some values, which are there when it returns.</summary>
    public static DeviceMemory Allocate<T>(this IDevice device, ICommands commands, ReadOnlySpan<T> values) where T : unmanaged
    {
        DeviceMemory memory = device.Allocate(Math.Max((long)values.Length * System.Runtime.CompilerServices.Unsafe.SizeOf<T>(), 16));
        commands.Write(memory.Address, values);
        return memory;
    }
}
