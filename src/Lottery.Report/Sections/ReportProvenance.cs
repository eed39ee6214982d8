using System.Collections.Immutable;
using System.Text.Json.Nodes;
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

    /// <summary>Multiply-adds of training and validation, by the weights that are kept; null where they cannot be counted.</summary>
    public required double? MultiplyAdds { get; init; }

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
        StoredRun[] runs = [.. section.Runs];
        var specifications = new Specifications(runs);
        RunMetrics[] metrics = [.. runs.Select(run => run.Document.Metrics)];
        string?[] commands = specifications.Try(find => RepeatCommand.Of(section, find).ToArray()) ?? [];
        return new()
        {
            Common = [.. Fields(runs).OrderBy(field => field.Field, StringComparer.Ordinal)],
            Seeds = [.. runs.Select(run => run.Record.Seed).Distinct().Order()],
            TrainingSeconds = metrics.Sum(one => one.Training.Seconds),
            TotalSeconds = metrics.Sum(one => one.Training.TotalSeconds),
            MultiplyAdds = specifications.Try(find => (double?)runs.Sum(run => multiplyAdds(find(run.Id)))),
            Machines =
            [
                .. runs.Select(run => run.Document.Origin).GroupBy(origin => $"lottery {origin.Lottery}, .NET {origin.Dotnet}, {origin.Processor}")
                    .OrderByDescending(group => group.Count()).Select(group => (group.Key, group.Count())),
            ],
            When = (runs.Min(run => run.Document.Origin.Started), runs.Max(run => run.Document.Origin.Ended)),
            Commands = [.. commands.OfType<string>()],
            WithoutCommand = section.Conditions.Count(one => one.Control == Control.None) - commands.OfType<string>().Count(),
        };
    }

    /// <summary>What every pruned run says alike, and where a run says nothing of it, nothing else.</summary>
    private static IEnumerable<(string Field, string Value)> Fields(StoredRun[] runs)
    {
        foreach (string field in runs.SelectMany(run => run.Fields.Keys).Distinct())
        {
            string[] values = [.. runs.Where(run => run.Fields.ContainsKey(field)).Select(run => run.Fields[field]).Distinct()];
            if (values.Length == 1) yield return (field, values[0]);
        }
        foreach ((string family, JsonNode? version) in runs[0].Document.Specification["kernels"]?.AsObject() ?? [])
            yield return ($"kernels.{family}", version!.ToJsonString());
    }

    /// <summary>The runs' specifications, each read once with its ancestors'.</summary>
    private sealed class Specifications(IEnumerable<StoredRun> runs)
    {
        private readonly Dictionary<string, RunDocument> _documents = runs.ToDictionary(run => run.Id, run => run.Document);
        private readonly Dictionary<string, RunSpecification> _read = [];

        /// <summary>What <paramref name="work"/> makes of them; nothing where one says what this version does not know.</summary>
        public T? Try<T>(Func<Func<string, RunSpecification>, T> work)
        {
            try
            {
                return work(Find);
            }
            catch (Exception unknown) when (unknown is FormatException or KeyNotFoundException or UserException)
            {
                return default;
            }
        }

        private RunSpecification Find(string id) =>
            _read.TryGetValue(id, out RunSpecification? known) ? known : _read[id] = _documents[id].ReadSpecification(Find);
    }
}
