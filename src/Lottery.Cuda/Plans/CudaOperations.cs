using System.Collections.Immutable;
using Lottery.Cuda.Operations;
using Lottery.Operations;
using Lottery.Plans;

namespace Lottery.Cuda.Plans;

/// <summary>The operation of a card for each operation of a compiled plan.</summary>
internal static class CudaOperations
{
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
        }
        return null;
    }

    private static string Sentence(Operation operation) =>
        $"The layer {operation.Name} has no kernel for a card, so {operation.Input.Shape} → {operation.Output.Shape} is computed by the processor.";

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
