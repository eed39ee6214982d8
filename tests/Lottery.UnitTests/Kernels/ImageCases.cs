using Lottery.Kernels;
using Lottery.Kernels.Elementwise;

namespace Lottery.UnitTests.Kernels;

/// <summary>Some of an image's pixels, in one tile of a flat tile of <paramref name="Tiles"/> × 16 lanes.</summary>
internal sealed record FlattenForwardCase(ImageLayout Layout, int Percent, int Tiles, int Tile, int Seed) : KernelCase(Seed)
{
    public override byte[] Run(KernelSet set)
    {
        (float[] x, FlattenIndices indices) = Data();
        float[] y = CaseData.Target(indices.Offsets.Length * 16 * Tiles);
        set.Run(new FlattenForward { Indices = indices, X = x, Y = y, Lanes = 16 * Tiles, LaneGroup = Tile % Tiles });
        return Bytes(y);
    }

    public override string? PlainDifference()
    {
        (float[] x, FlattenIndices indices) = Data();
        (double, double)[] expected = ImageData.Untouched(indices.Offsets.Length * 16 * Tiles);
        for (int i = 0; i < indices.Offsets.Length * 16; i++)
            expected[(i / 16 * Tiles + Tile % Tiles) * 16 + i % 16] = (x[indices.Offsets[i / 16] + i % 16], 0);
        return Compare(expected);
    }

    private (float[] X, FlattenIndices Indices) Data()
    {
        var data = new CaseData(Seed);
        return (data.Image(Layout), Some(data, Layout, Percent));
    }

    /// <summary>So many of a hundred pixels; of 100, all.</summary>
    public static FlattenIndices Some(CaseData data, ImageLayout layout, int percent) =>
        new(layout, [.. Enumerable.Range(0, layout.Channels * layout.Pixels).Where(_ => data.Chance(percent))]);
}

internal sealed record FlattenBackwardCase(ImageLayout Layout, int Percent, int Tiles, int Tile, bool Masked, int Seed)
    : KernelCase(Seed)
{
    public override byte[] Run(KernelSet set)
    {
        (FlattenIndices indices, float[] dy, float[] mask) = Data();
        float[] dx = CaseData.Target(Layout.Length);
        set.Run(new FlattenBackward { Indices = indices, Dy = dy, Lanes = 16 * Tiles, LaneGroup = Tile % Tiles, ReluMask = mask, Dx = dx });
        return Bytes(dx);
    }

    public override string? PlainDifference()
    {
        (FlattenIndices indices, float[] dy, float[] mask) = Data();
        Dictionary<int, int> units = indices.Offsets.ToArray().Index().ToDictionary(unit => unit.Item, unit => unit.Index);
        return Compare(ImageData.Expected(Layout, index =>
            units.TryGetValue(index / 16 * 16, out int unit) && (!Masked || mask[index] > 0)
                ? (dy[(unit * Tiles + Tile % Tiles) * 16 + index % 16], 0)
                : (0, 0)));
    }

    private (FlattenIndices Indices, float[] Dy, float[] Mask) Data()
    {
        var data = new CaseData(Seed);
        FlattenIndices indices = FlattenForwardCase.Some(data, Layout, Percent);
        return (indices, data.Values(indices.Offsets.Length * 16 * Tiles), data.Mask(Layout, Masked));
    }
}

/// <summary>Two sums, the second written over one of its terms.</summary>
internal sealed record AddForwardCase(int Count, bool Relu, bool Into, int Seed) : KernelCase(Seed)
{
    public override byte[] Run(KernelSet set)
    {
        (float[] a, float[] b) = Data();
        float[] y = Into ? a : CaseData.Target(Count);
        set.Run(new AddForward { A = a, B = b, Y = y.AsSpan(0, Count), Relu = Relu });
        return Bytes(y);
    }

    public override string? PlainDifference()
    {
        (float[] a, float[] b) = Data();
        return Compare([.. Enumerable.Range(0, Count).Select(i => a[i] + (double)b[i])
            .Select(sum => (Relu && sum <= 0 ? 0 : sum, 6e-8 * Math.Abs(sum)))]);
    }

    private (float[] A, float[] B) Data()
    {
        var data = new CaseData(Seed);
        return (data.Values(Count), data.Values(Count));
    }
}

internal sealed record AddMaskedCase(int Count, bool Into, int Seed) : KernelCase(Seed)
{
    public override byte[] Run(KernelSet set)
    {
        (float[] a, float[] b, float[] mask) = Data();
        float[] dx = Into ? b : CaseData.Target(Count);
        set.Run(new AddMasked { A = a, B = b, ReluMask = mask, Dx = dx.AsSpan(0, Count) });
        return Bytes(dx);
    }

    public override string? PlainDifference()
    {
        (float[] a, float[] b, float[] mask) = Data();
        return Compare([.. Enumerable.Range(0, Count).Select(i => mask[i] > 0 ? a[i] + (double)b[i] : 0)
            .Select(sum => (sum, 6e-8 * Math.Abs(sum)))]);
    }

    private (float[] A, float[] B, float[] Mask) Data()
    {
        var data = new CaseData(Seed);
        return (data.Values(Count), data.Values(Count), data.Values(Count));
    }
}

/// <summary>An image among <paramref name="More"/> further channels; some of its own may have no target.</summary>
internal sealed record ShortcutCase(ImageLayout Input, int Stride, int More, bool Back, bool Masked, int Seed) : KernelCase(Seed)
{
    private ShortcutShape Shape => new(Input, new(
        Input.Channels + More, (Input.Rows + Stride - 1) / Stride, (Input.Columns + Stride - 1) / Stride, 2 - Input.Border), Stride);

    public override byte[] Run(KernelSet set)
    {
        (int[] targets, float[] source, float[] mask) = Data();
        float[] target = CaseData.Target(Back ? Input.Length : Shape.Output.Length);
        if (Back) set.Run(new ShortcutBackward { Shape = Shape, Targets = targets, Dy = source, ReluMask = mask, Dx = target });
        else set.Run(new ShortcutForward { Shape = Shape, Targets = targets, X = source, Y = target });
        return Bytes(target);
    }

    public override string? PlainDifference()
    {
        (int[] targets, float[] source, float[] mask) = Data();
        (double, double)[] expected = ImageData.Expected(Back ? Input : Shape.Output, _ => (0, 0));
        foreach ((int from, int to) in Pairs(targets))
            if (!Back) expected[to] = (source[from], 0);
            else if (!Masked || mask[from] > 0) expected[from] = (source[to], 0);
        return Compare(expected);
    }

    private IEnumerable<(int From, int To)> Pairs(int[] targets) =>
        from index in ImageData.Indices(Shape.Output)
        let channel = index / Shape.Output.ChannelStride
        let row = index % Shape.Output.ChannelStride / Shape.Output.RowStride - Shape.Output.Border
        let column = index % Shape.Output.RowStride / 16 - Shape.Output.Border
        where targets.Contains(channel)
        select (Input.Offset(Array.IndexOf(targets, channel), row * Stride, column * Stride) + index % 16, index);

    private (int[] Targets, float[] Source, float[] Mask) Data()
    {
        var data = new CaseData(Seed);
        int[] targets = [.. Enumerable.Range(0, Input.Channels).Select(channel => data.Chance(80) ? channel + data.Below(1 + More) : -1)];
        for (int i = 1; i < targets.Length; i++)
            if (targets[i] >= 0) targets[i] = Math.Max(targets[i], targets[..i].Max() + 1);
        return (targets, data.Image(Back ? Shape.Output : Input), data.Mask(Input, Masked));
    }
}
