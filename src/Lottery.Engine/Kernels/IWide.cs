using System.Runtime.Intrinsics;

namespace Lottery.Kernels;

/// <summary>
/// Sixteen single-precision lanes, independent of the processor's vector width: kernels are written once over this, and
/// every implementation finds the same bits.
/// </summary>
internal unsafe interface IWide<T> where T : unmanaged, IWide<T>
{
    /// <summary>Registers that sixteen lanes take: 1, 2 or 4.</summary>
    static abstract int Registers { get; }

    static abstract T Zero { get; }

    static abstract T Load(float* source);

    static abstract void Store(float* target, T value);

    static abstract T Broadcast(float value);

    /// <summary>a × b + c, rounded once.</summary>
    static abstract T MultiplyAdd(T a, T b, T c);

    /// <summary>a × the sixteen values at b + c, rounded once: one instruction where the processor has it.</summary>
    static abstract T MultiplyAdd(T a, float* b, T c);

    /// <summary>a × b + c in four lanes, rounded once.</summary>
    static abstract Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c);

    static abstract T Add(T a, T b);

    static abstract T Subtract(T a, T b);

    static abstract T Multiply(T a, T b);

    static abstract T Divide(T a, T b);

    static abstract T SquareRoot(T a);

    /// <summary>The larger of two numbers that are not NaN; of two zeros, either.</summary>
    static abstract T Max(T a, T b);

    /// <summary>−|a|.</summary>
    static abstract T MinusMagnitude(T a);

    /// <summary>Bit j set where lane j of <paramref name="a"/> &gt; that of <paramref name="b"/>.</summary>
    static abstract uint Greater(T a, T b);

    /// <summary>Each lane: <paramref name="value"/> where <paramref name="a"/> &gt; <paramref name="b"/>, else +0.</summary>
    static abstract T WhereGreater(T a, T b, T value);

    /// <summary>Each lane: <paramref name="value"/> where <paramref name="a"/> &gt; <paramref name="b"/>, else <paramref name="otherwise"/>.</summary>
    static abstract T WhereGreater(T a, T b, T value, T otherwise);

    /// <summary>Each lane: <paramref name="value"/> where <paramref name="a"/> = <paramref name="b"/>, else +0.</summary>
    static abstract T WhereEqual(T a, T b, T value);

    /// <summary>Each lane j: <paramref name="value"/> where bit j is set, else <paramref name="otherwise"/>.</summary>
    static abstract T WhereBit(ushort bits, T value, T otherwise);

    /// <summary>Each lane: 2 to the power of the integer in it, −126 … 127.</summary>
    static abstract T PowerOfTwo(T integer);

    /// <summary>Each lane rounded to the nearest integer, halves to even.</summary>
    static abstract T Round(T a);

    /// <summary>Sixteen bytes as numbers.</summary>
    static abstract T FromBytes(Vector128<byte> bytes);

    /// <summary>Integers from 0 to 127 as sixteen bytes.</summary>
    static abstract Vector128<byte> ToBytes(T integer);

    /// <summary>Bit j set where lane j is not zero.</summary>
    static abstract uint Nonzero(T a);

    /// <summary>
    /// The sum of the sixteen lanes of each argument, by one tree: lane j + lane j+8, then +4, then +2, then +1.
    /// </summary>
    static abstract Vector128<float> Sum(T a, T b, T c, T d);

    /// <summary>
    /// The four words of Philox 4×32-10 at the counters (first + lane, 0, 0, 0), of each its upper 23 bits: integers
    /// below 2²³.
    /// </summary>
    static abstract void Philox(uint first, uint key0, uint key1, out T w0, out T w1, out T w2, out T w3);

    /// <summary>Copies a 16 × 16 block, exchanging rows and columns. Strides are in values.</summary>
    static abstract void Transpose(float* source, nint sourceStride, float* target, nint targetStride);
}
