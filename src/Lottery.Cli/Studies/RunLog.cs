using System.Collections.Immutable;
using System.Globalization;
using Lottery.Formats.Logs;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Training;

namespace Lottery.Cli.Studies;

/// <summary>Writes the metrics of runs to the logs of <c>--log</c>: each evaluation once, as it is made, and the result at the end.</summary>
/// <param name="logs">The logs.</param>
/// <param name="data">The names of data sets by their hashes.</param>
internal sealed class RunLog(ImmutableArray<MetricsLog> logs, IReadOnlyDictionary<string, string> data) : IDisposable
{
    private readonly Dictionary<string, (LoggedRun Run, HashSet<int> Steps)> _runs = [];
    private readonly Lock _lock = new();

    /// <summary>True if nothing is logged.</summary>
    public bool IsEmpty => logs.IsEmpty;

    /// <summary>Receives an evaluation from a training thread.</summary>
    public void Add(RunSpecification run, Evaluation? evaluation)
    {
        if (evaluation is null || logs.IsEmpty) return;
        lock (_lock) Write(RunIdentity.Of(run), run, evaluation);
    }

    /// <summary>Receives a finished run.</summary>
    public void Finish(RunResult result)
    {
        if (logs.IsEmpty) return;
        lock (_lock)
        {
            string id = RunIdentity.Of(result.Specification);
            foreach (Evaluation evaluation in result.Evaluations) Write(id, result.Specification, evaluation);
            TrainingMetrics metrics = result.Metrics;
            Write(_runs.TryGetValue(id, out var known) ? known.Run : Describe(id, result.Specification), metrics.EarlyStopStep, "result",
            [
                ("test_accuracy", metrics.Accuracy), ("test_loss", metrics.Loss), ("final_test_accuracy", metrics.FinalAccuracy), ("final_test_loss", metrics.FinalLoss),
                ("density", result.Mask.Density), ("kept", result.Mask.Kept), ("weights", result.Mask.Network.PrunableCount), ("seconds", metrics.TotalSeconds),
            ]);
            _runs.Remove(id);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (MetricsLog log in logs) log.Dispose();
    }

    private void Write(string id, RunSpecification run, Evaluation evaluation)
    {
        if (!_runs.TryGetValue(id, out (LoggedRun Run, HashSet<int> Steps) known)) known = _runs[id] = (Describe(id, run), []);
        if (!known.Steps.Add(evaluation.Step)) return;
        Write(known.Run, evaluation.Step, "evaluation",
            [("validation_loss", evaluation.Loss), ("validation_accuracy", evaluation.Accuracy), ("training_loss", evaluation.TrainingLoss)]);
    }

    private void Write(LoggedRun run, int step, string kind, ImmutableArray<(string Name, double Value)> metrics)
    {
        foreach (MetricsLog log in logs) log.Write(run, step, TimeProvider.System.GetUtcNow(), kind, metrics);
    }

    private LoggedRun Describe(string id, RunSpecification run)
    {
        string control = run.Control == Control.None ? "" : $"-{KebabCase.Of(run.Control)}";
        string name = string.Create(CultureInfo.InvariantCulture, $"{run.Network.Name}-seed{run.Seed}-level{run.Level}{control}-{RunIdentity.Short(id)}");
        return new(id, new([.. name.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' ? letter : '_')]),
        [
            ("network", run.Network.Name), ("data", data.GetValueOrDefault(run.Data.Sha256, "")), ("seed", run.Seed), ("level", run.Level), ("control", KebabCase.Of(run.Control)),
            ("parent", run.Parent is { } parent ? RunIdentity.Of(parent) : ""),
        ]);
    }
}
