using System.Diagnostics;
using Lottery.Kernels.Convolution;
using Lottery.Operations;

namespace Lottery.Cuda.Operations;

/// <summary>A convolution and the ReLU that follows it.</summary>
/// <param name="of">The operation.</param>
internal abstract class CudaConvolution<T>(T of) : CudaOperationOf<T>(of) where T : ConvolutionOperation
{
    /// <summary>The convolution over live channels.</summary>
    protected ConvolutionShape Shape { get; } = of.Shape;

    /// <summary>True with biases.</summary>
    protected bool HasBias => Of.Parameters.Length > 1;

    /// <summary>True if a ReLU follows the convolution.</summary>
    protected bool Relu => Of.Convolved.HasRelu;

    /// <summary>The address of the biases; 0 without.</summary>
    protected ulong BiasOf(in CudaPass pass) => HasBias ? pass.ParametersOf(Of) + sizeof(float) * (ulong)Of.Parameters[1].Start : 0;
}

/// <summary>The kinds of convolution.</summary>
internal static class CudaConvolutions
{
    /// <summary>What a card runs for a convolution.</summary>
    public static CudaOperation Of(ConvolutionOperation operation) => operation switch
    {
        PooledConvolutionOperation pooled => new CudaPooledConvolution(pooled),
        SparseConvolutionOperation sparse => new CudaSparseConvolution(sparse),
        DenseConvolutionOperation dense => DenseConvolution.UsesWinograd(dense.Shape) ? new CudaWinograd(dense) : new CudaPatches(dense),
        _ => throw new UnreachableException(operation.GetType().Name),
    };
}
