using System.Collections.Immutable;
using Lottery.Specifications;
using Lottery.Studies.Store;

namespace Lottery.Report.Sections;

/// <summary>How a section's runs came about: what they cost, on what, and how to make them again.</summary>
internal sealed record ReportProvenance
{
    /// <summary>What all of the runs have in common, as their specifications say it: a path and its value.</summary>
    public required ImmutableArray<(string Field, string Value)> Common { get; init; }

    /// <summary>The seeds.</summary>
    public required ImmutableArray<ulong> Seeds { get; init; }

    /// <summary>Seconds inside training steps, of all runs together.</summary>
    public required double TrainingSeconds { get; init; }

    /// <summary>Seconds of all runs together.</summary>
    public required double TotalSeconds { get; init; }

    /// <summary>Multiply-adds of training and validation, by the weights that are kept.</summary>
    public required double MultiplyAdds { get; init; }

    /// <summary>The versions of lottery and .NET, and the processors, with the number of runs of each.</summary>
    public required ImmutableArray<(string What, int Runs)> Machines { get; init; }

    /// <summary>When the first run began and the last one ended, in universal time.</summary>
    public required (DateTimeOffset First, DateTimeOffset Last) When { get; init; }

    /// <summary>The commands that make the runs again.</summary>
    public required ImmutableArray<string> Commands { get; init; }

    /// <summary>How many conditions no command can make, only a study file.</summary>
    public required int WithoutCommand { get; init; }

    /// <summary>Where the runs of <paramref name="section"/> come from.</summary>
    /// <param name="section">The runs.</param>
    /// <param name="multiplyAdds">What a run costs by its specification.</param>
    public static ReportProvenance Of(ReportSection section, Func<RunSpecification, double> multiplyAdds)
    {
        RunSummary[] runs = [.. section.Runs];
        string?[] commands = [.. RepeatCommand.Of(section)];
        return new()
        {
            Common = [.. Fields(runs).OrderBy(field => field.Field, StringComparer.Ordinal)],
            Seeds = [.. runs.Select(run => run.Seed).Distinct().Order()],
            TrainingSeconds = runs.Sum(run => run.Metrics.Seconds),
            TotalSeconds = runs.Sum(run => run.Metrics.TotalSeconds),
            MultiplyAdds = runs.Sum(run => multiplyAdds(run.Specification)),
            Machines =
            [
                .. runs.GroupBy(run => $"lottery {run.Version}, .NET {run.Dotnet}, {run.Processor}")
                    .OrderByDescending(group => group.Count()).Select(group => (group.Key, group.Count())),
            ],
            When = (runs.Min(run => run.Started), runs.Max(run => run.Ended)),
            Commands = [.. commands.OfType<string>()],
            WithoutCommand = section.Conditions.Count(one => one.Control == Control.None) - commands.OfType<string>().Count(),
        };
    }

    /// <summary>The fields in which all runs that have them agree.</summary>
    private static IEnumerable<(string Field, string Value)> Fields(RunSummary[] runs)
    {
        SortedDictionary<string, string>[] all = [.. runs.Select(SpecificationFields.Of)];
        foreach (string field in all.SelectMany(fields => fields.Keys).Distinct())
        {
            string[] values = [.. all.Where(fields => fields.ContainsKey(field)).Select(fields => fields[field]).Distinct()];
            if (values.Length == 1) yield return (field, values[0]);
        }
        foreach ((string family, int version) in runs[0].Kernels) yield return ($"kernels.{family}", $"{version}");
    }
}
