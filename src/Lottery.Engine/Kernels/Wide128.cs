using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lottery.Kernels;

/// <summary>Sixteen lanes in four 128-bit registers: ARM64, and x64 for comparison.</summary>
internal readonly unsafe struct Wide128(
    Vector128<float> v0, Vector128<float> v1, Vector128<float> v2, Vector128<float> v3) : IWide<Wide128>
{
    private readonly Vector128<float> _v0 = v0, _v1 = v1, _v2 = v2, _v3 = v3;

    public static int Registers => 4;

    public static Wide128 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector128<float>.Zero, Vector128<float>.Zero, Vector128<float>.Zero, Vector128<float>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128 Load(float* s) =>
        new(Vector128.Load(s), Vector128.Load(s + 4), Vector128.Load(s + 8), Vector128.Load(s + 12));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* target, Wide128 value)
    {
        value._v0.Store(target);
        value._v1.Store(target + 4);
        value._v2.Store(target + 8);
        value._v3.Store(target + 12);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128 Broadcast(float value)
    {
        Vector128<float> all = Vector128.Create(value);
        return new(all, all, all, all);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128 MultiplyAdd(Wide128 a, Wide128 b, Wide128 c) =>
        new(Vector128.FusedMultiplyAdd(a._v0, b._v0, c._v0), Vector128.FusedMultiplyAdd(a._v1, b._v1, c._v1),
            Vector128.FusedMultiplyAdd(a._v2, b._v2, c._v2), Vector128.FusedMultiplyAdd(a._v3, b._v3, c._v3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128 MultiplyAdd(Wide128 a, float* b, Wide128 c) => MultiplyAdd(a, Load(b), c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) =>
        Vector128.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128 Add(Wide128 a, Wide128 b) => new(a._v0 + b._v0, a._v1 + b._v1, a._v2 + b._v2, a._v3 + b._v3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128 Subtract(Wide128 a, Wide128 b) =>
        new(a._v0 - b._v0, a._v1 - b._v1, a._v2 - b._v2, a._v3 - b._v3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128 Multiply(Wide128 a, Wide128 b) =>
        new(a._v0 * b._v0, a._v1 * b._v1, a._v2 * b._v2, a._v3 * b._v3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128 Divide(Wide128 a, Wide128 b) =>
        new(a._v0 / b._v0, a._v1 / b._v1, a._v2 / b._v2, a._v3 / b._v3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128 SquareRoot(Wide128 a) =>
        new(Vector128.Sqrt(a._v0), Vector128.Sqrt(a._v1), Vector128.Sqrt(a._v2), Vector128.Sqrt(a._v3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128 Max(Wide128 a, Wide128 b) =>
        new(Vector128.MaxNative(a._v0, b._v0), Vector128.MaxNative(a._v1, b._v1),
            Vector128.MaxNative(a._v2, b._v2), Vector128.MaxNative(a._v3, b._v3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128 MinusMagnitude(Wide128 a)
    {
        var sign = Vector128.Create(-0f);
        return new(a._v0 | sign, a._v1 | sign, a._v2 | sign, a._v3 | sign);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Greater(Wide128 a, Wide128 b) =>
        Vector128.GreaterThan(a._v0, b._v0).ExtractMostSignificantBits()
        | Vector128.GreaterThan(a._v1, b._v1).ExtractMostSignificantBits() << 4
        | Vector128.GreaterThan(a._v2, b._v2).ExtractMostSignificantBits() << 8
        | Vector128.GreaterThan(a._v3, b._v3).ExtractMostSignificantBits() << 12;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128 WhereGreater(Wide128 a, Wide128 b, Wide128 value) =>
        new(Vector128.GreaterThan(a._v0, b._v0) & value._v0, Vector128.GreaterThan(a._v1, b._v1) & value._v1,
            Vector128.GreaterThan(a._v2, b._v2) & value._v2, Vector128.GreaterThan(a._v3, b._v3) & value._v3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128 WhereGreater(Wide128 a, Wide128 b, Wide128 value, Wide128 otherwise) =>
        new(Vector128.ConditionalSelect(Vector128.GreaterThan(a._v0, b._v0), value._v0, otherwise._v0),
            Vector128.ConditionalSelect(Vector128.GreaterThan(a._v1, b._v1), value._v1, otherwise._v1),
            Vector128.ConditionalSelect(Vector128.GreaterThan(a._v2, b._v2), value._v2, otherwise._v2),
            Vector128.ConditionalSelect(Vector128.GreaterThan(a._v3, b._v3), value._v3, otherwise._v3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128 WhereEqual(Wide128 a, Wide128 b, Wide128 value) =>
        new(Vector128.Equals(a._v0, b._v0) & value._v0, Vector128.Equals(a._v1, b._v1) & value._v1,
            Vector128.Equals(a._v2, b._v2) & value._v2, Vector128.Equals(a._v3, b._v3) & value._v3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128 WhereBit(ushort bits, Wide128 value, Wide128 otherwise) =>
        new(WhereBit(bits, value._v0, otherwise._v0), WhereBit(bits >> 4, value._v1, otherwise._v1),
            WhereBit(bits >> 8, value._v2, otherwise._v2), WhereBit(bits >> 12, value._v3, otherwise._v3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> WhereBit(int bits, Vector128<float> value, Vector128<float> otherwise)
    {
        Vector128<int> lanes = Vector128.Create(1, 2, 4, 8);
        return Vector128.ConditionalSelect(Vector128.Equals(Vector128.Create(bits) & lanes, lanes).AsSingle(), value, otherwise);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128 PowerOfTwo(Wide128 w) =>
        new(PowerOfTwo(w._v0), PowerOfTwo(w._v1), PowerOfTwo(w._v2), PowerOfTwo(w._v3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> PowerOfTwo(Vector128<float> integer) =>
        ((Vector128.ConvertToInt32Native(integer) + Vector128.Create(127)) << 23).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128 Round(Wide128 a) =>
        new(Vector128.Round(a._v0), Vector128.Round(a._v1), Vector128.Round(a._v2), Vector128.Round(a._v3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128 FromBytes(Vector128<byte> bytes)
    {
        (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(bytes);
        (Vector128<uint> a, Vector128<uint> b) = Vector128.Widen(low);
        (Vector128<uint> c, Vector128<uint> d) = Vector128.Widen(high);
        return new(Vector128.ConvertToSingle(a.AsInt32()), Vector128.ConvertToSingle(b.AsInt32()),
                   Vector128.ConvertToSingle(c.AsInt32()), Vector128.ConvertToSingle(d.AsInt32()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ToBytes(Wide128 integer) => Vector128.Narrow(
        Vector128.Narrow(Vector128.ConvertToInt32Native(integer._v0), Vector128.ConvertToInt32Native(integer._v1)),
        Vector128.Narrow(Vector128.ConvertToInt32Native(integer._v2), Vector128.ConvertToInt32Native(integer._v3))).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Nonzero(Wide128 a) =>
        Nonzero(a._v0) | Nonzero(a._v1) << 4 | Nonzero(a._v2) << 8 | Nonzero(a._v3) << 12;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Nonzero(Vector128<float> a) =>
        (~Vector128.Equals(a, Vector128<float>.Zero)).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sum(Wide128 a, Wide128 b, Wide128 c, Wide128 d) =>
        Vector128.Create(Sum(a), Sum(b), Sum(c), Sum(d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Sum(Wide128 a)
    {
        Vector128<float> four = (a._v0 + a._v2) + (a._v1 + a._v3);
        return (four.GetElement(0) + four.GetElement(2)) + (four.GetElement(1) + four.GetElement(3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Philox(
        uint first, uint key0, uint key1, out Wide128 w0, out Wide128 w1, out Wide128 w2, out Wide128 w3)
    {
        PhiloxRounds.Four(first, key0, key1, out var a0, out var a1, out var a2, out var a3);
        PhiloxRounds.Four(first + 4, key0, key1, out var b0, out var b1, out var b2, out var b3);
        PhiloxRounds.Four(first + 8, key0, key1, out var c0, out var c1, out var c2, out var c3);
        PhiloxRounds.Four(first + 12, key0, key1, out var d0, out var d1, out var d2, out var d3);
        (w0, w1, w2, w3) = (new(a0, b0, c0, d0), new(a1, b1, c1, d1), new(a2, b2, c2, d2), new(a3, b3, c3, d3));
    }

    public static void Transpose(float* source, nint sourceStride, float* target, nint targetStride) =>
        Dense.Transpose.Block(source, sourceStride, target, targetStride);
}
