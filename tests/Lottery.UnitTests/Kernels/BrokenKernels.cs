using Lottery.Kernels;

namespace Lottery.UnitTests.Kernels;

/// <summary>The reference, kernel by kernel: a broken version overrides the one that it breaks.</summary>
internal abstract unsafe partial class BrokenKernels(string name = "broken") : KernelSet(name)
{
    /// <summary>The smallest change that a number can have.</summary>
    protected static void FlipLastBit(float* value) => *(int*)value ^= 1;

    protected static void Swap<T>(T* a, T* b) where T : unmanaged => (*a, *b) = (*b, *a);
}
