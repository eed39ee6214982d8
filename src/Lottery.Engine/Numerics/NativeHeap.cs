using System.Runtime.InteropServices;

namespace Lottery.Numerics;

/// <summary>Settings of the C library's heap, in which <see cref="AlignedBuffer{T}"/> lies.</summary>
internal static class NativeHeap
{
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
}
