using CsCheck;
using Lottery.Masks;

namespace Lottery.Tests;

public class CriterionTests
{
    [Fact]
    public void LargeFinalIsTheSizeOfTheFinalWeight() =>
        AssertScores(Criterion.LargeFinal, (_, final) => final < 0 ? -(double)final : final);

    [Fact]
    public void RandomLeavesAllToTheDraw() => AssertScores(Criterion.Random, (_, _) => 0.0);

    private static void AssertScores(Criterion criterion, Func<float, float, double> plain) =>
        Gen.Select(Gen.Float[-9, 9], Gen.Float[-9, 9]).Array[1, 50].Sample(weights =>
        {
            (float[] initial, float[] final) = ([.. weights.Select(w => w.Item1)], [.. weights.Select(w => w.Item2)]);
            var scores = new double[weights.Length];
            criterion.Score(initial, final, scores);
            for (int i = 0; i < scores.Length; i++)
                if (scores[i] != plain(initial[i], final[i])) return false;
            return true;
        });
}
