using System.Buffers.Binary;
using System.Text;
using Lottery.Formats.Safetensors;

namespace Lottery.Formats.Npz;

/// <summary>
/// What a .npy file says before its values (NumPy's format, version 1.0): magic and version, the length of the rest
/// (16 bits, little-endian), and a Python dictionary, padded so that the values begin at a multiple of 64 bytes.
/// </summary>
internal static class NpyHeader
{
    private const int Alignment = 64;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0];

    /// <summary>The header of a tensor in C order.</summary>
    public static byte[] Of(Tensor tensor)
    {
        string sizes = string.Join(", ", tensor.Shape) + (tensor.Shape.Length == 1 ? "," : "");
        byte[] words = Encoding.ASCII.GetBytes($"{{'descr': '{Type(tensor.Type)}', 'fortran_order': False, 'shape': ({sizes}), }}");
        int before = Magic.Length + sizeof(ushort), length = (before + words.Length + 1 + Alignment - 1) / Alignment * Alignment;
        byte[] header = new byte[length];
        header.AsSpan().Fill((byte)' ');
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(Magic.Length), checked((ushort)(length - before)));
        words.CopyTo(header, before);
        header[^1] = (byte)'\n';
        return header;
    }

    private static string Type(TensorType type) => type switch
    {
        TensorType.F32 => "<f4",
        TensorType.U8 => "|u1",
        TensorType.Bool => "|b1",
        _ => throw new ArgumentException($"NumPy has no {type}.", nameof(type)),
    };
}
