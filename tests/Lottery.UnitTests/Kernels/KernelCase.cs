using System.Globalization;
using System.Runtime.InteropServices;
using Lottery.Kernels;

namespace Lottery.UnitTests.Kernels;

/// <summary>One call of one kernel: its shapes, and a seed that its data follow from.</summary>
internal abstract record KernelCase(int Seed)
{
    /// <summary>Calls the kernel on fresh data: the bytes of all that it writes, and of the guard behind.</summary>
    public abstract byte[] Run(KernelSet set);

    /// <summary>What is wrong with the reference by an independent calculation, or null.</summary>
    public abstract string? PlainDifference();

    /// <summary>The first index where a version differs from the reference, or null.</summary>
    public string? Difference(KernelSet set)
    {
        byte[] expected = Run(Reference), actual = Run(set);
        int index = expected.AsSpan().CommonPrefixLength(actual);
        return index == expected.Length ? null : string.Create(CultureInfo.InvariantCulture,
            $"{set.Name} differs from the reference at value {index / 4}: "
            + $"{Value(actual, index):R} instead of {Value(expected, index):R}.");
    }

    protected static KernelSet Reference { get; } = KernelRegistry.Get("reference");

    /// <summary>The first of the reference's values that is further from the expected one than rounding explains.</summary>
    protected string? Compare(IReadOnlyList<(double Value, double Slack)> expected)
    {
        ReadOnlySpan<float> actual = MemoryMarshal.Cast<byte, float>(Run(Reference));
        for (int i = 0; i < expected.Count; i++)
            if (!(Math.Abs(actual[i] - expected[i].Value) <= expected[i].Slack))
                return string.Create(CultureInfo.InvariantCulture,
                    $"value {i} is {actual[i]:R} instead of {expected[i].Value:R} ± {expected[i].Slack:R}");
        return null;
    }

    protected static byte[] Bytes<T>(T[] values) where T : unmanaged => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    private static float Value(byte[] bytes, int index) => MemoryMarshal.Cast<byte, float>(bytes)[index / 4];
}
