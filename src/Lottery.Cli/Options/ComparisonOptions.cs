using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Lottery.Report.Sections;
using Lottery.Report.Tables;
using Lottery.Studies.Files;

namespace Lottery.Cli.Options;

/// <summary>The options by which results are measured, compared and judged; none changes what is trained.</summary>
internal sealed class ComparisonOptions
{
    /// <summary>The heading under which the help lists them.</summary>
    public const string Heading = "The result";

    private static readonly ImmutableArray<string> s_metrics = [.. Metric.All.Select(metric => metric.Name)];

    private readonly ChoiceOption<Metric> _metric = new(
        "--metric", "The number that is compared.", [.. Metric.All.Select(metric => (metric.Name, metric))]);

    private readonly Option<int?> _at = Values.IntegerOrNone("--at", "Compare test accuracy at this step, one of the setting test-at, instead of at the early-stopping step.", 0);

    private readonly Option<double?> _margin = Number("--margin", "X",
        "The largest difference in accuracy that counts as good. [default: 0.003 for MNIST and Fashion-MNIST, 0.01 for others]", "a number above 0 and below 1, as in 0.003");

    private readonly Option<string?> _judgeAt = new("--judge-at")
    {
        Description = $"The density at which the finding compares conditions, or {Study.AsGood}: the sparsest at which the reference is as good as the dense network. [default: {Study.AsGood}]",
        HelpName = "DENSITY",
    };

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [_metric, _at, _margin, _judgeAt];

    /// <summary>What a command line states.</summary>
    /// <exception cref="UserException">A value is wrong, or options contradict each other.</exception>
    public ComparisonSettings Read(ParseResult parsed)
    {
        Metric metric = _metric.Of(parsed);
        int? at = parsed.GetValue(_at);
        if (at is not null && metric != Metric.Accuracy)
            throw new UserException($"--at and --metric {metric.Name} are both given; --at is for test accuracy, so leave one out.");
        return new() { Metric = at is { } step ? Metric.AtStep(step) : metric, Margin = parsed.GetValue(_margin), JudgeAt = JudgeAtOf(parsed.GetValue(_judgeAt)) };
    }

    /// <summary>The sections that have the metric.</summary>
    /// <exception cref="UserException">None has it, or none has the density that the command states to judge at.</exception>
    public static ImmutableArray<ReportSection> Require(ComparisonSettings settings, ImmutableArray<ReportSection> sections)
    {
        Metric metric = settings.Metric;
        ImmutableArray<ReportSection> measured = [.. sections.Where(section => section.Conditions.Any(one => one.Runs.Any(run => metric.Of(run) is not null)))];
        if (measured.IsEmpty) throw new UserException(NotMeasured(metric, sections));
        if (settings.JudgeAt?.Density is not null && measured.All(section => StudyFinding.NoSuchDensity(section.Table) is not null))
            throw new UserException($"--{StudyFinding.NoSuchDensity(measured[0].Table)}");
        return measured;
    }

    private static string NotMeasured(Metric metric, ImmutableArray<ReportSection> sections)
    {
        if (metric.Step is not { } step) return $"No run has a {metric.Label}: these runs were trained before it was measured.";
        int[] known = [.. sections.SelectMany(section => section.Runs).SelectMany(run => run.Metrics.Tested.Select(tested => tested.Step).Append(run.Steps)).Distinct().Order()];
        return $"--at {step}: no run was tested at this step; " + (known.Length == 0 ? "state it as --test-at, or train.evaluate.test-at in a study, before the runs are trained."
            : $"these runs were tested at {string.Join(", ", known)}.");
    }

    private static JudgeAt? JudgeAtOf(string? text) => text switch
    {
        null => null,
        Study.AsGood => JudgeAt.AsGood,
        _ when IsFraction(text, out double density) => new(density),
        _ => throw new UserException($"--judge-at is '{text}', but must be {Study.AsGood} or a density above 0 and below 1, as in 0.211."),
    };

    private static bool IsFraction(string text, out double value) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value) && value is > 0 and < 1;

    private static Option<double?> Number(string name, string valueName, string description, string expected) => new(name)
    {
        Description = description,
        HelpName = valueName,
        CustomParser = argument => Values.Read<double>(name, argument, expected, IsFraction, 0.5),
    };
}
