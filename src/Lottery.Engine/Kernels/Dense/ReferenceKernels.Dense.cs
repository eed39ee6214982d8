namespace Lottery.Kernels;

internal sealed unsafe partial class ReferenceKernels
{
    protected override void ActiveProduct(in ActiveProduct product) => Kernels.ActiveProduct.Reference(product);

    protected override void ActiveBits(float* a, nint stride, ulong* bits, int rows, int columns) =>
        Kernels.ActiveBits.Reference(a, stride, bits, rows, columns);
}
