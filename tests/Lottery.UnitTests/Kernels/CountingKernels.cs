using System.Runtime.Intrinsics;
using Lottery.Kernels;

namespace Lottery.UnitTests.Kernels;

/// <summary>
/// Kernels at one vector width that count what they really multiply: every fused multiply-add of a product. Kernels that are
/// no product of weights (updates, losses, normalization) are not counted, nor are the scalar loops.
/// </summary>
internal sealed class CountingKernels<TWide> : IKernelRunner where TWide : unmanaged, IWide<TWide>
{
    public void Run<TKernel>(ref TKernel kernel) where TKernel : struct, IKernel, allows ref struct
    {
        long before = CountingKernels.Total;
        kernel.Fast<CountingWide<TWide>>();
        if (!CountingKernels.IsProduct(typeof(TKernel))) CountingKernels.Total = before;
    }
}

internal static class CountingKernels
{
    private static readonly string[] s_products = ["Dense", "Sparse", "Convolution", "Prediction"];

    /// <summary>Multiply-adds of this thread.</summary>
    [ThreadStatic]
    public static long Total;

    /// <summary>The version called <paramref name="name"/>, counting; the scalar loops do not count.</summary>
    public static KernelSet Get(string name) => name switch
    {
        "vector512" => new(name, new CountingKernels<Wide512>()),
        "vector256" => new(name, new CountingKernels<Wide256>()),
        "vector128" => new(name, new CountingKernels<Wide128>()),
        _ => KernelRegistry.Get(name),
    };

    /// <summary>The multiply-adds of some work on this thread.</summary>
    public static long Count(Action work)
    {
        long before = Total;
        work();
        return Total - before;
    }

    public static bool IsProduct(Type kernel) => s_products.Contains(kernel.Namespace!.Split('.')[^1]);
}

/// <summary>Another width's lanes, which counts multiply-adds in <see cref="CountingKernels.Total"/>.</summary>
internal readonly unsafe struct CountingWide<TWide>(TWide value) : IWide<CountingWide<TWide>> where TWide : unmanaged, IWide<TWide>
{
    private readonly TWide _value = value;

    public static int Registers => TWide.Registers;

    public static CountingWide<TWide> Zero => new(TWide.Zero);

    public static CountingWide<TWide> Load(float* source) => new(TWide.Load(source));

    public static void Store(float* target, CountingWide<TWide> value) => TWide.Store(target, value._value);

    public static CountingWide<TWide> Broadcast(float value) => new(TWide.Broadcast(value));

    public static CountingWide<TWide> MultiplyAdd(CountingWide<TWide> a, CountingWide<TWide> b, CountingWide<TWide> c)
    {
        CountingKernels.Total += 16;
        return new(TWide.MultiplyAdd(a._value, b._value, c._value));
    }

    public static CountingWide<TWide> MultiplyAdd(CountingWide<TWide> a, float* b, CountingWide<TWide> c)
    {
        CountingKernels.Total += 16;
        return new(TWide.MultiplyAdd(a._value, b, c._value));
    }

    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c)
    {
        CountingKernels.Total += 4;
        return TWide.MultiplyAdd(a, b, c);
    }

    public static CountingWide<TWide> Add(CountingWide<TWide> a, CountingWide<TWide> b) => new(TWide.Add(a._value, b._value));

    public static CountingWide<TWide> Subtract(CountingWide<TWide> a, CountingWide<TWide> b) => new(TWide.Subtract(a._value, b._value));

    public static CountingWide<TWide> Multiply(CountingWide<TWide> a, CountingWide<TWide> b) => new(TWide.Multiply(a._value, b._value));

    public static CountingWide<TWide> Divide(CountingWide<TWide> a, CountingWide<TWide> b) => new(TWide.Divide(a._value, b._value));

    public static CountingWide<TWide> SquareRoot(CountingWide<TWide> a) => new(TWide.SquareRoot(a._value));

    public static CountingWide<TWide> Max(CountingWide<TWide> a, CountingWide<TWide> b) => new(TWide.Max(a._value, b._value));

    public static CountingWide<TWide> MinusMagnitude(CountingWide<TWide> a) => new(TWide.MinusMagnitude(a._value));

    public static uint Greater(CountingWide<TWide> a, CountingWide<TWide> b) => TWide.Greater(a._value, b._value);

    public static CountingWide<TWide> WhereGreater(CountingWide<TWide> a, CountingWide<TWide> b, CountingWide<TWide> value) =>
        new(TWide.WhereGreater(a._value, b._value, value._value));

    public static CountingWide<TWide> WhereGreater(
        CountingWide<TWide> a, CountingWide<TWide> b, CountingWide<TWide> value, CountingWide<TWide> otherwise) =>
        new(TWide.WhereGreater(a._value, b._value, value._value, otherwise._value));

    public static CountingWide<TWide> WhereEqual(CountingWide<TWide> a, CountingWide<TWide> b, CountingWide<TWide> value) =>
        new(TWide.WhereEqual(a._value, b._value, value._value));

    public static CountingWide<TWide> WhereBit(ushort bits, CountingWide<TWide> value, CountingWide<TWide> otherwise) =>
        new(TWide.WhereBit(bits, value._value, otherwise._value));

    public static CountingWide<TWide> PowerOfTwo(CountingWide<TWide> integer) => new(TWide.PowerOfTwo(integer._value));

    public static CountingWide<TWide> Round(CountingWide<TWide> a) => new(TWide.Round(a._value));

    public static CountingWide<TWide> FromBytes(Vector128<byte> bytes) => new(TWide.FromBytes(bytes));

    public static Vector128<byte> ToBytes(CountingWide<TWide> integer) => TWide.ToBytes(integer._value);

    public static uint Nonzero(CountingWide<TWide> a) => TWide.Nonzero(a._value);

    public static Vector128<float> Sum(CountingWide<TWide> a, CountingWide<TWide> b, CountingWide<TWide> c, CountingWide<TWide> d) =>
        TWide.Sum(a._value, b._value, c._value, d._value);

    public static void Philox(
        uint first, uint key0, uint key1,
        out CountingWide<TWide> w0, out CountingWide<TWide> w1, out CountingWide<TWide> w2, out CountingWide<TWide> w3)
    {
        TWide.Philox(first, key0, key1, out TWide v0, out TWide v1, out TWide v2, out TWide v3);
        (w0, w1, w2, w3) = (new(v0), new(v1), new(v2), new(v3));
    }

    public static void Transpose(float* source, nint sourceStride, float* target, nint targetStride) =>
        TWide.Transpose(source, sourceStride, target, targetStride);
}
