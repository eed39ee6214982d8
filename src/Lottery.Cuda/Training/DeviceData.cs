using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Lottery.Cuda.Driver;
using Lottery.Data;

namespace Lottery.Cuda.Training;

/// <summary>The examples that lie on a device: those with the same content lie there once, however many runs use them. For any thread.</summary>
/// <param name="device">The device.</param>
internal sealed class DeviceData(IDevice device)
{
    private static readonly ConditionalWeakTable<Examples, string> s_hashes = [];

    /// <summary>The device.</summary>
    public IDevice Device { get; } = device;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (DeviceExamples Examples, int Users)> _lying = new(StringComparer.Ordinal);

    /// <summary>The examples on the device, which are written for the first user; disposed of by each.</summary>
    /// <exception cref="DeviceException">They do not fit.</exception>
    public DeviceExamples Take(Examples examples)
    {
        string hash = s_hashes.GetValue(examples, HashOf);
        lock (_gate)
        {
            if (!_lying.TryGetValue(hash, out (DeviceExamples Examples, int Users) known))
            {
                using ICommands commands = Device.NewStream();
                known = (DeviceExamples.Upload(Device, commands, examples, () => { }), 0);
            }
            _lying[hash] = known with { Users = known.Users + 1 };
            return known.Examples.Share(() => Leave(hash));
        }
    }

    private void Leave(string hash)
    {
        lock (_gate)
        {
            (DeviceExamples examples, int users) = _lying[hash];
            if (users > 1)
            {
                _lying[hash] = (examples, users - 1);
                return;
            }
            _lying.Remove(hash);
            examples.Free();
        }
    }

    private static string HashOf(Examples examples)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        (int channels, int height, int width) = examples.Shape;
        hash.AppendData(MemoryMarshal.AsBytes((ReadOnlySpan<int>)[examples.AreNumeric ? 1 : 0, examples.Count, channels, height, width]));
        hash.AppendData(examples.Content);
        hash.AppendData(examples.Labels.Span);
        hash.AppendData(MemoryMarshal.AsBytes(examples.Scale.Numbers));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
