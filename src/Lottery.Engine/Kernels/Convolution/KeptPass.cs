namespace Lottery.Kernels;

/// <summary>One block of target pixels under way: a stencil's sums for all of its target channels.</summary>
internal unsafe struct KeptPass
{
    public KeptStencil Stencil;
    public float* Weights;

    /// <summary>One value a target channel, or null for +0.</summary>
    public float* Bias;

    /// <summary>Whether what is not above 0 becomes 0.</summary>
    public bool Relu;

    /// <summary>The pixel under the block's first one, with no offset.</summary>
    public float* Source;

    /// <summary>The block's first pixel, or null where nothing is gated.</summary>
    public float* Gate;

    /// <summary>The block's first pixel.</summary>
    public float* Target;

    /// <summary>Values from the block's first target pixel to the next block's, which is to be fetched ahead; or 0.</summary>
    public nint Ahead;

    /// <summary>The block of some width that begins at this place of the grid.</summary>
    public void MoveTo(float* source, float* gate, float* target, int row, int column, int width)
    {
        nint place = Stencil.TargetStart + row * Stencil.TargetRow + column * Stencil.TargetColumn;
        Source = source + Stencil.SourceStart + row * Stencil.SourceRow + column * Stencil.SourceColumn;
        Target = target + place;
        Gate = gate == null ? null : gate + place;
        Ahead = Stencil.Targets * Stencil.TargetChannel < FetchAhead.Worthwhile ? 0
            : column + 2 * width <= Stencil.Columns ? width * Stencil.TargetColumn
            : 2 * Stencil.TargetRow - column * Stencil.TargetColumn;
    }
}
