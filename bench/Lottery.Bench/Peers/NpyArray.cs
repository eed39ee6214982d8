using System.Runtime.InteropServices;
using Lottery.Data.Formats;

namespace Lottery.Bench.Peers;

/// <summary>Writes arrays for NumPy.</summary>
internal static class NpyArray
{
    public static void Write(string path, ReadOnlySpan<byte> values, params int[] shape) => Write(path, "u1", values, shape);

    public static void Write(string path, ReadOnlySpan<int> values, params int[] shape) =>
        Write(path, "i4", MemoryMarshal.AsBytes(values), shape);

    public static void Write(string path, ReadOnlySpan<float> values, params int[] shape) =>
        Write(path, "f4", MemoryMarshal.AsBytes(values), shape);

    private static void Write(string path, string type, ReadOnlySpan<byte> values, int[] shape)
    {
        using FileStream file = File.Create(path);
        file.Write(new NpyHeader(type, [.. shape]).ToBytes());
        file.Write(values);
    }
}
