using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Lottery.Numerics;

namespace Lottery.Kernels;

/// <summary>Philox 4×32-10 on a register's width of counters at once; the same words as <see cref="Philox"/>.</summary>
/// <remarks>
/// A 32-bit word is in the lower half of a 64-bit lane, since that is what processors multiply; what is in the upper
/// half does not matter. One register has the even counters, a second the odd ones, which are woven into one at the end.
/// </remarks>
internal static class PhiloxRounds
{
    /// <summary>Sixteen counters, (first + lane, 0, 0, 0).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Sixteen(
        uint first, uint key0, uint key1,
        out Vector512<float> w0, out Vector512<float> w1, out Vector512<float> w2, out Vector512<float> w3)
    {
        Vector512<ulong> e0 = Vector512.Create((ulong)first) + (Vector512<ulong>.Indices << 1), o0 = e0 + Vector512<ulong>.One;
        Vector512<ulong> k0 = Vector512.Create((ulong)key0), k1 = Vector512.Create((ulong)key1);
        Vector512<ulong> m0 = Vector512.Create((ulong)Philox.Multiplier0), m1 = Vector512.Create((ulong)Philox.Multiplier1);
        Vector512<ulong> e3 = Multiply(m0, e0), o3 = Multiply(m0, o0), e2 = (e3 >>> 32) ^ k1, o2 = (o3 >>> 32) ^ k1, e1 = Vector512<ulong>.Zero, o1 = e1;
        (e0, o0) = (k0, k0);
        for (int round = 1; round < 10; round++)
        {
            k0 += Vector512.Create((ulong)Philox.Weyl0);
            k1 += Vector512.Create((ulong)Philox.Weyl1);
            Vector512<ulong> pe0 = Multiply(m0, e0), pe1 = Multiply(m1, e2), po0 = Multiply(m0, o0), po1 = Multiply(m1, o2);
            (e0, e1, e2, e3) = ((pe1 >>> 32) ^ e1 ^ k0, pe1, (pe0 >>> 32) ^ e3 ^ k1, pe0);
            (o0, o1, o2, o3) = ((po1 >>> 32) ^ o1 ^ k0, po1, (po0 >>> 32) ^ o3 ^ k1, po0);
        }
        (w0, w1, w2, w3) = (Woven(e0, o0), Woven(e1, o1), Woven(e2, o2), Woven(e3, o3));
    }

    /// <summary>Eight counters, (first + lane, 0, 0, 0).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Eight(
        uint first, uint key0, uint key1,
        out Vector256<float> w0, out Vector256<float> w1, out Vector256<float> w2, out Vector256<float> w3)
    {
        Vector256<ulong> e0 = Vector256.Create((ulong)first) + (Vector256<ulong>.Indices << 1), o0 = e0 + Vector256<ulong>.One;
        Vector256<ulong> k0 = Vector256.Create((ulong)key0), k1 = Vector256.Create((ulong)key1);
        Vector256<ulong> m0 = Vector256.Create((ulong)Philox.Multiplier0), m1 = Vector256.Create((ulong)Philox.Multiplier1);
        Vector256<ulong> e3 = Multiply(m0, e0), o3 = Multiply(m0, o0), e2 = (e3 >>> 32) ^ k1, o2 = (o3 >>> 32) ^ k1, e1 = Vector256<ulong>.Zero, o1 = e1;
        (e0, o0) = (k0, k0);
        for (int round = 1; round < 10; round++)
        {
            k0 += Vector256.Create((ulong)Philox.Weyl0);
            k1 += Vector256.Create((ulong)Philox.Weyl1);
            Vector256<ulong> pe0 = Multiply(m0, e0), pe1 = Multiply(m1, e2), po0 = Multiply(m0, o0), po1 = Multiply(m1, o2);
            (e0, e1, e2, e3) = ((pe1 >>> 32) ^ e1 ^ k0, pe1, (pe0 >>> 32) ^ e3 ^ k1, pe0);
            (o0, o1, o2, o3) = ((po1 >>> 32) ^ o1 ^ k0, po1, (po0 >>> 32) ^ o3 ^ k1, po0);
        }
        (w0, w1, w2, w3) = (Woven(e0, o0), Woven(e1, o1), Woven(e2, o2), Woven(e3, o3));
    }

    /// <summary>Four counters, (first + lane, 0, 0, 0).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Four(
        uint first, uint key0, uint key1,
        out Vector128<float> w0, out Vector128<float> w1, out Vector128<float> w2, out Vector128<float> w3)
    {
        Vector128<ulong> e0 = Vector128.Create((ulong)first) + (Vector128<ulong>.Indices << 1), o0 = e0 + Vector128<ulong>.One;
        Vector128<ulong> k0 = Vector128.Create((ulong)key0), k1 = Vector128.Create((ulong)key1);
        Vector128<ulong> m0 = Vector128.Create((ulong)Philox.Multiplier0), m1 = Vector128.Create((ulong)Philox.Multiplier1);
        Vector128<ulong> e3 = Multiply(m0, e0), o3 = Multiply(m0, o0), e2 = (e3 >>> 32) ^ k1, o2 = (o3 >>> 32) ^ k1, e1 = Vector128<ulong>.Zero, o1 = e1;
        (e0, o0) = (k0, k0);
        for (int round = 1; round < 10; round++)
        {
            k0 += Vector128.Create((ulong)Philox.Weyl0);
            k1 += Vector128.Create((ulong)Philox.Weyl1);
            Vector128<ulong> pe0 = Multiply(m0, e0), pe1 = Multiply(m1, e2), po0 = Multiply(m0, o0), po1 = Multiply(m1, o2);
            (e0, e1, e2, e3) = ((pe1 >>> 32) ^ e1 ^ k0, pe1, (pe0 >>> 32) ^ e3 ^ k1, pe0);
            (o0, o1, o2, o3) = ((po1 >>> 32) ^ o1 ^ k0, po1, (po0 >>> 32) ^ o3 ^ k1, po0);
        }
        (w0, w1, w2, w3) = (Woven(e0, o0), Woven(e1, o1), Woven(e2, o2), Woven(e3, o3));
    }

    /// <summary>The upper 23 bits of each word, even and odd counters in turn.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Woven(Vector512<ulong> even, Vector512<ulong> odd) => Vector512.ConvertToSingle(
        ((even & Vector512.Create((ulong)uint.MaxValue)) | (odd << 32)).AsInt32() >>> 9);

    /// <summary>The upper 23 bits of each word, even and odd counters in turn.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Woven(Vector256<ulong> even, Vector256<ulong> odd) => Vector256.ConvertToSingle(
        ((even & Vector256.Create((ulong)uint.MaxValue)) | (odd << 32)).AsInt32() >>> 9);

    /// <summary>The upper 23 bits of each word, even and odd counters in turn.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Woven(Vector128<ulong> even, Vector128<ulong> odd) => Vector128.ConvertToSingle(
        ((even & Vector128.Create((ulong)uint.MaxValue)) | (odd << 32)).AsInt32() >>> 9);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Multiply(Vector512<ulong> a, Vector512<ulong> b) => Avx512F.Multiply(a.AsUInt32(), b.AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Multiply(Vector256<ulong> a, Vector256<ulong> b) => Avx2.Multiply(a.AsUInt32(), b.AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Multiply(Vector128<ulong> a, Vector128<ulong> b) => Sse2.IsSupported
        ? Sse2.Multiply(a.AsUInt32(), b.AsUInt32())
        : AdvSimd.MultiplyWideningLower(AdvSimd.ExtractNarrowingLower(a), AdvSimd.ExtractNarrowingLower(b));
}
