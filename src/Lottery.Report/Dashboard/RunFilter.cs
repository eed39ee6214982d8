using System.Globalization;
using System.Text.RegularExpressions;
using Lottery.Report.Tables;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;

namespace Lottery.Report.Dashboard;

/// <summary>
/// Which runs are shown: words that a run must have somewhere, and comparisons such as <c>density&lt;10%</c>,
/// <c>level=3</c> or <c>study=criteria</c>; all must hold.
/// </summary>
internal sealed partial class RunFilter
{
    private static readonly Dictionary<string, Func<RunSummary, double>> s_numbers = new(StringComparer.OrdinalIgnoreCase)
    {
        ["seed"] = run => run.Seed, ["level"] = run => run.Level, ["density"] = run => run.Density,
        ["accuracy"] = run => run.Accuracy, ["final"] = run => run.FinalAccuracy, ["steps"] = run => run.Steps,
        ["stops"] = run => run.EarlyStopStep, ["seconds"] = run => run.Metrics.TotalSeconds, ["kept"] = run => run.Kept,
    };

    private static readonly Dictionary<string, Func<RunSummary, IEnumerable<string>>> s_words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["network"] = run => [run.Network], ["data"] = run => [run.Data], ["criterion"] = run => [run.Criterion ?? ""],
        ["mask1"] = run => [run.Mask1 ?? ""], ["mask0"] = run => [run.Mask0 ?? ""], ["study"] = run => run.Studies,
        ["control"] = run => [KebabCase.Of(run.Control), Labels.Kind(run)],
    };

    private readonly List<Func<RunSummary, bool>> _terms = [];

    /// <summary>The filter that some text states.</summary>
    public RunFilter(string text)
    {
        foreach (Match term in Terms().Matches(text)) Add(term);
    }

    /// <summary>What of the text could not be understood, in a sentence; null where all could.</summary>
    public string? Problem { get; private set; }

    /// <summary>Whether a run is shown.</summary>
    public bool Accepts(RunSummary run) => _terms.TrueForAll(term => term(run));

    private void Add(Match term)
    {
        string field = term.Groups["field"].Value, comparison = term.Groups["comparison"].Value, value = term.Groups["value"].Value;
        if (comparison.Length == 0) _terms.Add(run => Has(run, term.Value));
        else if (s_numbers.TryGetValue(field, out Func<RunSummary, double>? number))
        {
            if (Number(value) is { } than) _terms.Add(run => Compare(number(run), comparison, than));
            else Problem = $"{term.Value}: after {field}{comparison} comes a number, as in {field}{comparison}1 or {field}{comparison}10%.";
        }
        else if (s_words.TryGetValue(field, out Func<RunSummary, IEnumerable<string>>? words) && comparison == "=")
            _terms.Add(run => words(run).Contains(value, StringComparer.OrdinalIgnoreCase));
        else if (words is not null) Problem = $"{term.Value}: {field} is a word, which can only be equal to one: {field}={value}.";
        else Problem = $"{term.Value}: there is no '{field}'{Suggestion.Ending(field, [.. s_numbers.Keys, .. s_words.Keys])}";
    }

    private static bool Has(RunSummary run, string word) =>
        run.Id.StartsWith(word, StringComparison.OrdinalIgnoreCase)
        || s_words.Values.SelectMany(words => words(run)).Any(text => text.Contains(word, StringComparison.OrdinalIgnoreCase));

    private static bool Compare(double left, string comparison, double right) => comparison switch
    {
        "<" => left < right, ">" => left > right, "<=" => left <= right, ">=" => left >= right,
        _ => Math.Abs(left - right) <= 1e-9 * Math.Abs(right),
    };

    private static double? Number(string text) =>
        double.TryParse(text.TrimEnd('%'), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? text.EndsWith('%') ? number / 100 : number
            : null;

    [GeneratedRegex(@"(?<field>[\w-]+)(?<comparison><=|>=|<|>|=)(?<value>\S*)|\S+", RegexOptions.ExplicitCapture)]
    private static partial Regex Terms();
}
