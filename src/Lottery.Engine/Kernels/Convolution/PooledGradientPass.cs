namespace Lottery.Kernels;

/// <summary>One tile on its way back through pooling and a convolution.</summary>
internal unsafe struct PooledGradientPass
{
    /// <summary>The weights by input; offsets in the patch.</summary>
    public KeptStencil Stencil;

    /// <summary>The weights as their gradient is summed; dy in the patch.</summary>
    public KeptCorrelation Correlation;

    /// <summary>The windows.</summary>
    public PoolShape Pool;

    /// <summary>Columns of a cell.</summary>
    public int CellColumns;

    /// <summary><c>[kept]</c>, by input.</summary>
    public float* Weights;

    /// <summary>What <see cref="PooledConvolve"/> remembers.</summary>
    public byte* Winner;

    /// <summary>The gradient of what it made.</summary>
    public float* Dy;

    /// <summary>The convolution's input, and the same again where a ReLU made it, or null.</summary>
    public float* X, Gate;

    /// <summary>The gradient at the input, or null where nobody wants it.</summary>
    public float* Dx;

    /// <summary>Sums of weights, sixteen each; and a patch.</summary>
    public float* Sums, Patch;

    /// <summary><c>[kept]</c>.</summary>
    public float* Gradient;
}
