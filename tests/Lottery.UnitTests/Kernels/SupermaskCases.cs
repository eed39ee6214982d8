using Lottery.Kernels;
using Lottery.Kernels.Elementwise;
using Lottery.Kernels.Supermasks;
using Lottery.Numerics;

namespace Lottery.UnitTests.Kernels;

/// <summary>Scores about zero, far from it, and beyond where the sigmoid is exact.</summary>
internal sealed record SampleMaskCase(int Count, int Seed) : KernelCase(Seed)
{
    private RandomStream Random => new((ulong)Seed, "supermask");

    public override byte[] Run(KernelSet set)
    {
        (float[] s, float[] w) = Data();
        float[] e = CaseData.Target(Count), slopes = CaseData.Target(Count);
        int ones = 0;
        set.Run(new SampleMask
        {
            Scores = s.AsSpan(0, Count), Weights = w.AsSpan(0, Count), Masked = e.AsSpan(0, Count), Slopes = slopes.AsSpan(0, Count),
            Random = Random, Ones = new(ref ones),
        });
        return [.. Bytes(e).AsSpan(0, sizeof(float) * Count), .. Bytes(slopes), .. Bytes(e), .. Bytes([(float)ones])];
    }

    /// <summary>Where the drawn number is not within rounding of the probability, nothing is left to choose.</summary>
    public override string? PlainDifference()
    {
        (float[] s, float[] w) = Data();
        return Compare([.. Enumerable.Range(0, Count).Select(i =>
        {
            double drawn = ((Random.Word(i) >> 9) + 0.5) / (1 << 23), p = 1 / (1 + Math.Exp(-(double)s[i]));
            bool sure = Math.Abs(drawn - p) > 1e-6 * p;
            return (drawn < p ? (double)w[i] : 0, sure ? 0.0 : Math.Abs(w[i]));
        }), .. Enumerable.Range(0, Count).Select(i =>
        {
            double e = Math.Exp(-Math.Min(Math.Abs((double)s[i]), 69)), slope = e / ((1 + e) * (1 + e));
            return (slope, 1e-6 * slope);
        })]);
    }

    private (float[] Scores, float[] Weights) Data()
    {
        var data = new CaseData(Seed);
        float[] s = data.Values(Count, scale: 3), w = data.Values(Count);
        for (int i = 0; i < Count; i++) s[i] = data.Below(40) switch { 0 => -1e30f, 1 => 1e30f, _ => s[i] };
        return (s, w);
    }
}

internal sealed record ScoreGradientCase(int Count, bool Rescale, bool Itself, int Seed) : KernelCase(Seed)
{
    private float Factor => Rescale ? 1.9f : 1f;

    private float Shift => Rescale ? 0.3f : 0f;

    public override byte[] Run(KernelSet set)
    {
        (float[] g, float[] w, float[] slopes) = Data();
        float[] target = Itself ? g : CaseData.Target(Count);
        set.Run(new ScoreGradient
        {
            Gradient = g.AsSpan(0, Count), Weights = w.AsSpan(0, Count), Slopes = slopes.AsSpan(0, Count), Target = target.AsSpan(0, Count),
            Scale = Factor, Shift = Shift,
        });
        return Bytes(target);
    }

    public override string? PlainDifference()
    {
        (float[] g, float[] w, float[] slopes) = Data();
        return Compare([.. Enumerable.Range(0, Count).Select(i =>
        {
            double product = (double)g[i] * w[i] * Factor;
            return ((product - Shift) * slopes[i], 1e-6 * (Math.Abs(product) + Shift) * slopes[i] + 1e-44);
        })]);
    }

    private (float[] Gradient, float[] Weights, float[] Slopes) Data()
    {
        var data = new CaseData(Seed);
        float[] slopes = data.Values(Count, scale: 3);
        for (int i = 0; i < Count; i++) slopes[i] = Sigmoid.Slope(data.Below(40) == 0 ? -1e30f : slopes[i]);
        return (data.Values(Count), data.Values(Count), slopes);
    }
}

internal sealed record ScaleValuesCase(int Count, int Seed) : KernelCase(Seed)
{
    public override byte[] Run(KernelSet set)
    {
        float[] values = new CaseData(Seed).Values(Count);
        set.Run(new ScaleValues { Values = values.AsSpan(0, Count), Factor = 1.7f });
        return Bytes(values);
    }

    public override string? PlainDifference()
    {
        float[] values = new CaseData(Seed).Values(Count);
        return Compare([.. Enumerable.Range(0, Count).Select(i => ((double)values[i] * 1.7f, 1e-7 * Math.Abs(values[i]) + 1e-44))]);
    }
}

internal sealed record DotProductCase(int Count, int Seed) : KernelCase(Seed)
{
    public override byte[] Run(KernelSet set)
    {
        (float[] a, float[] b) = Data();
        float sum = 0;
        set.Run(new DotProduct { A = a.AsSpan(0, Count), B = b.AsSpan(0, Count), Sum = new(ref sum) });
        return Bytes([sum]);
    }

    public override string? PlainDifference()
    {
        (float[] a, float[] b) = Data();
        var sum = new PlainSums(1);
        for (int i = 0; i < Count; i++) sum.Add(0, a[i], b[i]);
        return Compare(sum.Through(_ => true));
    }

    private (float[] A, float[] B) Data()
    {
        var data = new CaseData(Seed);
        return (data.Values(Count), data.Values(Count));
    }
}
