using System.Globalization;
using CsCheck;
using Lottery.Masks;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.UnitTests.Masks;

public class ExpressionTests
{
    private static readonly Parameter Layer = Network.Lenet300100.Parameters[0];
    private static readonly double Deviation = Math.Sqrt(2.0 / 1084.0);

    [Theory]
    [InlineData("1 - 2 - 3", -4)]
    [InlineData("8/4/2", 1)]
    [InlineData("2 + 3*4", 14)]
    [InlineData("(2 + 3)*4", 20)]
    [InlineData("-2*-3", 6)]
    [InlineData("2--3", 5)]
    [InlineData("-(1 + 1) - 1", -3)]
    [InlineData("1e-3*1E3 + .5 + 2.", 3.5)]
    [InlineData("min(1, 2) + max(3, 4)*abs(-5)", 21)]
    [InlineData("sign(-3) + sign(0) + sign(7)", 0)]
    [InlineData("sqrt(9) + exp(0) + log(1)", 4)]
    [InlineData("wf-wi", 0.75)]
    [InlineData("wf-1", -0.5)]
    [InlineData("-wf", -0.5)]
    [InlineData("abs(wf)-0.5*abs(wi)", 0.375)]
    [InlineData("n", 1)]
    [InlineData("\t wf\t*\t2 ", 1)]
    public void HasTheValueOfTheTable(string text, double value) => Assert.Equal(value, Value(text, -0.25f, 0.5f));

    [Fact]
    public void AnyExpressionHasTheValueOfItsTree() =>
        Gen.Select(Gen.Int, Gen.Float[-2, 2], Gen.Float[-2, 2]).Sample((seed, wi, wf) =>
        {
            Tree tree = Tree.Grow(new System.Random(seed), 5);
            double expected = tree.Value(wi, wf);
            if (double.IsFinite(expected)) Assert.Equal(expected, Value(tree.Text, wi, wf));
            else Assert.Throws<WorkFailedException>(() => Value(tree.Text, wi, wf));
        }, iter: 2_000);

    [Theory]
    [InlineData("wf / wi", "divides by zero at column 4")]
    [InlineData("1 + log(wi)", "takes the logarithm of a number that is not above 0 at column 5")]
    [InlineData("sqrt(wi - wf)", "takes the square root of a negative number at column 1")]
    [InlineData("exp(2000*wf)", "gives a number that is too large at column 1")]
    [InlineData("1/(wi*wi)", "divides by zero at column 2")]
    public void AWeightWithoutAValueStopsTheSearch(string text, string expected)
    {
        WorkFailedException error = Assert.Throws<WorkFailedException>(() => Value(text, 0, 0.5f));
        Assert.Equal(
            $"The criterion '{text}' {expected} for a weight of fc1.weight (wi = 0, wf = 0.5): write an expression that has a value for every weight.",
            error.Message);
    }

    [Fact]
    public void LogTakesTheSmallestNumbersToo()
    {
        Assert.Equal(Math.Log(1e-310), Value("log(1e-310)", 0, 0), 1e-12);
        Assert.Equal(Math.Log(double.Epsilon), Value("log(4.9406564584124654e-324)", 0, 0), 1e-12);
    }

    private static double Value(string text, float wi, float wf)
    {
        var scores = new double[1];
        Criterion.Get(text).Score(new() { Network = Network.Lenet300100, Parameter = Layer, Initial = [wi], Final = [wf] }, scores);
        return scores[0];
    }

    /// <summary>An expression as text with few parentheses, and the value it must have: not finite as soon as a part is not.</summary>
    private sealed record Tree(string Text, int Rank, Func<double, double, double> Value)
    {
        public static Tree Grow(System.Random random, int depth) => random.Next(depth == 0 ? 3 : 12) switch
        {
            0 => random.Next(3) == 0 ? new("std", 2, (_, _) => Deviation) : new("wi", 2, (wi, _) => wi),
            1 => new("wf", 2, (_, wf) => wf),
            2 => Number(random.Next(0, 4_000) / 16.0),
            3 => Binary(random, depth, "+", 0, (a, b) => a + b),
            4 => Binary(random, depth, "-", 0, (a, b) => a - b),
            5 or 6 => Binary(random, depth, "*", 1, (a, b) => a * b),
            7 => Binary(random, depth, "/", 1, (a, b) => a / b),
            8 => Negated(random, Grow(random, depth - 1)),
            9 => Of(random, "min", Grow(random, depth - 1), Grow(random, depth - 1), (a, b) => a < b ? a : b),
            10 => Of(random, "max", Grow(random, depth - 1), Grow(random, depth - 1), (a, b) => a > b ? a : b),
            _ => Function(random, Grow(random, depth - 1)),
        };

        private static Tree Number(double value) => new(value.ToString("R", CultureInfo.InvariantCulture), 2, (_, _) => value);

        private static Tree Binary(System.Random random, int depth, string mark, int rank, Func<double, double, double> apply)
        {
            Tree left = Grow(random, depth - 1), right = Grow(random, depth - 1);
            return new($"{left.AtLeast(rank)}{Space(random)}{mark}{Space(random)}{right.AtLeast(rank + 1)}", rank,
                (wi, wf) => Finite(apply(left.Value(wi, wf), right.Value(wi, wf))));
        }

        private static Tree Negated(System.Random random, Tree of) =>
            new($"-{Space(random)}{of.AtLeast(2)}", 2, (wi, wf) => -of.Value(wi, wf));

        private static Tree Of(System.Random random, string name, Tree a, Tree b, Func<double, double, double> apply) =>
            new($"{name}({a.Text}{Space(random)},{b.Text})", 2, (wi, wf) =>
                (a.Value(wi, wf), b.Value(wi, wf)) is var (x, y) && double.IsFinite(x) && double.IsFinite(y) ? apply(x, y) : double.NaN);

        private static Tree Function(System.Random random, Tree of)
        {
            (string name, Func<double, double> apply) = random.Next(5) switch
            {
                0 => ("abs", x => Math.Abs(x)),
                1 => ("sign", x => double.IsNaN(x) ? x : x > 0 ? 1.0 : x < 0 ? -1.0 : 0.0),
                2 => ("sqrt", Math.Sqrt),
                3 => ("exp", (Func<double, double>)ExactMath.Exp),
                _ => ("log", x => x > 0 ? ExactMath.Log(x) : double.NaN),
            };
            return new($"{name}{Space(random)}({of.Text})", 2,
                (wi, wf) => of.Value(wi, wf) is var x && double.IsFinite(x) ? Finite(apply(x)) : double.NaN);
        }

        private static double Finite(double value) => double.IsFinite(value) ? value : double.NaN;

        private static string Space(System.Random random) => random.Next(3) == 0 ? " " : "";

        private string AtLeast(int rank) => Rank < rank ? $"({Text})" : Text;
    }
}
