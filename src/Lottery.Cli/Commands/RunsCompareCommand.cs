using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using Lottery.Cli.Options;
using Lottery.Cli.Output;
using Lottery.Cli.Studies;
using Lottery.Cli.Tables;
using Lottery.Report.Comparisons;
using Lottery.Studies.Store;

namespace Lottery.Cli.Commands;

/// <summary>Compares the masks and weights of runs.</summary>
internal sealed class RunsCompareCommand : StoreCommand
{
    /// <summary>So many pruned levels fit on a screen.</summary>
    private const int MostLevels = 3;

    private readonly Argument<string[]> _what = new("STUDY|RUN")
    {
        Description = "Studies by name or file, or runs by id, which are compared with one another; without one, everything in the store.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _level = LevelList.Option($"Only these levels. [default: {MostLevels} spread over all; with --json all]");

    private readonly Option<string?> _by = new("--by")
    {
        Description = "Compare runs that differ in these settings, whether they are a study or not: columns of `lottery runs list`, as in lr,batch.",
        HelpName = "SETTING,…",
    };

    public RunsCompareCommand(Terminal terminal)
        : base("compare", "Show how far masks overlap, which signs training changed, how far weights moved and what units keep.",
            "lottery runs compare criteria", terminal)
    {
        Add(_what);
        Add(_level);
        Add(_by);
    }

    protected override int Run(ParseResult parsed)
    {
        RunStore store = Open(parsed);
        var weights = new RunWeights(store);
        bool isJson = parsed.GetValue(Common.Json);
        var selection = new ReportSelection(store);
        string[] names = parsed.GetValue(_what) ?? [];
        int[] levels = LevelList.Of(parsed, _level);
        (string Name, RunComparison Comparison)[] compared =
        [
            .. from groups in Groups(selection, names, levels, ReportSelection.Settings(parsed.GetValue(_by)), isJson)
               let comparison = RunComparison.Create(groups.Groups, weights)
               where !(comparison.Movements.IsEmpty && comparison.Connections.IsEmpty)
               select (groups.Name, comparison),
        ];
        foreach (string problem in weights.Problems) Terminal.Say($"A run is left out: {problem}");
        if (compared.Length == 0) throw new UserException("None of these runs has a mask or was trained, so there is nothing to compare.");
        if (isJson) Write(new JsonArray([.. compared.Select(one => ComparisonJson.Write(one.Name, one.Comparison))]));
        else Write(compared.SelectMany((one, i) => Lines(one.Name, one.Comparison, isFirst: i == 0, compared.Length > 1)));
        return 0;
    }

    private static IEnumerable<(string Name, ComparedGroups Groups)> Groups(
        ReportSelection selection, string[] names, int[] levels, ImmutableArray<Lottery.Studies.Queries.RunField> by, bool isJson)
    {
        if (names.Length > 0 && selection.Runs(names) is { } runs)
            return levels.Length > 0 ? throw new UserException("--level selects levels of a study; runs that are named by id have one each.")
                : [("runs", ComparedGroups.Of(runs, selection.All))];
        return selection.Sections(names, by).Select(section =>
            (section.Name, ComparedGroups.Of(section, mostLevels: isJson || levels.Length > 0 ? int.MaxValue : MostLevels, levels: levels)));
    }

    private IEnumerable<string> Lines(string name, RunComparison comparison, bool isFirst, bool isNamed)
    {
        if (!isFirst) yield return "";
        if (isNamed) yield return name;
        foreach (string line in ComparisonText.Lines(new(comparison), comparison, Terminal.Width)) yield return line;
    }
}
