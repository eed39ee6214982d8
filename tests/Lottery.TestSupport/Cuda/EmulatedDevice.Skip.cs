namespace Lottery.TestSupport.Cuda;

internal sealed unsafe partial class EmulatedDevice
{
    /// <summary>A device; the test is skipped where there is no compiler for the kernels.</summary>
    public static EmulatedDevice OrSkip(long bytes = 8L << 30, bool isLazy = false)
    {
        if (KernelCompiler.Path is null) Assert.Skip("needs a C++ compiler for the emulator of kernels");
        return new(bytes) { IsLazy = isLazy };
    }
}
