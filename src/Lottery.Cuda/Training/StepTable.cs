using Lottery.Cuda.Driver;

namespace Lottery.Cuda.Training;

/// <summary>
/// What changes from step to step, for many steps at once: a row each on the device, a cursor that the last kernel of a step moves on,
/// and what each step leaves. The same serves evaluations, a row a batch.
/// </summary>
internal sealed class StepTable : IDisposable
{
    private readonly DeviceMemory _rows, _cursor, _losses, _correct;
    private readonly byte[] _written;
    private readonly int _keys;

    /// <summary>An empty table.</summary>
    /// <param name="device">Where.</param>
    /// <param name="keys">Random streams that a step samples from, apart from those of augmentation.</param>
    /// <param name="capacity">The most rows.</param>
    public StepTable(IDevice device, int keys, int capacity)
    {
        (_keys, Capacity, Stride) = (keys, capacity, StepRow.Bytes(keys));
        _written = new byte[capacity * Stride];
        _rows = device.Allocate(_written.Length);
        _cursor = device.Allocate(sizeof(ulong));
        _losses = device.Allocate((long)sizeof(double) * capacity);
        _correct = device.Allocate((long)sizeof(int) * capacity);
    }

    /// <summary>The address of the cursor, which kernels are given.</summary>
    public ulong Cursor => _cursor.Address;

    /// <summary>The address of a double for each row: the step's loss.</summary>
    public ulong Losses => _losses.Address;

    /// <summary>The address of an integer for each row: the examples that were right.</summary>
    public ulong Correct => _correct.Address;

    /// <summary>The most rows.</summary>
    public int Capacity { get; }

    /// <summary>Rows since the last <see cref="Clear"/>.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes from row to row.</summary>
    public int Stride { get; }

    /// <summary>The last kernel of a step: the cursor moves to the next row.</summary>
    public Launch Advance => AdvanceBy(1);

    /// <summary>Likewise by several rows.</summary>
    public Launch AdvanceBy(int rows) => new("update/advance", 1, 32, Cursor, Launch.Argument(rows * Stride));

    /// <summary>Bytes of memory that a table takes.</summary>
    public static long BytesOf(int keys, int capacity) => (long)capacity * (StepRow.Bytes(keys) + sizeof(double) + sizeof(int)) + sizeof(ulong);

    /// <summary>Begins anew.</summary>
    public void Clear() => Count = 0;

    /// <summary>Adds a step, whose loss goes to the place of its row.</summary>
    /// <param name="row">The step.</param>
    /// <param name="keys">The keys of its random streams.</param>
    public void Add(StepRow row, params ReadOnlySpan<(uint Key0, uint Key1)> keys)
    {
        if (Count == Capacity || keys.Length != _keys) throw new InvalidOperationException($"A table of {Capacity} rows with {_keys} keys takes no such row.");
        (row with { Slot = Count }).Write(_written.AsSpan(Count * Stride, Stride), keys);
        Count++;
    }

    /// <summary>Writes the rows, and sets the cursor to the first one.</summary>
    public void Load(ICommands commands)
    {
        commands.Write<byte>(_rows.Address, _written.AsSpan(0, Count * Stride));
        commands.Write<ulong>(_cursor.Address, [_rows.Address]);
    }

    /// <summary>Waits, and reads the sum of each step's losses.</summary>
    public void ReadLosses(ICommands commands, Span<double> losses) => commands.Read(Losses, losses[..Count]);

    /// <summary>Waits, and reads how many examples of each row were right.</summary>
    public void ReadCorrect(ICommands commands, Span<int> correct) => commands.Read(Correct, correct[..Count]);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (DeviceMemory memory in (ReadOnlySpan<DeviceMemory>)[_rows, _cursor, _losses, _correct]) memory.Dispose();
    }
}
