using Lottery.Numerics;

namespace Lottery.Kernels;

internal sealed unsafe partial class FastKernels<TWide, TCounter>
{
    protected override void Drop(
        RandomStream random, int first, float* x, float* gate, float* y, int count, in Drop.Constants constants) =>
        Kernels.Drop.Fast<TWide>(random, first, x, gate, y, count, constants);
}
