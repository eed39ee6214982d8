using System.Runtime.InteropServices;
using System.Text;

namespace Lottery.Bench.Peers;

/// <summary>Writes arrays as NumPy reads them (format 1.0, row-major, little-endian).</summary>
internal static class NpyFile
{
    private const int Preamble = 10;

    public static void Write(string path, ReadOnlySpan<byte> values, params int[] shape) => Write(path, "|u1", values, shape);

    public static void Write(string path, ReadOnlySpan<int> values, params int[] shape) =>
        Write(path, "<i4", MemoryMarshal.AsBytes(values), shape);

    public static void Write(string path, ReadOnlySpan<float> values, params int[] shape) =>
        Write(path, "<f4", MemoryMarshal.AsBytes(values), shape);

    private static void Write(string path, string type, ReadOnlySpan<byte> values, int[] shape)
    {
        string header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({string.Join(", ", shape)},), }}";
        int length = (Preamble + header.Length + 64) / 64 * 64 - Preamble;
        using FileStream file = File.Create(path);
        file.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)length, (byte)(length >> 8)]);
        file.Write(Encoding.ASCII.GetBytes(header.PadRight(length - 1) + '\n'));
        file.Write(values);
    }
}
