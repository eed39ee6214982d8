namespace Lottery.Kernels;

internal sealed unsafe partial class ReferenceKernels
{
    protected override void MaxPool(in PoolShape pool, float* x, float* y, float* winner) =>
        Kernels.MaxPool.Reference(pool, x, y, winner);

    protected override void MaxPoolGradient(in PoolShape pool, float* winner, float* y, float* dy, float* dx, bool gated) =>
        Kernels.MaxPoolGradient.Reference(pool, winner, y, dy, dx, gated);

    protected override void AveragePool(in PoolShape pool, float* x, float* y) =>
        Kernels.AveragePool.Reference(pool, x, y);

    protected override void AveragePoolGradient(in PoolShape pool, float* dy, float* gate, float* dx) =>
        Kernels.AveragePoolGradient.Reference(pool, dy, gate, dx);

    protected override void GlobalAverage(in ImageLayout layout, float* x, float* y, int lanes) =>
        Kernels.GlobalAverage.Reference(layout, x, y, lanes);

    protected override void GlobalAverageGradient(in ImageLayout layout, float* dy, int lanes, float* gate, float* dx) =>
        Kernels.GlobalAverageGradient.Reference(layout, dy, lanes, gate, dx);
}
