using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Lottery.Formats.Safetensors;

/// <summary>A named tensor.</summary>
/// <param name="Name">For example <c>fc1.weight</c>.</param>
/// <param name="Type">The type of its values.</param>
/// <param name="Shape">Outputs first; empty for a single value.</param>
/// <param name="Bytes">The values in row-major order, little-endian.</param>
public sealed record Tensor(string Name, TensorType Type, ImmutableArray<int> Shape, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>A tensor of 32-bit floats.</summary>
    public static Tensor Of(string name, ImmutableArray<int> shape, ReadOnlySpan<float> values) =>
        new(name, TensorType.F32, shape, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>A tensor of Booleans, one byte each.</summary>
    public static Tensor Of(string name, ImmutableArray<int> shape, ReadOnlySpan<bool> values) =>
        new(name, TensorType.Bool, shape, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>The values of a tensor of floats; 16-bit floats are widened exactly.</summary>
    /// <exception cref="InvalidOperationException">The tensor has another type.</exception>
    public float[] Floats() => Type switch
    {
        TensorType.F32 => MemoryMarshal.Cast<byte, float>(Bytes.Span).ToArray(),
        TensorType.F16 => Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(Bytes.Span).ToArray(), value => (float)value),
        TensorType.BF16 => Array.ConvertAll(MemoryMarshal.Cast<byte, ushort>(Bytes.Span).ToArray(), bits => BitConverter.Int32BitsToSingle(bits << 16)),
        _ => throw new InvalidOperationException($"{Name} holds {Type}, not floats."),
    };

    /// <summary>The values of a Boolean tensor; every byte that is not 0 is true.</summary>
    /// <exception cref="InvalidOperationException">The tensor has another type.</exception>
    public bool[] Bools() => Type == TensorType.Bool
        ? [.. Bytes.ToArray().Select(value => value != 0)]
        : throw new InvalidOperationException($"{Name} holds {Type}, not Booleans.");
}

/// <summary>The supported element types.</summary>
public enum TensorType
{
    /// <summary>One byte for each value, 0 or 1.</summary>
    Bool,

    /// <summary>One byte for each value, 0 to 255.</summary>
    U8,

    /// <summary>IEEE 754 single precision.</summary>
    F32,

    /// <summary>IEEE 754 half precision; read, never written.</summary>
    F16,

    /// <summary>bfloat16, the upper half of a single; read, never written.</summary>
    BF16,

    /// <summary>64-bit integers: indices of sparse tensors, and PyTorch's <c>num_batches_tracked</c>.</summary>
    I64,

    /// <summary>IEEE 754 double precision; read, never written.</summary>
    F64,

    /// <summary>8-bit integers; read, never written.</summary>
    I8,

    /// <summary>16-bit integers; read, never written.</summary>
    I16,

    /// <summary>32-bit integers; read, never written.</summary>
    I32,

    /// <summary>Unsigned 16-bit integers; read, never written.</summary>
    U16,

    /// <summary>Unsigned 32-bit integers; read, never written.</summary>
    U32,

    /// <summary>Unsigned 64-bit integers; read, never written.</summary>
    U64,
}

/// <summary>Properties of element types.</summary>
internal static class TensorTypes
{
    /// <summary>The size of a value, in bytes.</summary>
    public static int Size(this TensorType type) => type switch
    {
        TensorType.F64 or TensorType.I64 or TensorType.U64 => 8,
        TensorType.F32 or TensorType.I32 or TensorType.U32 => 4,
        TensorType.F16 or TensorType.BF16 or TensorType.I16 or TensorType.U16 => 2,
        _ => 1,
    };

    /// <summary>The names of all types.</summary>
    public static string Names { get; } = string.Join(", ", Enum.GetValues<TensorType>().Select(Name));

    /// <summary>The type of that name in a safetensors file; null if it is none that is supported.</summary>
    public static TensorType? Find(string name)
    {
        foreach (TensorType type in Enum.GetValues<TensorType>())
            if (type.Name() == name) return type;
        return null;
    }

    /// <summary>The name in safetensors files: <c>BOOL</c>.</summary>
    public static string Name(this TensorType type) => type.ToString().ToUpperInvariant();
}
