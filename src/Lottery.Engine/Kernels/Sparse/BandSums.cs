namespace Lottery.Kernels.Sparse;

/// <summary>Where the sums of a band of rows lie while weights' gradients are summed: sixteen values a weight.</summary>
/// <param name="partial">The band's, from block to block.</param>
/// <param name="totals">Those of all bands so far, to which the last block of a band adds.</param>
internal readonly unsafe struct BandSums(float* partial, float* totals)
{
    /// <summary>The band's.</summary>
    public float* Partial { get; } = partial;

    /// <summary>Those of all bands so far.</summary>
    public float* Totals { get; } = totals;
}

/// <summary>A block's place in its band: a constant, so that each body has only the loads and stores of its place.</summary>
internal interface IBandPlace
{
    /// <summary>True for a band's first block, whose sums begin with +0.</summary>
    static abstract bool Begins { get; }

    /// <summary>True for a band's last block, whose sums are added to the totals.</summary>
    static abstract bool Ends { get; }
}

/// <summary>A band's first block of several.</summary>
internal readonly struct BandBegin : IBandPlace
{
    public static bool Begins => true;

    public static bool Ends => false;
}

/// <summary>A block between others.</summary>
internal readonly struct BandMiddle : IBandPlace
{
    public static bool Begins => false;

    public static bool Ends => false;
}

/// <summary>A band's last block of several.</summary>
internal readonly struct BandEnd : IBandPlace
{
    public static bool Begins => false;

    public static bool Ends => true;
}

/// <summary>A band's only block.</summary>
internal readonly struct WholeBand : IBandPlace
{
    public static bool Begins => true;

    public static bool Ends => true;
}
