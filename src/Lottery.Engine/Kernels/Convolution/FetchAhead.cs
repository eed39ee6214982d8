using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Lottery.Kernels;

/// <summary>Pixels called into the second-level cache before they are needed; where a processor cannot be asked, nothing happens.</summary>
/// <remarks>Channels of an image lie too far apart, and are visited in too irregular an order, for the processor to guess.</remarks>
internal static unsafe class FetchAhead
{
    /// <summary>Values of a tile from which on it is not in the second-level cache (1 MB) when its turn comes again.</summary>
    public const int Worthwhile = 128 * 1024;

    /// <summary>One cache line.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Line(void* place)
    {
        if (Sse.IsSupported) Sse.Prefetch1(place);
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
