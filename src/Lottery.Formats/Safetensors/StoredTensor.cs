using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using Lottery.Numerics;

namespace Lottery.Formats.Safetensors;

/// <summary>A tensor in a file, whose values are read only where they are used.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="TypeName">What the file calls the type of its values, for errors.</param>
/// <param name="Type">The type; null if no values of that type can be read.</param>
/// <param name="Shape">Outputs first.</param>
/// <param name="Read">Reads the values: row-major, little-endian.</param>
internal sealed record StoredTensor(
    string Name, string TypeName, TensorType? Type, ImmutableArray<int> Shape, Func<ReadOnlyMemory<byte>> Read)
{
    /// <summary>The number of values.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary><c>fc1.weight [300, 784]</c>.</summary>
    public string Described => $"{Name} [{string.Join(", ", Shape)}]";

    /// <summary>The tensor with its values.</summary>
    /// <exception cref="InvalidDataException">They cannot be read; the message is a clause.</exception>
    public Tensor Load() => Type is { } type
        ? new(Name, type, Shape, Read())
        : throw new InvalidDataException($"{Name} has type {TypeName}; supported types are {TensorTypes.Names}");

    /// <summary>The values as 32-bit floats, each exactly.</summary>
    /// <exception cref="InvalidDataException">A value is no 32-bit float, or they cannot be read; the message is a clause.</exception>
    public float[] Floats()
    {
        Tensor tensor = Load();
        return tensor.Type switch
        {
            TensorType.F64 => Exact<double>(tensor, value => (float)value, (value, single) => single == value || double.IsNaN(value)),
            TensorType.I64 => Exact<long>(tensor, value => value, (value, single) => (Int128)single == value),
            TensorType.U64 => Exact<ulong>(tensor, value => value, (value, single) => (Int128)single == value),
            TensorType.I32 => Exact<int>(tensor, value => value, (value, single) => (long)single == value),
            TensorType.U32 => Exact<uint>(tensor, value => value, (value, single) => (long)single == value),
            TensorType.I16 => Exact<short>(tensor, value => value, (_, _) => true),
            TensorType.U16 => Exact<ushort>(tensor, value => value, (_, _) => true),
            TensorType.I8 => Exact<sbyte>(tensor, value => value, (_, _) => true),
            TensorType.U8 or TensorType.Bool => Exact<byte>(tensor, value => value, (_, _) => true),
            _ => tensor.Floats(),
        };
    }

    /// <summary>The values as bits.</summary>
    /// <exception cref="InvalidDataException">A value is neither 0 nor 1, or they cannot be read; the message is a clause.</exception>
    public BitSet Bits()
    {
        float[] values = Floats();
        var bits = new BitSet(values.Length);
        for (int i = 0; i < values.Length; i++)
            bits[i] = values[i] is 0 or 1 ? values[i] == 1 : throw new InvalidDataException(
                $"has {Text(values[i])} at index {i} of {Name}, but a mask is made of 0 and 1");
        return bits;
    }

    private float[] Exact<T>(Tensor tensor, Func<T, float> narrow, Func<T, float, bool> isExact) where T : struct, INumber<T>
    {
        ReadOnlySpan<T> values = MemoryMarshal.Cast<byte, T>(tensor.Bytes.Span);
        var singles = new float[values.Length];
        for (int i = 0; i < singles.Length; i++)
        {
            singles[i] = narrow(values[i]);
            if (!isExact(values[i], singles[i]))
                throw new InvalidDataException($"has {Text(values[i])} at index {i} of {Name}, which is no 32-bit float; save it as 32-bit floats, as .float() does in PyTorch");
        }
        return singles;
    }

    private static string Text<T>(T value) where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
