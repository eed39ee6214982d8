using Lottery.Kernels;
using Lottery.Numerics;

namespace Lottery.UnitTests.Kernels;

/// <summary>Ways in which dropout could be slightly wrong.</summary>
internal static unsafe class BrokenDropoutKernels
{
    public static IEnumerable<(string Kernel, KernelSet Broken)> All =>
    [
        (nameof(KernelSet.Drop), new DropoutForgetsItsPlace()),
        (nameof(KernelSet.Drop), new DropoutDivides()),
        (nameof(KernelSet.Drop), new DropoutForgetsGate()),
        (nameof(KernelSet.Drop), new DropoutWritesTooFar()),
    ];

    private sealed class DropoutForgetsItsPlace : BrokenKernels
    {
        protected override void Drop(RandomStream random, int first, float* x, float* gate, float* y, int count, in Drop.Constants c) =>
            base.Drop(random, 0, x, gate, y, count, c);
    }

    private sealed class DropoutDivides : BrokenKernels
    {
        protected override void Drop(RandomStream random, int first, float* x, float* gate, float* y, int count, in Drop.Constants c)
        {
            float[] before = new Span<float>(x, count).ToArray();
            base.Drop(random, first, x, gate, y, count, c);
            for (int i = 0; i < count; i++)
                if (y[i] != 0) y[i] = before[i] / (1 / c.Scale);
        }
    }

    private sealed class DropoutForgetsGate : BrokenKernels
    {
        protected override void Drop(RandomStream random, int first, float* x, float* gate, float* y, int count, in Drop.Constants c) =>
            base.Drop(random, first, x, null, y, count, c);
    }

    private sealed class DropoutWritesTooFar : BrokenKernels
    {
        protected override void Drop(RandomStream random, int first, float* x, float* gate, float* y, int count, in Drop.Constants c)
        {
            base.Drop(random, first, x, gate, y, count, c);
            if (count % 64 == 48) y[count] = 0;
        }
    }
}
