using Lottery.Numerics;

namespace Lottery.Kernels;

internal sealed unsafe partial class ReferenceKernels
{
    protected override void Drop(
        RandomStream random, int first, float* x, float* gate, float* y, int count, in Drop.Constants constants) =>
        Kernels.Drop.Reference(random, first, x, gate, y, count, constants);
}
