using Lottery.Kernels;

namespace Lottery.UnitTests.Kernels;

internal abstract unsafe partial class BrokenKernels
{
    protected override void ActiveProduct(in ActiveProduct product) => Lottery.Kernels.ActiveProduct.Reference(product);

    protected override void ActiveBits(float* a, nint stride, ulong* bits, int rows, int columns) =>
        Lottery.Kernels.ActiveBits.Reference(a, stride, bits, rows, columns);
}
