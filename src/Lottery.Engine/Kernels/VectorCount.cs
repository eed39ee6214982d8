namespace Lottery.Kernels;

/// <summary>
/// A constant number of vectors, each of sixteen lanes, whose sums a body keeps in registers. Bodies are written once for all
/// counts: the compiler removes the sums that a smaller count does not have. An array of sums would not stay in registers.
/// </summary>
/// <remarks>
/// A sum that a count may not have begins with the value of one that it has. Beginning with <c>default</c> makes the compiler
/// keep fewer of the eight sums of four registers each (<see cref="Wide128"/>) in registers, which costs 10 to 15 %.
/// </remarks>
internal interface IVectorCount
{
    static abstract int Count { get; }
}

internal readonly struct OneVector : IVectorCount
{
    public static int Count => 1;
}

internal readonly struct TwoVectors : IVectorCount
{
    public static int Count => 2;
}

internal readonly struct FourVectors : IVectorCount
{
    public static int Count => 4;
}

internal readonly struct SixVectors : IVectorCount
{
    public static int Count => 6;
}

internal readonly struct SevenVectors : IVectorCount
{
    public static int Count => 7;
}

internal readonly struct EightVectors : IVectorCount
{
    public static int Count => 8;
}
