using CsCheck;
using Lottery.Kernels;
using Lottery.Kernels.Pooling;

namespace Lottery.UnitTests.Kernels;

internal static class PoolData
{
    /// <summary>Windows that overlap, touch or leave pixels between them, and pixels left over at the end.</summary>
    public static Gen<PoolShape> Shapes { get; } = Gen.Select(
        Gen.Int[1, 3], Gen.Int[1, 3], Gen.Select(Gen.Int[1, 3], Gen.Int[1, 4], Gen.Int[1, 4]), Gen.Int[0, 2], Gen.Int[0, 2],
        (size, stride, results, left, border) => PoolShape.Over(
            new(results.Item1, (results.Item2 - 1) * stride + size + left, (results.Item3 - 1) * stride + size + left / 2, border),
            size, stride, 2 - border));

    public static Gen<PoolShape> SideBySide { get; } =
        Shapes.Select(pool => PoolShape.Over(pool.Input, pool.Size, pool.Size, pool.Output.Border));

    /// <summary>Every result's index in the output and the indices in the input under its window, row by row.</summary>
    public static IEnumerable<(int Result, int[] Window)> Windows(PoolShape pool) =>
        from channel in Enumerable.Range(0, pool.Input.Channels)
        from row in Enumerable.Range(0, pool.Output.Rows)
        from column in Enumerable.Range(0, pool.Output.Columns)
        from lane in Enumerable.Range(0, 16)
        select (pool.Output.Offset(channel, row, column) + lane, (int[])
            [.. from i in Enumerable.Range(0, pool.Size)
                from j in Enumerable.Range(0, pool.Size)
                select pool.Input.Offset(channel, row * pool.Stride + i, column * pool.Stride + j) + lane]);
}

internal sealed record MaxPoolForwardCase(PoolShape Pool, int Seed) : KernelCase(Seed)
{
    public override byte[] Run(KernelSet set)
    {
        float[] x = new CaseData(Seed).Image(Pool.Input), y = CaseData.Target(Pool.Output.Length);
        float[] argMax = CaseData.Target(Pool.Output.Length);
        set.Run(new MaxPoolForward { Pool = Pool, X = x, Y = y, ArgMax = argMax });
        return [.. Bytes(y), .. Bytes(argMax)];
    }

    public override string? PlainDifference()
    {
        float[] x = new CaseData(Seed).Image(Pool.Input);
        int guarded = Pool.Output.Length + CaseData.Guard;
        (double, double)[] expected = [.. ImageData.Untouched(Pool.Output.Length), .. ImageData.Untouched(Pool.Output.Length)];
        foreach ((int result, int[] window) in PoolData.Windows(Pool))
        {
            double most = window.Max(index => (double)x[index]);
            expected[result] = (most, 0);
            expected[guarded + result] = (Array.FindIndex(window, index => x[index] == most), 0);
        }
        return Compare(expected);
    }
}

internal sealed record MaxPoolBackwardCase(PoolShape Pool, bool Masked, int Seed) : KernelCase(Seed)
{
    public override byte[] Run(KernelSet set)
    {
        (float[] x, float[] dy) = Data();
        float[] y = CaseData.Target(Pool.Output.Length), argMax = CaseData.Target(Pool.Output.Length);
        float[] dx = CaseData.Target(Pool.Input.Length);
        Reference.Run(new MaxPoolForward { Pool = Pool, X = x, Y = y, ArgMax = argMax });
        set.Run(new MaxPoolBackward { Pool = Pool, ArgMax = argMax, Y = y, Dy = dy, Dx = dx, ReluMask = Masked });
        return Bytes(dx);
    }

    public override string? PlainDifference()
    {
        (float[] x, float[] dy) = Data();
        var sums = new PlainSums(Pool.Input.Length);
        foreach ((int result, int[] window) in PoolData.Windows(Pool))
            sums.Add(window.MaxBy(index => (double)x[index]), dy[result], 1);
        (double, double)[] all = sums.Through(index => !Masked || x[index] > 0);
        return Compare(ImageData.Expected(Pool.Input, index => all[index]));
    }

    private (float[] X, float[] Dy) Data()
    {
        var data = new CaseData(Seed);
        return (data.Image(Pool.Input), data.Image(Pool.Output));
    }
}

