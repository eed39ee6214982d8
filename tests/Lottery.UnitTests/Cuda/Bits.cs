using System.Runtime.InteropServices;
using Lottery.Cuda.Driver;

namespace Lottery.UnitTests.Cuda;

/// <summary>Compares numbers by their bits: zeros have signs.</summary>
internal static class Bits
{
    /// <summary>Fails at the first number whose bits differ.</summary>
    public static void Equal(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        int same = MemoryMarshal.Cast<float, int>(expected).CommonPrefixLength(MemoryMarshal.Cast<float, int>(actual));
        if (same == expected.Length) return;
        int different = 0;
        for (int i = same; i < expected.Length; i++)
            if (BitConverter.SingleToInt32Bits(expected[i]) != BitConverter.SingleToInt32Bits(actual[i])) different++;
        Assert.Fail($"{different} of {expected.Length} numbers differ; the first, number {same}, was to be {expected[same]:R} and is {actual[same]:R}.");
    }

    /// <summary>The same of numbers on a device.</summary>
    public static void Equal(ReadOnlySpan<float> expected, ICommands commands, ulong actual) =>
        Equal(expected, commands.Read<float>(actual, expected.Length));
}
