using Lottery.Kernels;
using Lottery.Kernels.Dense;

namespace Lottery.UnitTests.Kernels;

/// <summary>Rows of a, values in each, columns of m; strides with a gap; target given, begun at start or at zero.</summary>
internal sealed record ZeroSkippingProductCase(int Rows, int Inner, int Columns, int Gap, int Percent, bool Start, bool Add, int Seed)
    : KernelCase(Seed)
{
    private int Words => (Inner + 63) / 64;

    private int Stride => Columns + Gap;

    public override byte[] Run(KernelSet set)
    {
        (float[] a, ulong[] active, float[] m, float[] start, float[] target) = Data();
        set.Run(new ZeroSkippingProduct
        {
            A = a, AStride = Inner, Nonzero = active, Words = Words, M = m, MStride = Stride, Start = Start ? start.AsSpan(0, Columns) : default,
            Target = target, TargetStride = Stride, Rows = Rows, Columns = Columns, Add = Add,
        });
        return Bytes(target);
    }

    public override string? PlainDifference()
    {
        (float[] a, _, float[] m, float[] start, float[] target) = Data();
        var sums = new PlainSums(Rows * Stride);
        for (int row = 0; row < Rows; row++)
            for (int column = 0; column < Stride; column++)
            {
                int index = row * Stride + column;
                if (Add || column >= Columns) sums.Add(index, target[index], 1);
                else if (Start) sums.Add(index, start[column], 1);
                for (int j = 0; column < Columns && j < Inner; j++) sums.Add(index, a[row * Inner + j], m[j * Stride + column]);
            }
        return Compare(sums.Through(_ => true));
    }

    private (float[] A, ulong[] Active, float[] M, float[] Start, float[] Target) Data()
    {
        var data = new CaseData(Seed);
        float[] a = data.Values(Rows * Inner);
        for (int i = 0; i < a.Length; i++)
            if (!data.Chance(Percent)) a[i] = 0;
        var active = new ulong[Rows * Words];
        for (int i = 0; i < Rows * Inner; i++)
            if (a[i] != 0) active[i / Inner * Words + i % Inner / 64] |= 1UL << (i % Inner % 64);
        return (a, active, data.Values(Inner * Stride), data.Values(Columns), data.Values(Rows * Stride));
    }
}

internal sealed record NonzeroBitsCase(int Rows, int Columns, int Gap, int Seed) : KernelCase(Seed)
{
    private int Words => (Columns + 63) / 64;

    private int Stride => Columns + Gap;

    public override byte[] Run(KernelSet set)
    {
        float[] a = new CaseData(Seed).Values(Rows * Stride);
        var bits = new ulong[Rows * Words + 4];
        Array.Fill(bits, 0xDEADUL);
        set.Run(new NonzeroBits { A = a, Stride = Stride, Bits = bits, Rows = Rows, Columns = Columns });
        return Bytes(bits);
    }

    public override string? PlainDifference()
    {
        float[] a = new CaseData(Seed).Values(Rows * Stride);
        byte[] bits = Run(Reference);
        for (int row = 0; row < Rows; row++)
            for (int column = 0; column < 64 * Words; column++)
            {
                bool set = (bits[row * Words * 8 + column / 8] >> column % 8 & 1) != 0;
                if (set != (column < Columns && a[row * Stride + column] != 0)) return $"bit {column} of row {row} is {set}";
            }
        return null;
    }
}

internal sealed record TransposeCase(int Rows, int Columns, int SourceGap, int TargetGap, int Seed) : KernelCase(Seed)
{
    public override byte[] Run(KernelSet set)
    {
        float[] target = CaseData.Target(Columns * (Rows + TargetGap));
        set.Run(new Transpose
        {
            Source = Source(), SourceStride = Columns + SourceGap, Target = target, TargetStride = Rows + TargetGap, Rows = Rows, Columns = Columns,
        });
        return Bytes(target);
    }

    public override string? PlainDifference()
    {
        float[] source = Source(), expected = CaseData.Target(Columns * (Rows + TargetGap));
        for (int row = 0; row < Rows; row++)
            for (int column = 0; column < Columns; column++)
                expected[column * (Rows + TargetGap) + row] = source[row * (Columns + SourceGap) + column];
        return Compare([.. expected.Select(value => ((double)value, 0.0))]);
    }

    private float[] Source() => new CaseData(Seed).Values(Rows * (Columns + SourceGap));
}
