namespace Lottery.Kernels;

internal abstract unsafe partial class KernelSet
{
    /// <inheritdoc cref="Kernels.ActiveProduct"/>
    public void ActiveProduct(
        ReadOnlySpan<float> a, int aStride, ReadOnlySpan<ulong> active, int words, ReadOnlySpan<float> m, int mStride,
        ReadOnlySpan<float> start, Span<float> target, int targetStride, int rows, int columns, bool add)
    {
        Require(columns % 16 == 0 && columns <= mStride && columns <= targetStride && active.Length >= rows * words);
        Require(target.Length >= rows * targetStride && a.Length >= (rows - 1) * aStride && (start.IsEmpty || start.Length >= columns));
        fixed (float* source = a, matrix = m, first = start, result = target)
        fixed (ulong* bits = active)
            ActiveProduct(new()
            {
                A = source, AStride = aStride, Active = bits, Words = words, M = matrix, MStride = mStride, Start = first,
                Target = result, TargetStride = targetStride, Rows = rows, Columns = columns, Add = add,
            });
    }

    /// <inheritdoc cref="Kernels.ActiveBits"/>
    public void ActiveBits(ReadOnlySpan<float> a, int stride, Span<ulong> bits, int rows, int columns)
    {
        Require(columns % 16 == 0 && a.Length >= rows * stride && bits.Length >= rows * ((columns + 63) / 64));
        fixed (float* source = a)
        fixed (ulong* target = bits)
            ActiveBits(source, stride, target, rows, columns);
    }

    protected abstract void ActiveProduct(in ActiveProduct product);

    protected abstract void ActiveBits(float* a, nint stride, ulong* bits, int rows, int columns);
}