internal sealed record AveragePoolForwardCase(PoolShape Pool, int Seed) : KernelCase(Seed)
{
    public override byte[] Run(KernelSet set)
    {
        float[] x = new CaseData(Seed).Image(Pool.Input), y = CaseData.Target(Pool.Output.Length);
        set.Run(new AveragePoolForward { Pool = Pool, X = x, Y = y });
        return Bytes(y);
    }

    public override string? PlainDifference()
    {
        float[] x = new CaseData(Seed).Image(Pool.Input);
        var sums = new PlainSums(Pool.Output.Length);
        foreach ((int result, int[] window) in PoolData.Windows(Pool))
            foreach (int index in window) sums.Add(result, x[index], 1.0 / window.Length);
        (double, double)[] all = sums.Through(_ => true);
        return Compare(ImageData.Expected(Pool.Output, index => all[index]));
    }
}

internal sealed record AveragePoolBackwardCase(PoolShape Pool, bool Masked, int Seed) : KernelCase(Seed)
{
    public override byte[] Run(KernelSet set)
    {
        (float[] dy, float[] mask) = Data();
        float[] dx = CaseData.Target(Pool.Input.Length);
        set.Run(new AveragePoolBackward { Pool = Pool, Dy = dy, ReluMask = mask, Dx = dx });
        return Bytes(dx);
    }

    public override string? PlainDifference()
    {
        (float[] dy, float[] mask) = Data();
        var sums = new PlainSums(Pool.Input.Length);
        foreach ((int result, int[] window) in PoolData.Windows(Pool))
            foreach (int index in window) sums.Add(index, dy[result], 1.0 / window.Length);
        (double, double)[] all = sums.Through(index => !Masked || mask[index] > 0);
        return Compare(ImageData.Expected(Pool.Input, index => all[index]));
    }

    private (float[] Dy, float[] Mask) Data()
    {
        var data = new CaseData(Seed);
        return (data.Image(Pool.Output), data.Mask(Pool.Input, Masked));
    }
}

/// <summary>One image tile of a flat tile of <paramref name="Tiles"/> × 16 lanes.</summary>
internal sealed record GlobalAverageForwardCase(ImageLayout Layout, int Tiles, int Tile, int Seed) : KernelCase(Seed)
{
    public override byte[] Run(KernelSet set)
    {
        float[] x = new CaseData(Seed).Image(Layout), y = CaseData.Target(Layout.Channels * 16 * Tiles);
        set.Run(new GlobalAverageForward { Layout = Layout, X = x, Y = y, Lanes = 16 * Tiles, LaneGroup = Tile % Tiles });
        return Bytes(y);
    }

    public override string? PlainDifference()
    {
        float[] x = new CaseData(Seed).Image(Layout);
        (double, double)[] expected = ImageData.Untouched(Layout.Channels * 16 * Tiles);
        for (int channel = 0; channel < Layout.Channels; channel++)
        {
            var sums = new PlainSums(16);
            foreach (int index in ImageData.Indices(Layout).Where(index => index / Layout.ChannelStride == channel))
                sums.Add(index % 16, x[index], 1.0 / Layout.Pixels);
            sums.Through(_ => true).CopyTo(expected, (channel * Tiles + Tile % Tiles) * 16);
        }
        return Compare(expected);
    }
}

internal sealed record GlobalAverageBackwardCase(ImageLayout Layout, int Tiles, int Tile, bool Masked, int Seed) : KernelCase(Seed)
{
    public override byte[] Run(KernelSet set)
    {
        (float[] dy, float[] mask) = Data();
        float[] dx = CaseData.Target(Layout.Length);
        set.Run(new GlobalAverageBackward { Layout = Layout, Dy = dy, Lanes = 16 * Tiles, LaneGroup = Tile % Tiles, ReluMask = mask, Dx = dx });
        return Bytes(dx);
    }

    public override string? PlainDifference()
    {
        (float[] dy, float[] mask) = Data();
        return Compare(ImageData.Expected(Layout, index =>
        {
            double gradient = dy[(index / Layout.ChannelStride * Tiles + Tile % Tiles) * 16 + index % 16] / (double)Layout.Pixels;
            return (Masked && mask[index] <= 0 ? 0 : gradient, 6e-8 * Math.Abs(gradient) + 1e-45);
        }));
    }

    private (float[] Dy, float[] Mask) Data()
    {
        var data = new CaseData(Seed);
        return (data.Values(Layout.Channels * 16 * Tiles), data.Mask(Layout, Masked));
    }
}
