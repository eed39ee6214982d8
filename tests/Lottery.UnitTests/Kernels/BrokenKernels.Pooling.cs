using Lottery.Kernels;

namespace Lottery.UnitTests.Kernels;

internal abstract unsafe partial class BrokenKernels
{
    protected override void MaxPool(in PoolShape pool, float* x, float* y, float* winner) =>
        Lottery.Kernels.MaxPool.Reference(pool, x, y, winner);

    protected override void MaxPoolGradient(in PoolShape pool, float* winner, float* y, float* dy, float* dx, bool gated) =>
        Lottery.Kernels.MaxPoolGradient.Reference(pool, winner, y, dy, dx, gated);

    protected override void AveragePool(in PoolShape pool, float* x, float* y) =>
        Lottery.Kernels.AveragePool.Reference(pool, x, y);

    protected override void AveragePoolGradient(in PoolShape pool, float* dy, float* gate, float* dx) =>
        Lottery.Kernels.AveragePoolGradient.Reference(pool, dy, gate, dx);

    protected override void GlobalAverage(in ImageLayout layout, float* x, float* y, int lanes) =>
        Lottery.Kernels.GlobalAverage.Reference(layout, x, y, lanes);

    protected override void GlobalAverageGradient(in ImageLayout layout, float* dy, int lanes, float* gate, float* dx) =>
        Lottery.Kernels.GlobalAverageGradient.Reference(layout, dy, lanes, gate, dx);
}
