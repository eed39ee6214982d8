using Lottery.Kernels;
using Lottery.Numerics;

namespace Lottery.UnitTests.Kernels;

internal abstract unsafe partial class BrokenKernels
{
    protected override void Drop(
        RandomStream random, int first, float* x, float* gate, float* y, int count, in Drop.Constants constants) =>
        Lottery.Kernels.Drop.Reference(random, first, x, gate, y, count, constants);
}
