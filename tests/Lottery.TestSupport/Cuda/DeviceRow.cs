using Lottery.Cuda.Driver;
using Lottery.Cuda.Training;

namespace Lottery.TestSupport.Cuda;

/// <summary>One step's row on a device, and the cursor that shows it.</summary>
internal sealed class DeviceRow : IDisposable
{
    private readonly DeviceMemory _row, _cursor;

    /// <summary>A row with the keys of its random streams.</summary>
    public DeviceRow(IDevice device, ICommands commands, StepRow row, params (uint Key0, uint Key1)[] keys)
    {
        var bytes = new byte[StepRow.Bytes(keys.Length)];
        row.Write(bytes, keys);
        _row = device.Allocate<byte>(commands, bytes);
        _cursor = device.Allocate<ulong>(commands, [_row.Address]);
    }

    /// <summary>The address of the cursor, which kernels are given.</summary>
    public ulong Cursor => _cursor.Address;

    /// <inheritdoc/>
    public void Dispose()
    {
        _cursor.Dispose();
        _row.Dispose();
    }
}
