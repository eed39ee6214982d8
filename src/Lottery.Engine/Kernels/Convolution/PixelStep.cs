namespace Lottery.Kernels;

/// <summary>Values from one source column to the next: a constant where it can be one, so that it becomes part of the address.</summary>
internal interface IPixelStep
{
    static abstract nint Of(nint step);
}

/// <summary>Neighbouring pixels.</summary>
internal readonly struct Neighbours : IPixelStep
{
    public static nint Of(nint step) => ConvolutionShape.Lanes;
}

/// <summary>Pixels further apart.</summary>
internal readonly struct Apart : IPixelStep
{
    public static nint Of(nint step) => step;
}
