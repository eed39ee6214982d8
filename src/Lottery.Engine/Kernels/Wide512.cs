using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Lottery.Kernels;

/// <summary>Sixteen lanes in one AVX-512 register.</summary>
internal readonly unsafe struct Wide512(Vector512<float> value) : IWide<Wide512>
{
    private readonly Vector512<float> _value = value;

    public static int Registers => 1;

    public static Wide512 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector512<float>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 Load(float* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* target, Wide512 value) => value._value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 Broadcast(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 MultiplyAdd(Wide512 a, Wide512 b, Wide512 c) =>
        new(Vector512.FusedMultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 MultiplyAdd(Wide512 a, float* b, Wide512 c) =>
        new(Avx512F.FusedMultiplyAdd(a._value, Vector512.Load(b), c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) =>
        Vector128.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 Add(Wide512 a, Wide512 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 Subtract(Wide512 a, Wide512 b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 Multiply(Wide512 a, Wide512 b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 Divide(Wide512 a, Wide512 b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 SquareRoot(Wide512 a) => new(Vector512.Sqrt(a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 Max(Wide512 a, Wide512 b) => new(Avx512F.Max(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 MinusMagnitude(Wide512 a) => new(a._value | Vector512.Create(-0f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Greater(Wide512 a, Wide512 b) => (uint)Vector512.GreaterThan(a._value, b._value).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 WhereGreater(Wide512 a, Wide512 b, Wide512 value) =>
        new(Vector512.ConditionalSelect(Vector512.GreaterThan(a._value, b._value), value._value, Vector512<float>.Zero));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 WhereGreater(Wide512 a, Wide512 b, Wide512 value, Wide512 otherwise) =>
        new(Vector512.ConditionalSelect(Vector512.GreaterThan(a._value, b._value), value._value, otherwise._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 WhereEqual(Wide512 a, Wide512 b, Wide512 value) =>
        new(Vector512.ConditionalSelect(Vector512.Equals(a._value, b._value), value._value, Vector512<float>.Zero));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 WhereBit(ushort bits, Wide512 value, Wide512 otherwise)
    {
        Vector512<int> lanes = Vector512.Create(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768);
        return new(Vector512.ConditionalSelect(Vector512.Equals(Vector512.Create((int)bits) & lanes, lanes).AsSingle(), value._value, otherwise._value));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 PowerOfTwo(Wide512 integer) =>
        new(((Vector512.ConvertToInt32Native(integer._value) + Vector512.Create(127)) << 23).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 Round(Wide512 a) => new(Vector512.Round(a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 FromBytes(Vector128<byte> bytes) =>
        new(Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(bytes)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ToBytes(Wide512 integer) =>
        Avx512F.ConvertToVector128Byte(Vector512.ConvertToInt32Native(integer._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Nonzero(Wide512 a) =>
        (uint)(~Vector512.Equals(a._value, Vector512<float>.Zero)).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sum(Wide512 a, Wide512 b, Wide512 c, Wide512 d) =>
        Wide256.SumOfEights(Halves(a), Halves(b), Halves(c), Halves(d));

    /// <summary>Lane j + lane j+8; from there on, registers of half the width do twice as many shuffles a cycle.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Halves(Wide512 a) => a._value.GetLower() + a._value.GetUpper();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Philox(
        uint first, uint key0, uint key1, out Wide512 w0, out Wide512 w1, out Wide512 w2, out Wide512 w3)
    {
        PhiloxRounds.Sixteen(first, key0, key1, out var x0, out var x1, out var x2, out var x3);
        (w0, w1, w2, w3) = (new(x0), new(x1), new(x2), new(x3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(float* source, nint sourceStride, float* target, nint targetStride) =>
        Wide256.Transpose(source, sourceStride, target, targetStride);
}
