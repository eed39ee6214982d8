using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Lottery.Kernels;

namespace Lottery.UnitTests.Kernels;

/// <summary>A kernel that is slightly wrong, usually by editing an input or an output of the reference.</summary>
internal delegate void FaultyKernel<TKernel>(TKernel kernel) where TKernel : struct, IKernel, allows ref struct;

/// <summary>The reference of every kernel but one, which has a deliberate fault.</summary>
/// <param name="Name">The fault.</param>
/// <param name="Kernel">The kernel that has it.</param>
/// <param name="Broken">The kernels.</param>
internal sealed record Fault(string Name, string Kernel, KernelSet Broken)
{
    public static Fault In<TKernel>(string name, FaultyKernel<TKernel> kernel) where TKernel : struct, IKernel, allows ref struct =>
        new(name, typeof(TKernel).Name, new("broken", new Runner<TKernel>(kernel)));

    /// <summary>The smallest change that a number can have.</summary>
    public static void FlipLastBit(ref float value) => value = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(value) ^ 1);

    public static void Swap<T>(ref T a, ref T b) => (a, b) = (b, a);

    /// <summary>An input, to be edited; every case has data of its own.</summary>
    public static Span<T> Edit<T>(ReadOnlySpan<T> input) => MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(input), input.Length);

    private sealed class Runner<TFaulty>(FaultyKernel<TFaulty> faulty) : IKernelRunner where TFaulty : struct, IKernel, allows ref struct
    {
        public void Run<TKernel>(ref TKernel kernel) where TKernel : struct, IKernel, allows ref struct
        {
            if (typeof(TKernel) == typeof(TFaulty)) faulty(Unsafe.As<TKernel, TFaulty>(ref kernel));
            else kernel.Reference();
        }
    }
}
