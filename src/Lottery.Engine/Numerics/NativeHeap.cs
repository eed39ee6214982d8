using System.Runtime.InteropServices;

namespace Lottery.Numerics;

/// <summary>Settings of the C library's heap, in which <see cref="AlignedBuffer{T}"/> lies.</summary>
internal static unsafe class NativeHeap
{
    /// <summary>Bytes of a huge page on x64, and on ARM64 with pages of 4 kB.</summary>
    public const nuint HugePage = 2 << 20;

    private static bool s_hasHugePages = OperatingSystem.IsLinux();

    /// <summary>
    /// Asks Linux for huge pages wherever memory fills them: a convolution walks through channels that lie some 70 kB apart, and would
    /// need a translation of an address for nearly every row. What does not fill a page stays as it is, so that no memory is added.
    /// </summary>
    /// <param name="start">A multiple of <see cref="HugePage"/>, if there is as much memory.</param>
    /// <param name="bytes">The length of the memory.</param>
    public static void UseHugePages(void* start, nuint bytes)
    {
        const int MadviseHugePage = 14;
        if (!s_hasHugePages || bytes < HugePage) return;
        try
        {
            _ = Madvise(start, bytes / HugePage * HugePage, MadviseHugePage);
        }
        catch (Exception missing) when (missing is EntryPointNotFoundException or DllNotFoundException)
        {
            s_hasHugePages = false;
        }
    }

    /// <summary>
    /// From now on large blocks go back to the system when they are freed. Otherwise glibc keeps them for later, in pieces that the
    /// buffers of the next training may not fit into. Other C libraries need nothing.
    /// </summary>
    public static void ReturnLargeBlocks()
    {
        const int MmapThreshold = -3, Bytes = 1 << 20;
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = MallOpt(MmapThreshold, Bytes);
        }
        catch (Exception missing) when (missing is EntryPointNotFoundException or DllNotFoundException)
        {
            // A library without the setting.
        }
    }

    [DllImport("libc", EntryPoint = "mallopt")]
    private static extern int MallOpt(int parameter, int value);

    [DllImport("libc", EntryPoint = "madvise")]
    private static extern int Madvise(void* start, nuint length, int advice);
}
