using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Lottery.Kernels;

/// <summary>Prefetches pixels into the second-level cache; where a processor has no such instruction, nothing happens.</summary>
/// <remarks>An image's channels are too far apart, and are visited in too irregular an order, for the hardware prefetcher.</remarks>
internal static unsafe class Prefetch
{
    /// <summary>Values of a lane group from which on it is no longer in the second-level cache (1 MB), beside others, when it is read again.</summary>
    public const int Worthwhile = 64 * 1024;

    /// <summary>One cache line.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Line(void* address)
    {
        if (Sse.IsSupported) Sse.Prefetch1(address);
    }

    /// <summary>Four pixels of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Four(float* pixel, nint step)
    {
        if (!Sse.IsSupported) return;
        Sse.Prefetch1(pixel);
        Sse.Prefetch1(pixel + step);
        Sse.Prefetch1(pixel + 2 * step);
        Sse.Prefetch1(pixel + 3 * step);
    }
}
