using CsCheck;
using Lottery.Masks;
using Lottery.Networks;

namespace Lottery.UnitTests.Masks;

public class CriterionTests
{
    private const double Never = double.NegativeInfinity;

    // Every criterion on five weights: one that grew, one that crossed zero, one that started at 0, one that did not
    // move, one that ended at −0.
    private static readonly float[] Initial = [1, -2, 0, 3, -1], Final = [2, 1, -1, 3, -0.0f];

    public static TheoryData<string, double[]> Table => new()
    {
        { "large-final", [2, 1, 1, 3, 0] },
        { "small-final", [-2, -1, -1, -3, 0] },
        { "large-init", [1, 2, 0, 3, 1] },
        { "small-init", [-1, -2, 0, -3, -1] },
        { "large-init-large-final", [2 / 5.0, 2 / 5.0, 1 / 5.0, 5 / 5.0, 1 / 5.0] }, // ranks 4 2 2 5 1 and 2 4 1 5 2
        { "small-init-small-final", [-4 / 5.0, -4 / 5.0, -2 / 5.0, -5 / 5.0, -2 / 5.0] },
        { "magnitude-increase", [1, -1, 1, 0, -1] },
        { "movement", [1, 3, 1, 0, 1] },
        { "random", [0, 0, 0, 0, 0] },
        { "large-final-same-sign", [2, 0, 0, 3, 0] },
        { "large-final-diff-sign", [0, 1, 0, 0, 0] },
        { "magnitude-increase-same-sign", [1, Never, Never, 0, Never] },
        { "magnitude-increase-diff-sign", [Never, -1, Never, Never, Never] },
        { "large-init-large-final(0.5)", [1, 0.5, 0, 1.5, 0] },
        { "small-init-small-final(0.5)", [-1, -2, -0.5, -3, -1] },
        { "abs(wf) - 0.5*abs(wi) + n", [6.5, 5, 6, 6.5, 4.5] },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void HasTheScoresOfTheTable(string name, double[] scores) =>
        Assert.Equal(scores, Score(Criterion.Get(name), Initial, Final));

    [Fact]
    public void TheTableMissesNone() => Assert.Empty(
        Criterion.All.Select(criterion => criterion.Name).Except(Table.Select(row => row.Data.Item1)));

    [Fact]
    public void EveryCriterionAgreesWithPlainLoops() => SomeLayers.Trained.Sample(layer => Assert.All(s_plain, plain =>
    {
        double[] scores = Score(Criterion.Get(plain.Key), layer.Initial, layer.Final);
        for (int i = 0; i < scores.Length; i++)
            Assert.True(plain.Value(layer.Initial, layer.Final, i) == scores[i], $"{plain.Key} of weight {i} is {scores[i]:R}");
    }));

    [Fact]
    public void AWeightThatIsNoNumberHasNoScore() =>
        Assert.All(
            Criterion.All.Append(Criterion.Get("sign(wf)")).Except([Criterion.SmallInit, Criterion.LargeInit, Criterion.Random]),
            criterion => Assert.True(double.IsNaN(Score(criterion, [1, -1, 2], [3, float.NaN, 4])[1]), criterion.Name));

    private static double[] Score(Criterion criterion, float[] initial, float[] final)
    {
        Network network = Network.Lenet300100;
        var scores = new double[initial.Length];
        criterion.Score(new() { Network = network, Parameter = network.Parameters[0], Initial = initial, Final = final }, scores);
        return scores;
    }

    private static double Size(double value) => value < 0 ? -value : value;

    private static int Sign(double value) => value < 0 ? -1 : value > 0 ? 1 : 0;

    private static double Rank(float[] weights, int index)
    {
        int rank = 1;
        for (int i = 0; i < weights.Length; i++)
            if (Size(weights[i]) < Size(weights[index])) rank++;
        return (double)rank / weights.Length;
    }

    private static double Lower(double a, double b) => a < b ? a : b;

    private static double Higher(double a, double b) => a > b ? a : b;

    private static double Where(bool holds, double score, double otherwise) => holds ? score : otherwise;

    private static readonly Dictionary<string, Func<float[], float[], int, double>> s_plain = new()
    {
        ["large-final"] = (_, f, k) => Size(f[k]),
        ["small-final"] = (_, f, k) => -Size(f[k]),
        ["large-init"] = (i, _, k) => Size(i[k]),
        ["small-init"] = (i, _, k) => -Size(i[k]),
        ["large-init-large-final"] = (i, f, k) => Lower(Rank(f, k), Rank(i, k)),
        ["small-init-small-final"] = (i, f, k) => -Higher(Rank(f, k), Rank(i, k)),
        ["large-init-large-final(0.7)"] = (i, f, k) => Lower(0.7 * Size(f[k]), Size(i[k])),
        ["small-init-small-final(1e-3)"] = (i, f, k) => -Higher(1e-3 * Size(f[k]), Size(i[k])),
        ["magnitude-increase"] = (i, f, k) => Size(f[k]) - Size(i[k]),
        ["movement"] = (i, f, k) => Size((double)f[k] - i[k]),
        ["random"] = (_, _, _) => 0,
        ["large-final-same-sign"] = (i, f, k) => Where(Sign(i[k]) == Sign(f[k]), Size(f[k]), 0),
        ["large-final-diff-sign"] = (i, f, k) => Where(Sign(i[k]) == -Sign(f[k]), Size(f[k]), 0),
        ["magnitude-increase-same-sign"] = (i, f, k) => Where(Sign(i[k]) * Sign(f[k]) == 1, Size(f[k]) - Size(i[k]), Never),
        ["magnitude-increase-diff-sign"] = (i, f, k) => Where(Sign(i[k]) * Sign(f[k]) == -1, Size(f[k]) - Size(i[k]), Never),
        ["max(wf*wi, 0) / std"] = (i, f, k) => Higher((double)f[k] * i[k], 0) / Math.Sqrt(2.0 / (784.0 + 300.0)),
    };
}
