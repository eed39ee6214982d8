using Lottery.Kernels;
using Lottery.Kernels.Optimizers;

namespace Lottery.UnitTests.Kernels;

/// <summary>Moments and gradients of ordinary size, or so small that they are dropped; all weights trained, or about half of them frozen.</summary>
internal sealed record AdamUpdateCase(int Count, bool Tiny, int Step, bool Decay, bool Frozen, int Seed) : KernelCase(Seed)
{
    private AdamUpdate.Constants Constants => new()
    {
        Beta1 = 0.9f, OneMinusBeta1 = 0.1f, Beta2 = 0.999f, OneMinusBeta2 = 0.001f,
        Rate = 1.2e-3f * Step, Epsilon = 1e-8f * Step, Shrink = Decay ? 0.97f : 1,
    };

    public override byte[] Run(KernelSet set)
    {
        (float[] w, float[] m, float[] v, float[] g) = Data();
        set.Run(new AdamUpdate { W = w.AsSpan(0, Count), M = m.AsSpan(0, Count), V = v.AsSpan(0, Count), G = g, Trained = Trained(), Step = Constants });
        return [.. Bytes(w), .. Bytes(m), .. Bytes(v)];
    }

    public override string? PlainDifference()
    {
        (float[] w, float[] m, float[] v, float[] g) = Data();
        AdamUpdate.Constants c = Constants;
        ushort[] trained = Trained();
        return Compare([.. Enumerable.Range(0, Count).Select(i =>
        {
            if (trained.Length > 0 && (trained[i / 16] >> i % 16 & 1) == 0) return (w[i], 0);
            double first = (double)c.Beta1 * m[i] + (double)c.OneMinusBeta1 * g[i];
            double second = (double)c.Beta2 * v[i] + (double)c.OneMinusBeta2 * g[i] * g[i];
            double quotient = (Math.Abs(first) > 1e-30 ? first : 0) / (Math.Sqrt(second > 1e-30 ? second : 0) + c.Epsilon);
            double magnitude = (Math.Abs(m[i]) + Math.Abs(g[i])) / (Math.Sqrt(second > 1e-30 ? second : 0) + c.Epsilon);
            return (w[i] * (double)c.Shrink - c.Rate * quotient, 1.3e-7 * Math.Abs(w[i]) + 1e-6 * c.Rate * magnitude + 1e-30);
        })]);
    }

    private ushort[] Trained() => Frozen ? new CaseData(Seed + 1).Bits(Count) : [];

    private (float[] W, float[] M, float[] V, float[] G) Data()
    {
        var data = new CaseData(Seed);
        float[] w = data.Values(Count), m = Tiny ? data.Tiny(Count) : data.Values(Count);
        float[] v = Tiny ? data.Tiny(Count) : data.Values(Count), g = Tiny ? data.Tiny(Count) : data.Values(Count);
        for (int i = 0; i < Count; i++) v[i] = Math.Abs(v[i]);
        return (w, m, v, g);
    }
}

internal sealed record SgdUpdateCase(int Count, bool Tiny, bool Momentum, bool Nesterov, bool Decay, bool Frozen, int Seed) : KernelCase(Seed)
{
    private SgdUpdate.Constants Constants => new() { Rate = 0.03f, Momentum = Momentum ? 0.9f : 0, Decay = Decay ? 1e-3f : 0, Nesterov = Nesterov };

    public override byte[] Run(KernelSet set)
    {
        (float[] w, float[] v, float[] g) = Data();
        set.Run(new SgdUpdate { W = w.AsSpan(0, Count), V = v.AsSpan(0, Count), G = g, Trained = Trained(), Step = Constants });
        return [.. Bytes(w), .. Bytes(v)];
    }

    public override string? PlainDifference()
    {
        (float[] w, float[] v, float[] g) = Data();
        SgdUpdate.Constants c = Constants;
        ushort[] trained = Trained();
        return Compare([.. Enumerable.Range(0, Count).Select(i =>
        {
            if (trained.Length > 0 && (trained[i / 16] >> i % 16 & 1) == 0) return (w[i], 0);
            double gradient = g[i] + (double)c.Decay * w[i], velocity = (double)c.Momentum * v[i] + gradient;
            velocity = Math.Abs(velocity) > 1e-30 ? velocity : 0;
            double magnitude = Math.Abs(v[i]) + Math.Abs(g[i]) + Math.Abs(w[i]);
            return (w[i] - c.Rate * (c.Nesterov ? gradient + c.Momentum * velocity : velocity), 3e-7 * magnitude + 1e-30);
        })]);
    }

    private ushort[] Trained() => Frozen ? new CaseData(Seed + 1).Bits(Count) : [];

    private (float[] W, float[] V, float[] G) Data()
    {
        var data = new CaseData(Seed);
        return (Tiny ? data.Tiny(Count) : data.Values(Count), Tiny ? data.Tiny(Count) : data.Values(Count),
                Tiny ? data.Tiny(Count) : data.Values(Count));
    }
}
