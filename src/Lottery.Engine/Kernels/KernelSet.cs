using System.Runtime.CompilerServices;

namespace Lottery.Kernels;

/// <summary>How kernels run: as scalar loops, or at one vector width. All versions find the same bits.</summary>
internal sealed class KernelSet
{
    private readonly int _bits;
    private readonly IKernelRunner? _runner;

    /// <summary>Kernels of one version.</summary>
    /// <param name="name"><c>reference</c>, <c>vector128</c>, <c>vector256</c> or <c>vector512</c>.</param>
    /// <param name="bits">The vector width, 128, 256 or 512; 0 for the scalar loops.</param>
    public KernelSet(string name, int bits) => (Name, _bits) = (name, bits);

    /// <summary>Kernels that a runner runs.</summary>
    public KernelSet(string name, IKernelRunner runner) => (Name, _bits, _runner) = (name, -1, runner);

    /// <summary>The version's name.</summary>
    public string Name { get; }

    /// <summary>Checks a kernel's shapes, then runs it. The compiler specializes this for every kernel; nothing is virtual.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public void Run<TKernel>(in TKernel kernel) where TKernel : struct, IKernel, allows ref struct
    {
        // Called on a read-only reference, each method would run on a copy.
        ref TKernel one = ref Unsafe.AsRef(in kernel);
        one.Check();
        switch (_bits)
        {
            case 512: one.Fast<Wide512>(); break;
            case 256: one.Fast<Wide256>(); break;
            case 128: one.Fast<Wide128>(); break;
            case 0: one.Reference(); break;
            default: _runner!.Run(ref one); break;
        }
    }
}
