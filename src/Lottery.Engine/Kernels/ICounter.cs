namespace Lottery.Kernels;

/// <summary>Counts multiply-adds inside the kernels' loops: what is really multiplied, not what a mask says.</summary>
internal interface ICounter
{
    /// <summary>Adds what one pass of an inner loop multiplies.</summary>
    static abstract void MultiplyAdds(long count);
}

/// <summary>Counts nothing and costs nothing.</summary>
internal readonly struct NotCounting : ICounter
{
    public static void MultiplyAdds(long count)
    {
    }
}

/// <summary>Counts for the thread it runs on.</summary>
internal readonly struct Counting : ICounter
{
    [ThreadStatic]
    public static long Total;

    public static void MultiplyAdds(long count) => Total += count;
}
