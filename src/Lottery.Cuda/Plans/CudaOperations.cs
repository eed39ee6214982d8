using System.Collections.Immutable;
using Lottery.Cuda.Operations;
using Lottery.Kernels;
using Lottery.Operations;
using Lottery.Plans;

namespace Lottery.Cuda.Plans;

/// <summary>The operation of a card for each operation of a compiled plan.</summary>
internal static class CudaOperations
{
    /// <summary>Pixels of a channel that kernels count: blocks of 64, of which a grid has so many behind each other.</summary>
    private const int MostPixels = 64 * ushort.MaxValue;

    /// <summary>The operations of a plan that has no <see cref="Obstacle"/>.</summary>
    public static ImmutableArray<CudaOperation> Of(CompiledPlan plan)
    {
        int dropouts = 0;
        return [.. plan.Operations.Select(operation => Of(operation, ref dropouts) ?? throw new InvalidOperationException(Sentence(operation)))];
    }

    /// <summary>Why a plan cannot run on a card, as a sentence; null if it can.</summary>
    public static string? Obstacle(CompiledPlan plan)
    {
        int dropouts = 0;
        foreach (Operation operation in plan.Operations)
        {
            using CudaOperation? one = Of(operation, ref dropouts);
            if (one is null) return Sentence(operation);
            foreach (PlanTensor tensor in (ReadOnlySpan<PlanTensor>)[.. operation.Inputs, .. operation.Outputs])
                if (IsTooLarge(tensor))
                    return $"The layer {operation.Name} has {tensor.Shape} values, more than a card's kernels count; this run is trained by the processor.";
        }
        return null;
    }

    private static string Sentence(Operation operation) => $"The layer {operation.Name} has no kernel for a card; this run is trained by the processor.";

    /// <summary>True if a tile has more values than a 32-bit integer counts.</summary>
    private static bool IsTooLarge(PlanTensor tensor)
    {
        if (tensor.Shape.IsFlat) return (long)tensor.Rows * BatchTiles.MaxLanes > int.MaxValue;
        ImageLayout image = tensor.Layout;
        long height = image.Rows + 2L * image.Border, width = image.Columns + 2L * image.Border;
        return (long)image.Rows * image.Columns > MostPixels || image.Channels * height * width > int.MaxValue / CudaBuffers.ImageLanes;
    }

    private static CudaOperation? Of(Operation operation, ref int dropouts) => operation switch
    {
        ConvolutionOperation convolution => CudaConvolutions.Of(convolution),
        SparseLinearOperation linear => new CudaSparseLinear(linear),
        DenseLinearOperation linear => new CudaDenseLinear(linear),
        MaxPoolOperation pool => new CudaMaxPool(pool),
        AveragePoolOperation pool => new CudaAveragePool(pool),
        GlobalAverageOperation pool => new CudaGlobalAverage(pool),
        FlattenOperation flatten => new CudaFlatten(flatten),
        ForkOperation fork => new CudaFork(fork),
        AddOperation add => new CudaAdd(add),
        ZeroPadOperation pad => new CudaZeroPad(pad),
        DropoutOperation dropout => new CudaDropout(dropout, dropouts++),
        ReluOperation relu => new CudaRelu(relu),
        BatchNormalizationOperation normalization => new CudaBatchNormalization(normalization),
        _ => null,
    };
}
