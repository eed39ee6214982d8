using System.Collections.Immutable;
using Lottery.Report.Tables;
using Lottery.Specifications;
using Lottery.Studies.Queries;
using Lottery.Studies.Store;

namespace Lottery.Report.Sections;

/// <summary>What a section's runs cost, where and when they were trained, and how to repeat them.</summary>
internal sealed record ReportProvenance
{
    /// <summary>What all runs have in common: a setting, for example <c>batch size</c>, and its value.</summary>
    public required ImmutableArray<(string Field, string Value)> Common { get; init; }

    /// <summary>The seeds, ascending.</summary>
    public required ImmutableArray<ulong> Seeds { get; init; }

    /// <summary>Seconds in training steps, summed over the runs.</summary>
    public required double TrainingSeconds { get; init; }

    /// <summary>Wall time in seconds, summed over the runs.</summary>
    public required double TotalSeconds { get; init; }

    /// <summary>Multiply-adds of training and validation on kept weights; null if they were not counted.</summary>
    public required double? MultiplyAdds { get; init; }

    /// <summary>Versions of Lottery and .NET with the processor, and the number of runs of each combination.</summary>
    public required ImmutableArray<(string Description, int Runs)> Machines { get; init; }

    /// <summary>When the first run began.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When the last run ended.</summary>
    public required DateTimeOffset Ended { get; init; }

    /// <summary>The commands that repeat the runs.</summary>
    public required ImmutableArray<string> Commands { get; init; }

    /// <summary>The number of conditions that only a study file can repeat.</summary>
    public required int WithoutCommand { get; init; }

    /// <summary>The provenance of the runs of <paramref name="section"/>.</summary>
    /// <param name="section">The runs.</param>
    /// <param name="multiplyAdds">The multiply-adds of a run, from its specification; null not to count them.</param>
    public static ReportProvenance Create(ReportSection section, Func<RunSpecification, double>? multiplyAdds)
    {
        RunSummary[] runs = [.. section.Runs];
        string?[] commands = [.. RepeatCommand.Of(section)];
        return new()
        {
            Common = [.. Fields(runs)],
            Seeds = [.. runs.Select(run => run.Seed).Distinct().Order()],
            TrainingSeconds = runs.Sum(run => run.Metrics.Seconds),
            TotalSeconds = runs.Sum(run => run.Metrics.TotalSeconds),
            MultiplyAdds = multiplyAdds is null ? null : runs.Sum(run => multiplyAdds(run.Specification)),
            Machines =
            [
                .. runs.GroupBy(run => $"lottery {run.Version}, .NET {run.Dotnet}, {run.Processor}")
                    .OrderByDescending(group => group.Count()).Select(group => (group.Key, group.Count())),
            ],
            Started = runs.Min(run => run.Started),
            Ended = runs.Max(run => run.Ended),
            Commands = [.. commands.OfType<string>()],
            WithoutCommand = section.Conditions.Count(one => one.Control == Control.None) - commands.OfType<string>().Count(),
        };
    }

    /// <summary>The settings with one value in all runs to which they apply, the data's hash and the versions of the kernels.</summary>
    private static IEnumerable<(string Field, string Value)> Fields(RunSummary[] runs)
    {
        foreach (RunField field in RunFields.Settings.Where(field => field.Name != StudyTable.ControlAxis))
            if (runs.DistinctBy(run => field.Value(run)).Select(run => Labels.Value(field, run)).OfType<string>().Distinct().ToArray() is [var value]) yield return (field.Label, value);
        if (runs.Select(run => run.Specification.Data.Sha256).Distinct().ToArray() is [var hash]) yield return ("data SHA-256", hash);
        foreach ((string family, int version) in runs[0].Kernels) yield return ($"kernels {family}", $"{version}");
    }
}
