using System.Collections.Immutable;
using Lottery.Data;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Settings;
using Lottery.Studies.Store;

namespace Lottery.Report.Sections;

/// <summary>The command that searches a condition's tickets, with the controls they have, once more.</summary>
internal static class RepeatCommand
{
    /// <summary>
    /// <c>lottery find …</c> for each condition that is a search; null for one that only a study file can state.
    /// </summary>
    /// <param name="section">The runs.</param>
    public static ImmutableArray<string?> Of(ReportSection section) =>
    [
        .. section.Conditions.Where(one => one.Control == Control.None).Select(one =>
        {
            RunSummary deepest = one.Levels[^1].Runs[0];
            return Of(section, one, deepest);
        }),
    ];

    /// <summary><c>lottery find …</c> for the search of one seed that trains a run; null if only a study file can state it.</summary>
    public static string? Of(RunSummary run) => Of(run, run.Control == Control.None ? [] : [new(run.Control, run.Draw + 1)], 1, run.Seed);

    private static string? Of(ReportSection section, Condition tickets, RunSummary deepest)
    {
        ImmutableArray<RunSummary> runs = tickets.Levels[^1].Runs;
        return Of(deepest, [.. Controls(section, tickets)], tickets.Levels[^1].Replicates, runs[0].Seed);
    }

    private static string? Of(RunSummary deepest, ImmutableArray<ControlDraws> controls, int replicates, ulong seed)
    {
        RunSpecification run = deepest.Specification;
        SearchDefinition search = SearchDefinition.Of(run) with { Controls = controls, Replicates = replicates, Seed = seed };
        // The parameters of Adam other than the learning rate have no options.
        if (search.Training.Optimizer is Adam adam && adam != new Adam(adam.LearningRate)) return null;
        if (search.Training.Optimizer is AdamW decayed && decayed != new AdamW(decayed.LearningRate, decayed.WeightDecay)) return null;
        ILookup<bool, string> options = SettingOptions.Write(search)
            .ToLookup(option => option.Name == "--network", option => option.Text.Length == 0 ? option.Name : $"{option.Name} {ShellCommand.Quote(option.Text)}");
        // A mask with initial weights comes from a ticket, which has its network too.
        bool isFromTicket = run.Start is { Mask: not null, Initial: not null, Pretrained: null };
        return string.Join(' ',
        [
            "lottery find", .. isFromTicket ? ["--from FILE"] : options[true], $"--data {DataOf(deepest)}", .. options[false],
            .. isFromTicket ? [] : Files(run),
        ]);
    }

    private static IEnumerable<string> Files(RunSpecification run)
    {
        if (run.Start?.Mask is not null) yield return "--mask FILE";
        if (run.Start?.Initial is not null) yield return "--initial FILE";
        if (run.Start?.Pretrained is not null) yield return "--final FILE";
    }

    /// <summary>The controls whose runs have tickets of this condition.</summary>
    private static ControlDraws[] Controls(ReportSection section, Condition tickets)
    {
        HashSet<string> ids = [.. tickets.Runs.Select(run => run.Id)];
        return
        [
            .. section.Conditions.Where(one => one.Control != Control.None && one.Runs.Any(run => run.Ticket is { } ticket && ids.Contains(ticket)))
                .GroupBy(one => one.Control, (control, same) => new ControlDraws(control, same.SelectMany(one => one.Runs).Max(run => run.Draw) + 1))
                .OrderBy(one => one.Control),
        ];
    }

    private static string DataOf(RunSummary run) => KnownSet.Find(run.Data) is { } known ? known.Name : "FOLDER";
}
