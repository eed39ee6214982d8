namespace Lottery.Bench.Timing;

/// <summary>Times things in turn, A B A B, so that what disturbs the machine for a while disturbs all of them.</summary>
internal static class Rounds
{
    /// <summary>What each of <paramref name="sides"/> answers, <c>[side][round]</c>.</summary>
    public static double[][] InTurn(int rounds, params IReadOnlyList<Func<double>> sides)
    {
        double[][] answers = [.. sides.Select(_ => new double[rounds])];
        for (int round = 0; round < rounds; round++)
            for (int side = 0; side < sides.Count; side++) answers[side][round] = sides[side]();
        return answers;
    }

    /// <summary>The middle one, or the mean of the middle two.</summary>
    public static double Median(IReadOnlyCollection<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
