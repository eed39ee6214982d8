using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Lottery.Kernels;

/// <summary>Sixteen lanes in two AVX2 registers.</summary>
internal readonly unsafe struct Wide256(Vector256<float> low, Vector256<float> high) : IWide<Wide256>
{
    private readonly Vector256<float> _low = low, _high = high;

    public static int Registers => 2;

    public static Wide256 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector256<float>.Zero, Vector256<float>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 Load(float* source) => new(Vector256.Load(source), Vector256.Load(source + 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* target, Wide256 value)
    {
        value._low.Store(target);
        value._high.Store(target + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 Broadcast(float value)
    {
        Vector256<float> all = Vector256.Create(value);
        return new(all, all);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 MultiplyAdd(Wide256 a, Wide256 b, Wide256 c) =>
        new(Vector256.FusedMultiplyAdd(a._low, b._low, c._low), Vector256.FusedMultiplyAdd(a._high, b._high, c._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 MultiplyAdd(Wide256 a, float* b, Wide256 c) => MultiplyAdd(a, Load(b), c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) =>
        Vector128.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 Add(Wide256 a, Wide256 b) => new(a._low + b._low, a._high + b._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 Subtract(Wide256 a, Wide256 b) => new(a._low - b._low, a._high - b._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 Multiply(Wide256 a, Wide256 b) => new(a._low * b._low, a._high * b._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 Divide(Wide256 a, Wide256 b) => new(a._low / b._low, a._high / b._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 SquareRoot(Wide256 a) => new(Vector256.Sqrt(a._low), Vector256.Sqrt(a._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 Max(Wide256 a, Wide256 b) => new(Avx.Max(a._low, b._low), Avx.Max(a._high, b._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 MinusMagnitude(Wide256 a) => new(a._low | Vector256.Create(-0f), a._high | Vector256.Create(-0f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Greater(Wide256 a, Wide256 b) =>
        Vector256.GreaterThan(a._low, b._low).ExtractMostSignificantBits()
        | Vector256.GreaterThan(a._high, b._high).ExtractMostSignificantBits() << 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 WhereGreater(Wide256 a, Wide256 b, Wide256 value) =>
        new(Vector256.GreaterThan(a._low, b._low) & value._low, Vector256.GreaterThan(a._high, b._high) & value._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 WhereGreater(Wide256 a, Wide256 b, Wide256 value, Wide256 otherwise) =>
        new(Vector256.ConditionalSelect(Vector256.GreaterThan(a._low, b._low), value._low, otherwise._low),
            Vector256.ConditionalSelect(Vector256.GreaterThan(a._high, b._high), value._high, otherwise._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 WhereEqual(Wide256 a, Wide256 b, Wide256 value) =>
        new(Vector256.Equals(a._low, b._low) & value._low, Vector256.Equals(a._high, b._high) & value._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 WhereBit(ushort bits, Wide256 value, Wide256 otherwise) =>
        new(WhereBit(bits, value._low, otherwise._low), WhereBit(bits >> 8, value._high, otherwise._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> WhereBit(int bits, Vector256<float> value, Vector256<float> otherwise)
    {
        Vector256<int> lanes = Vector256.Create(1, 2, 4, 8, 16, 32, 64, 128);
        return Vector256.ConditionalSelect(Vector256.Equals(Vector256.Create(bits) & lanes, lanes).AsSingle(), value, otherwise);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 PowerOfTwo(Wide256 integer) => new(PowerOfTwo(integer._low), PowerOfTwo(integer._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> PowerOfTwo(Vector256<float> integer) =>
        ((Vector256.ConvertToInt32Native(integer) + Vector256.Create(127)) << 23).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 Round(Wide256 a) => new(Vector256.Round(a._low), Vector256.Round(a._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 FromBytes(Vector128<byte> bytes) =>
        new(Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(bytes)),
            Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(Sse2.ShiftRightLogical128BitLane(bytes, 8))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ToBytes(Wide256 integer)
    {
        Vector256<short> both = Vector256.Narrow(Vector256.ConvertToInt32Native(integer._low), Vector256.ConvertToInt32Native(integer._high));
        return Vector128.Narrow(both.GetLower(), both.GetUpper()).AsByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Nonzero(Wide256 a) =>
        (~Vector256.Equals(a._low, Vector256<float>.Zero)).ExtractMostSignificantBits()
        | (~Vector256.Equals(a._high, Vector256<float>.Zero)).ExtractMostSignificantBits() << 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sum(Wide256 a, Wide256 b, Wide256 c, Wide256 d) =>
        SumOfEights(a._low + a._high, b._low + b._high, c._low + c._high, d._low + d._high);

    /// <summary>The tree from eight lanes on: [a a a a | c c c c] and [b b b b | d d d d], then pairs across a and b, c and d.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<float> SumOfEights(
        Vector256<float> a8, Vector256<float> b8, Vector256<float> c8, Vector256<float> d8)
    {
        Vector256<float> ac = Avx.Permute2x128(a8, c8, 0x20) + Avx.Permute2x128(a8, c8, 0x31);
        Vector256<float> bd = Avx.Permute2x128(b8, d8, 0x20) + Avx.Permute2x128(b8, d8, 0x31);
        Vector256<float> two = Avx.Shuffle(ac, bd, 0b01_00_01_00) + Avx.Shuffle(ac, bd, 0b11_10_11_10);
        Vector256<float> one = two + Avx.Permute(two, 0b10_11_00_01);
        Vector128<float> first = one.GetLower(), second = one.GetUpper();
        return Sse.Shuffle(first, second, 0b10_00_10_00);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Philox(
        uint first, uint key0, uint key1, out Wide256 w0, out Wide256 w1, out Wide256 w2, out Wide256 w3)
    {
        PhiloxRounds.Eight(first, key0, key1, out var a0, out var a1, out var a2, out var a3);
        PhiloxRounds.Eight(first + 8, key0, key1, out var b0, out var b1, out var b2, out var b3);
        (w0, w1, w2, w3) = (new(a0, b0), new(a1, b1), new(a2, b2), new(a3, b3));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(float* source, nint sourceStride, float* target, nint targetStride)
    {
        Transpose8(source, sourceStride, target, targetStride);
        Transpose8(source + 8, sourceStride, target + 8 * targetStride, targetStride);
        Transpose8(source + 8 * sourceStride, sourceStride, target + 8, targetStride);
        Transpose8(source + 8 * sourceStride + 8, sourceStride, target + 8 * targetStride + 8, targetStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose8(float* s, nint from, float* t, nint to)
    {
        // pairs of rows interleaved, then pairs of pairs, then the two halves of each register exchanged
        Vector256<float> r0 = Vector256.Load(s), r1 = Vector256.Load(s + from);
        Vector256<float> r2 = Vector256.Load(s + 2 * from), r3 = Vector256.Load(s + 3 * from);
        Vector256<float> r4 = Vector256.Load(s + 4 * from), r5 = Vector256.Load(s + 5 * from);
        Vector256<float> r6 = Vector256.Load(s + 6 * from), r7 = Vector256.Load(s + 7 * from);
        Vector256<float> p0 = Avx.UnpackLow(r0, r1), p1 = Avx.UnpackHigh(r0, r1);
        Vector256<float> p2 = Avx.UnpackLow(r2, r3), p3 = Avx.UnpackHigh(r2, r3);
        Vector256<float> p4 = Avx.UnpackLow(r4, r5), p5 = Avx.UnpackHigh(r4, r5);
        Vector256<float> p6 = Avx.UnpackLow(r6, r7), p7 = Avx.UnpackHigh(r6, r7);
        Vector256<float> q0 = Avx.Shuffle(p0, p2, 0x44), q1 = Avx.Shuffle(p0, p2, 0xEE);
        Vector256<float> q2 = Avx.Shuffle(p1, p3, 0x44), q3 = Avx.Shuffle(p1, p3, 0xEE);
        Vector256<float> q4 = Avx.Shuffle(p4, p6, 0x44), q5 = Avx.Shuffle(p4, p6, 0xEE);
        Vector256<float> q6 = Avx.Shuffle(p5, p7, 0x44), q7 = Avx.Shuffle(p5, p7, 0xEE);
        Avx.Permute2x128(q0, q4, 0x20).Store(t);
        Avx.Permute2x128(q1, q5, 0x20).Store(t + to);
        Avx.Permute2x128(q2, q6, 0x20).Store(t + 2 * to);
        Avx.Permute2x128(q3, q7, 0x20).Store(t + 3 * to);
        Avx.Permute2x128(q0, q4, 0x31).Store(t + 4 * to);
        Avx.Permute2x128(q1, q5, 0x31).Store(t + 5 * to);
        Avx.Permute2x128(q2, q6, 0x31).Store(t + 6 * to);
        Avx.Permute2x128(q3, q7, 0x31).Store(t + 7 * to);
    }
}
