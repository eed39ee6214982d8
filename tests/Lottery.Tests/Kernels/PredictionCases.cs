using Lottery.Kernels;

namespace Lottery.Tests;

internal sealed record InterleaveCase(int Features, int Count, int Extra, int UsedPercent, int Seed) : KernelCase(Seed)
{
    private int Lanes => (Count + 15) / 16 * 16 + Extra;

    public override byte[] Run(KernelSet set)
    {
        (float[] values, int[] places) = Data();
        float[] x = CaseData.Target(places.Count(place => place >= 0) * Lanes);
        set.Interleave(values, Features, Count, places, x, Lanes);
        return Bytes(x);
    }

    public override string? PlainDifference()
    {
        (float[] values, int[] places) = Data();
        var expected = new (double, double)[places.Count(place => place >= 0) * Lanes];
        for (int feature = 0; feature < Features; feature++)
            for (int lane = 0; lane < Count && places[feature] >= 0; lane++)
                expected[places[feature] * Lanes + lane] = (values[lane * Features + feature], 0);
        return Compare(expected);
    }

    private (float[] Values, int[] Places) Data()
    {
        var data = new CaseData(Seed);
        var places = new int[Features];
        int next = 0;
        for (int i = 0; i < Features; i++) places[i] = data.Chance(UsedPercent) ? next++ : -1;
        return (data.Values(Count * Features)[..(Count * Features)], places);
    }
}
