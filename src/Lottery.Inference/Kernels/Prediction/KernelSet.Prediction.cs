namespace Lottery.Kernels;

internal abstract unsafe partial class KernelSet
{
    /// <inheritdoc cref="Kernels.Interleave"/>
    public void Interleave(ReadOnlySpan<float> values, int features, int count, ReadOnlySpan<int> places, Span<float> x, int lanes)
    {
        Require(places.Length == features && count > 0 && count <= lanes && lanes % 16 == 0);
        Require(values.Length >= (long)count * features && x.Length >= (long)(Last(places) + 1) * lanes);
        fixed (float* source = values, target = x)
        fixed (int* rows = places)
            Interleave(source, features, count, rows, target, lanes);
    }

    protected abstract void Interleave(float* values, int features, int count, int* places, float* x, int lanes);

    /// <summary>The largest place, or −1 without any.</summary>
    private static int Last(ReadOnlySpan<int> places)
    {
        int last = -1;
        foreach (int place in places) last = Math.Max(last, place);
        return last;
    }
}
