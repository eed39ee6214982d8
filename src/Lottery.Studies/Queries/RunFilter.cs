using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Lottery.Studies.Store;

namespace Lottery.Studies.Queries;

/// <summary>
/// Selects runs by terms that must all hold: words that a run contains, and comparisons of a field of
/// <see cref="RunFields"/> such as <c>density&lt;10%</c>, <c>level=3</c> or <c>studies=criteria</c>.
/// </summary>
internal sealed partial class RunFilter
{
    private static readonly Dictionary<string, RunField> s_fields =
        RunFields.All.ToDictionary(field => field.Name, StringComparer.OrdinalIgnoreCase);

    private static readonly RunField[] s_searched = [.. new[] { "network", "data", "criterion", "mask1", "mask0", "studies", "control" }.Select(name => s_fields[name])];

    /// <summary>More terms than a person types would only make the filter slow.</summary>
    internal const int MostTerms = 30;

    private const int MostTexts = 10_000;

    private readonly List<Func<RunSummary, bool>> _terms = [];

    /// <summary>Parses a filter; a term that is not understood sets <see cref="Problem"/> and is ignored.</summary>
    public RunFilter(string text)
    {
        foreach (Match term in Terms().Matches(text).DistinctBy(term => term.Value))
        {
            if (_terms.Count == MostTerms)
            {
                Problem = $"A filter has at most {MostTerms} terms; those after the first {MostTerms} are ignored.";
                break;
            }
            Add(term);
        }
    }

    /// <summary>What is wrong with the filter, in a sentence; null if nothing is.</summary>
    public string? Problem { get; private set; }

    /// <summary>True if all terms hold for <paramref name="run"/>.</summary>
    public bool Accepts(RunSummary run) => _terms.TrueForAll(term => term(run));

    private void Add(Match term)
    {
        string name = term.Groups["field"].Value, comparison = term.Groups["comparison"].Value, value = term.Groups["value"].Value;
        if (comparison.Length == 0) _terms.Add(Contains(term.Value));
        else if (!s_fields.TryGetValue(name, out RunField? field))
            Problem = $"{term.Value}: there is no '{name}'{Suggestion.Ending(name, [.. s_fields.Keys])}";
        else if (field.IsNumber)
        {
            // Numbers are compared sooner than texts.
            if (Number(value) is { } limit) _terms.Insert(0, run => Compare(Number(field.Value(run)), comparison, limit));
            else Problem = $"{term.Value}: {name}{comparison} needs a number, as in {name}{comparison}1 or {name}{comparison}10%.";
        }
        else if (comparison == "=") _terms.Add(run => Words(run, field).Contains(value, StringComparer.OrdinalIgnoreCase));
        else Problem = $"{term.Value}: {name} is text, which can only be compared with =, as in {name}={value}.";
    }

    /// <summary>The texts of a run that a term may equal; a run also has the label of its kind as a control.</summary>
    private static IEnumerable<string> Words(RunSummary run, RunField field) => field.Value(run) switch
    {
        null => [],
        ImmutableArray<string> words => words,
        string text when field.Name == "control" => [text, RunLabel.Of(run)],
        var value => [Convert.ToString(value, CultureInfo.InvariantCulture)!],
    };

    /// <summary>Whether a run contains a word. Runs have their texts in common, so that each is searched once.</summary>
    private static Func<RunSummary, bool> Contains(string word)
    {
        var known = new Dictionary<string, bool>(ReferenceEqualityComparer.Instance);
        return run =>
        {
            if (run.Id.StartsWith(word, StringComparison.OrdinalIgnoreCase)) return true;
            foreach (RunField field in s_searched)
                foreach (string text in Words(run, field))
                    if (Has(text)) return true;
            return false;
        };

        bool Has(string text)
        {
            if (known.TryGetValue(text, out bool has)) return has;
            if (known.Count == MostTexts) known.Clear();
            return known[text] = text.Contains(word, StringComparison.OrdinalIgnoreCase);
        }
    }

    private static bool Compare(double left, string comparison, double right) => comparison switch
    {
        "<" => left < right, ">" => left > right, "<=" => left <= right, ">=" => left >= right,
        _ => Math.Abs(left - right) <= 1e-9 * Math.Abs(right),
    };

    private static double Number(object? value) => value is null ? double.NaN : Convert.ToDouble(value, CultureInfo.InvariantCulture);

    private static double? Number(string text) =>
        double.TryParse(text.TrimEnd('%'), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? text.EndsWith('%') ? number / 100 : number
            : null;

    [GeneratedRegex(@"(?<field>[\w-]+)(?<comparison><=|>=|<|>|=)(?<value>\S*)|\S+", RegexOptions.ExplicitCapture)]
    private static partial Regex Terms();
}
