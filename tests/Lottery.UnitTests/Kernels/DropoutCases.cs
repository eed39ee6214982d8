using Lottery.Kernels;
using Lottery.Kernels.Elementwise;
using Lottery.Numerics;

namespace Lottery.UnitTests.Kernels;

/// <summary>Some of the values that a layer drops, from index <paramref name="Block"/> × 64 on.</summary>
internal sealed record DropoutValuesCase(int Count, int Block, int Percent, bool Masked, bool Into, int Seed) : KernelCase(Seed)
{
    public override byte[] Run(KernelSet set)
    {
        (float[] x, float[] mask) = Data();
        float[] y = Into ? x : CaseData.Target(Count);
        set.Run(new DropoutValues
        {
            Random = Random, First = 64 * Block, Rate = Percent / 100.0, X = x, ReluMask = mask, Y = y.AsSpan(0, Count),
        });
        return Bytes(y);
    }

    public override string? PlainDifference()
    {
        (float[] x, float[] mask) = Data();
        return Compare([.. Enumerable.Range(0, Count).Select(i =>
        {
            // Philox gives sixteen times four words a block of 64: first word of all, second word of all, …
            (uint key0, uint key1) = Random.Key;
            Philox.Block words = Philox.At(new((uint)(16 * (Block + i / 64) + i % 16), 0, 0, 0), key0, key1);
            uint word = (i / 16 % 4) switch { 0 => words.X0, 1 => words.X1, 2 => words.X2, _ => words.X3 };
            bool kept = ((word >> 9) + 0.5) / (1 << 23) > Percent / 100.0 && (!Masked || mask[i] > 0);
            double value = kept ? x[i] / (1 - Percent / 100.0) : 0;
            return (value, 2e-7 * Math.Abs(value) + 1e-44);
        })]);
    }

    private RandomStream Random => new((ulong)Seed, "dropout");

    private (float[] X, float[] Mask) Data()
    {
        var data = new CaseData(Seed);
        return (data.Values(Count), Masked ? data.Values(Count) : []);
    }
}
