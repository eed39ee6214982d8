namespace Lottery.UnitTests.Kernels;

/// <summary>Ways in which kernels could be slightly wrong; the agreement cases must notice each of them.</summary>
internal static partial class KernelFaults
{
    public static IEnumerable<Fault> All =>
    [
        .. Dense, .. Sparse, .. Convolution, .. SparseConvolution, .. PooledConvolution, .. Elementwise, .. Images, .. Pooling,
        .. Normalization, .. Optimizers, .. Supermasks, .. Prediction,
    ];
}
