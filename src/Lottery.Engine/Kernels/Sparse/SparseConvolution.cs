using Lottery.Kernels.Convolution;

namespace Lottery.Kernels.Sparse;

/// <summary>y = bias + kept weights × x, and the ReLU that follows, if one does: one lane group.</summary>
/// <remarks><inheritdoc cref="OffsetSums" path="/remarks"/></remarks>
internal unsafe ref struct SparseConvolutionForward : IKernel
{
    /// <summary>The kept weights.</summary>
    public required SparseConvolutionTable Table;

    /// <summary><c>[kept]</c>, in stored order.</summary>
    public required ReadOnlySpan<float> Weights;

    /// <summary><c>[outputs]</c>, or empty for +0.</summary>
    public required ReadOnlySpan<float> Bias;

    /// <summary>One lane group of the input, its border zero.</summary>
    public required ReadOnlySpan<float> X;

    /// <summary>One lane group of the output; its border is not written.</summary>
    public required Span<float> Y;

    /// <summary>Whether a ReLU follows.</summary>
    public required bool Relu;

    public readonly void Check()
    {
        IKernel.Require(Weights.Length >= Table.Kept && (Bias.IsEmpty || Bias.Length >= Table.Shape.Outputs));
        IKernel.Require(X.Length >= Table.Shape.InputLength && Y.Length >= Table.Shape.OutputLength);
    }

    public readonly void Reference() => OffsetSums.Reference(Table.ByOutput.Layout, Weights, Bias, X, default, Y, Relu);

    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        fixed (float* weights = Weights, bias = Bias, x = X, y = Y)
            OffsetSums.Fast<TWide>(Table.ByOutput.Layout, weights, bias, x, null, y, Relu);
    }
}

/// <summary>dx = kept weights × dy, gathered by input pixels; 0 where the ReLU mask is not above 0: one lane group.</summary>
/// <remarks><inheritdoc cref="OffsetSums" path="/remarks"/></remarks>
internal unsafe ref struct SparseConvolutionInputGradient : IKernel
{
    /// <summary>The kept weights.</summary>
    public required SparseConvolutionTable Table;

    /// <summary><c>[kept]</c>, from <see cref="SparseConvolutionTable.CopyByInput"/>.</summary>
    public required ReadOnlySpan<float> WeightsByInput;

    /// <summary>One lane group of the gradient at the output, its border zero.</summary>
    public required ReadOnlySpan<float> Dy;

    /// <summary>One lane group of the input where a ReLU computed it; or empty.</summary>
    public required ReadOnlySpan<float> ReluMask;

    /// <summary>One lane group of the gradient at the input; its border is not written.</summary>
    public required Span<float> Dx;

    public readonly void Check()
    {
        ConvolutionShape shape = Table.Shape;
        IKernel.Require(WeightsByInput.Length >= Table.Kept && Dy.Length >= shape.OutputLength && shape.OutputBorder >= Table.GradientBorder);
        IKernel.Require(Dx.Length >= shape.InputLength && (ReluMask.IsEmpty || ReluMask.Length >= shape.InputLength));
    }

    public readonly void Reference()
    {
        int start = 0;
        foreach (SparseOffsetTable table in Table.ByInput)
        {
            OffsetSums.Reference(table.Layout, WeightsByInput[start..], default, Dy, ReluMask, Dx, relu: false);
            start += table.Kept;
        }
    }

    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        fixed (float* weights = WeightsByInput, dy = Dy, mask = ReluMask, dx = Dx)
        {
            int start = 0;
            foreach (SparseOffsetTable table in Table.ByInput)
            {
                OffsetSums.Fast<TWide>(table.Layout, weights + start, null, dy, mask, dx, relu: false);
                start += table.Kept;
            }
        }
    }
}
