using Lottery.Cuda.Driver;
using Lottery.Data;

namespace Lottery.Cuda.Training;

/// <summary>Examples on a device: their bytes or features, labels and scale. Given back when the last of its users disposes of its own.</summary>
internal sealed class DeviceExamples : IDisposable
{
    private readonly DeviceMemory _values, _labels, _scale;
    private Action? _leave;

    private DeviceExamples(DeviceMemory values, DeviceMemory labels, DeviceMemory scale, Examples examples, Action leave)
    {
        (_values, _labels, _scale, _leave) = (values, labels, scale, leave);
        (Features, Shape, AreNumeric, Channels, Count) = (examples.Features, examples.Shape, examples.AreNumeric, examples.Scale.Channels, examples.Count);
    }

    /// <summary>The address of <c>[count, features]</c>: bytes, or numeric features as floats.</summary>
    public ulong Values => _values.Address;

    /// <summary>The address of the labels, a byte each.</summary>
    public ulong Labels => _labels.Address;

    /// <summary>The address of <c>[channels, 3]</c>: the scale's numbers.</summary>
    public ulong Scale => _scale.Address;

    /// <summary>Values of an example.</summary>
    public int Features { get; }

    /// <summary>The layout of an image.</summary>
    public ImageShape Shape { get; }

    /// <summary>Whether the values are floats.</summary>
    public bool AreNumeric { get; }

    /// <summary>Channels of the scale.</summary>
    public int Channels { get; }

    /// <summary>The number of examples.</summary>
    public int Count { get; }

    /// <summary>Bytes of memory that examples take.</summary>
    public static long BytesOf(Examples examples) =>
        examples.Content.Length + examples.Labels.Length + sizeof(float) * examples.Scale.Numbers.Length;

    /// <summary>Writes examples to a device.</summary>
    internal static DeviceExamples Upload(IDevice device, ICommands commands, Examples examples, Action leave)
    {
        DeviceMemory? values = null, labels = null;
        try
        {
            values = device.Allocate(commands, examples.Content);
            labels = device.Allocate(commands, examples.Labels.Span);
            DeviceMemory scale = device.Allocate(commands, examples.Scale.Numbers);
            commands.Synchronize();
            return new(values, labels, scale, examples, leave);
        }
        catch
        {
            values?.Dispose();
            labels?.Dispose();
            throw;
        }
    }

    /// <summary>The same examples for another user.</summary>
    internal DeviceExamples Share(Action leave)
    {
        var copy = (DeviceExamples)MemberwiseClone();
        copy._leave = leave;
        return copy;
    }

    /// <summary>Frees the memory, when no user is left.</summary>
    internal void Free()
    {
        _values.Dispose();
        _labels.Dispose();
        _scale.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _leave, null)?.Invoke();
}
