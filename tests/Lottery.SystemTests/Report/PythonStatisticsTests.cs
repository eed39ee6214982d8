using System.Diagnostics;
using System.Text.Json.Nodes;
using Lottery.Numerics;
using Lottery.Report.Statistics;

namespace Lottery.SystemTests.Report;

/// <summary>
/// SciPy, and a few lines of Python where it has no function, compute the same intervals and p-values from random samples: t intervals,
/// paired t tests, Holm's correction, Wilson's interval, non-inferiority.
/// </summary>
public sealed class PythonStatisticsTests
{
    private const int Samples = 200;
    private const double Margin = 0.003;

    /// <summary>Reads cases as JSON and prints what each is.</summary>
    private const string Program = """
        import json, sys
        from scipy import stats

        def holm(p):
            order = sorted(range(len(p)), key=lambda i: p[i])
            return [min(1.0, max((len(p) - rank) * p[other] for rank, other in enumerate(order[:order.index(i) + 1]))) for i in range(len(p))]

        def lower(d, p, family):
            # Holm's rate: alpha over the hypotheses that are left when this one is tested, or when the procedure stopped before it.
            left = len(family)
            for q in sorted(family):
                if q == p or q > 0.025 / left: break
                left -= 1
            return d.mean() - stats.t.ppf(1 - 0.025 / left, len(d) - 1) * stats.sem(d)

        import numpy
        case = json.load(sys.stdin)
        out = {"t": [], "paired": [], "holm": [], "wilson": [], "as_good": []}
        for a in case["samples"]:
            low, high = stats.t.interval(0.95, len(a) - 1, loc=numpy.mean(a), scale=stats.sem(a))
            out["t"].append([float(numpy.mean(a)), float(low), float(high)])
        for a, b in case["pairs"]:
            out["paired"].append(float(stats.ttest_rel(a, b).pvalue))
        for p in case["families"]:
            out["holm"].append(holm(p))
        for right, images in case["proportions"]:
            interval = stats.binomtest(right, images).proportion_ci(0.95, method="wilson")
            out["wilson"].append([interval.low, interval.high])
        for differences in case["levels"]:
            d = [numpy.array(one) for one in differences]
            p = [float(stats.ttest_1samp(one, -case["margin"], alternative="greater").pvalue) for one in d]
            out["as_good"].append([[p[i], holm(p)[i], float(lower(d[i], p[i], p))] for i in range(len(d))])
        print(json.dumps(out))
        """;

    [Fact]
    public void Intervals_and_p_values_are_those_of_SciPy()
    {
        Assert.SkipUnless(Python("import scipy.stats", "") is { Code: 0 }, "There is no python3 with SciPy here.");
        // Each sample has its own size, place and spread: from two values to twelve, from thousandths to whole numbers.
        double[][] samples = [.. Enumerable.Range(0, Samples).Select(i => Values($"sample/{i}", 2 + i % 11, Math.Pow(10, -(i % 4))))];
        (double[] A, double[] B)[] pairs = [.. Enumerable.Range(0, Samples).Select(i => (Values($"a/{i}", 2 + i % 9, 0.01), Values($"b/{i}", 2 + i % 9, 0.01)))];
        double[][] families = [.. Enumerable.Range(0, Samples).Select(i => Uniform($"p/{i}", 1 + i % 8, i % 2 == 0 ? 1 : 0.05))];
        (int Right, int Images)[] proportions = [.. Enumerable.Range(0, Samples).Select(i => Proportion($"images/{i}", 1 + 53 * i))];
        double[][][] levels = [.. Enumerable.Range(0, Samples).Select(i => Enumerable.Range(0, 1 + i % 6)
            .Select(level => Values($"level/{i}/{level}", 3 + i % 5, 0.002).Select(value => value - 0.001 * level).ToArray()).ToArray())];

        JsonNode python = Python(new JsonObject
        {
            ["margin"] = Margin,
            ["samples"] = Json(samples),
            ["pairs"] = new JsonArray([.. pairs.Select(pair => Json([pair.A, pair.B]))]),
            ["families"] = Json(families),
            ["proportions"] = Json([.. proportions.Select(one => new double[] { one.Right, one.Images })], whole: true),
            ["levels"] = new JsonArray([.. levels.Select(one => Json(one))]),
        });

        for (int i = 0; i < Samples; i++)
        {
            var mean = Estimate.FromValues(samples[i]);
            Near(python["t"]![i]!, mean.Mean, mean.Low, mean.High);
            var difference = PairedDifference.FromValues([.. pairs[i].A.Zip(pairs[i].B, (a, b) => a - b)]);
            Near(new JsonArray(python["paired"]![i]!.DeepClone()), difference.P);
            Near(python["holm"]![i]!, [.. Holm.Adjust(families[i])]);
            var proportion = Estimate.FromProportion((double)proportions[i].Right / proportions[i].Images, proportions[i].Images);
            Near(python["wilson"]![i]!, proportion.Low, proportion.High);
            IReadOnlyList<NonInferiority> tests = NonInferiority.Test([.. levels[i].Select(PairedDifference.FromValues)], Margin);
            foreach ((int level, NonInferiority test) in tests.Index()) Near(python["as_good"]![i]![level]!, test.P, test.AdjustedP, test.Low);
        }
    }

    private static double[] Values(string name, int count, double spread)
    {
        var stream = new RandomStream(31, name);
        double mean = stream.Normal(count) * spread;
        return [.. Enumerable.Range(0, count).Select(i => mean + spread * stream.Normal(i))];
    }

    private static double[] Uniform(string name, int count, double most)
    {
        var stream = new RandomStream(31, name);
        return [.. Enumerable.Range(0, count).Select(i => most * stream.Uniform(i))];
    }

    private static (int Right, int Images) Proportion(string name, int images) => (new RandomStream(31, name).Below(0, images + 1), images);

    private static JsonArray Json(double[][] rows, bool whole = false) =>
        new([.. rows.Select(row => new JsonArray([.. row.Select(value => whole ? (JsonNode)(int)value : value)]))]);

    private static void Near(JsonNode expected, params double[] actual) =>
        Assert.All(expected.AsArray().Zip(actual), pair =>
        {
            // SciPy's quantiles of t are found by iteration and have eight digits or more.
            double value = (double)pair.First!;
            Assert.Equal(value, pair.Second, 1e-7 * Math.Max(1e-3, Math.Abs(value)));
        });

    private static JsonNode Python(JsonObject cases)
    {
        (int code, string said) = Python(Program, cases.ToJsonString());
        Assert.Equal(0, code);
        return JsonNode.Parse(said)!;
    }

    private static (int Code, string Said) Python(string program, string input)
    {
        try
        {
            using Process python = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", program])
            {
                RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
            Task<string> errors = python.StandardError.ReadToEndAsync();
            python.StandardInput.Write(input);
            python.StandardInput.Close();
            string said = python.StandardOutput.ReadToEnd();
            python.WaitForExit();
            return (python.ExitCode, python.ExitCode == 0 ? said : errors.Result);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (-1, "");
        }
    }
}
