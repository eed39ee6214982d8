namespace Lottery.Kernels;

/// <summary>One block of target pixels under way: a stencil's sums for all of its target channels.</summary>
internal unsafe struct KeptPass
{
    public KeptStencil Stencil;
    public float* Weights;

    /// <summary>One value a target channel, or null for +0.</summary>
    public float* Bias;
    public bool Relu;
    public nint Ahead;

    /// <summary>The pixel under the block's first one, with no offset.</summary>
    public float* Source;

    /// <summary>The block's first pixel, or null where nothing is gated.</summary>
    public float* Gate;

    /// <summary>The block's first pixel.</summary>
    public float* Target;

    /// <summary>The block that begins at this place of the grid.</summary>
    public void MoveTo(float* source, float* gate, float* target, int row, int column)
    {
        nint place = Stencil.TargetStart + row * Stencil.TargetRow + column * Stencil.TargetColumn;
        Source = source + Stencil.SourceStart + row * Stencil.SourceRow + column * Stencil.SourceColumn;
        Target = target + place;
        Gate = gate == null ? null : gate + place;
    }
}

/// <summary>Values from one source column to the next: a constant where it can be one, so that it is part of the address.</summary>
internal interface IStep
{
    static abstract nint Of(nint step);
}

/// <summary>Neighbouring pixels.</summary>
internal readonly struct Sixteen : IStep
{
    public static nint Of(nint step) => 16;
}

/// <summary>Pixels further apart.</summary>
internal readonly struct AnyStep : IStep
{
    public static nint Of(nint step) => step;
}
