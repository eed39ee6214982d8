namespace Lottery.Kernels;

internal sealed unsafe partial class FastKernels<TWide, TCounter>
{
    protected override void ActiveProduct(in ActiveProduct product) => Kernels.ActiveProduct.Fast<TWide, TCounter>(product);

    protected override void ActiveBits(float* a, nint stride, ulong* bits, int rows, int columns) =>
        Kernels.ActiveBits.Fast<TWide>(a, stride, bits, rows, columns);
}
