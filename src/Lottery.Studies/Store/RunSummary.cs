using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Lottery.Masks;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Training;

namespace Lottery.Studies.Store;

/// <summary>
/// A finished run without its tensors and curves: its specification, its metrics, and where it was trained. Lists, queries,
/// tables and reports are projections of it.
/// </summary>
public sealed record RunSummary
{
    private static readonly Lazy<string> s_processor = new(FindProcessor);

    /// <summary>The name of this machine's processor, or its architecture where the system does not report a name.</summary>
    public static string ThisProcessor => s_processor.Value;

    /// <summary>The run's id: 64 lower-case hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>What was asked, with the specifications of the runs that it comes from.</summary>
    public required RunSpecification Specification { get; init; }

    /// <summary>
    /// The id of the run of the level before that the mask was pruned from (of a one-shot level and of its controls, the dense
    /// run); null at level 0.
    /// </summary>
    public required string? Parent { get; init; }

    /// <summary>For a control, the id of the ticket that it is compared with; null for every other run.</summary>
    public required string? Ticket { get; init; }

    /// <summary>The studies that it belongs to, in ordinal order.</summary>
    public ImmutableArray<string> Studies { get; init; } = [];

    /// <summary>The name of the data set; not part of the identity.</summary>
    public required string Data { get; init; }

    /// <summary>Prunable weights.</summary>
    public required int Weights { get; init; }

    /// <summary>Kept weights.</summary>
    public required int Kept { get; init; }

    /// <inheritdoc cref="RunResult.Metrics"/>
    public required TrainingMetrics Metrics { get; init; }

    /// <inheritdoc cref="RunResult.Pruning"/>
    public required PruningMetrics Pruning { get; init; }

    /// <summary>The versions of the kernel families that it was trained with; part of its identity.</summary>
    public required ImmutableSortedDictionary<string, int> Kernels { get; init; }

    /// <summary>When its first training session began, in universal time.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When it was finished, in universal time.</summary>
    public required DateTimeOffset Ended { get; init; }

    /// <summary>The version of Lottery that finished it.</summary>
    public required string Version { get; init; }

    /// <summary>The version of .NET that finished it.</summary>
    public required string Dotnet { get; init; }

    /// <summary>The name of the processor that finished it; its architecture where the system does not report a name.</summary>
    public required string Processor { get; init; }

    /// <summary>False for a run whose evaluations are damaged, which only those who read them miss.</summary>
    internal bool HasEvaluations { get; init; } = true;

    /// <summary>SHA-256 of its file of evaluations; null where the summary is not of a store's list.</summary>
    internal string? EvaluationsSha256 { get; init; }

    /// <summary>The name of the network.</summary>
    public string Network => Specification.Network.Name;

    /// <inheritdoc cref="RunSpecification.Seed"/>
    public ulong Seed => Specification.Seed;

    /// <inheritdoc cref="RunSpecification.Level"/>
    public int Level => Specification.Level;

    /// <inheritdoc cref="RunSpecification.Control"/>
    public Control Control => Specification.Control;

    /// <inheritdoc cref="RunSpecification.Draw"/>
    public int Draw => Specification.Draw;

    /// <summary>True for the ticket of level 0: dense, or with the mask that its search began with.</summary>
    public bool IsRoot => Level == 0 && Control == Control.None;

    /// <summary>Kept ÷ all prunable weights, 0–1; 1 where no weight is prunable.</summary>
    public double Density => Weights == 0 ? 1 : (double)Kept / Weights;

    /// <summary>All weights, also those of layers that are never pruned: without biases and normalization, as the papers count.</summary>
    public int AllWeights => Weights + UnprunedWeights;

    /// <summary>The weights of <see cref="AllWeights"/> that are kept.</summary>
    public int KeptOfAll => Kept + UnprunedWeights;

    /// <summary>Kept ÷ all weights, 0–1; equal to <see cref="Density"/> where every layer is pruned.</summary>
    public double DensityOfAll => AllWeights == 0 ? 1 : (double)KeptOfAll / AllWeights;

    private int UnprunedWeights => Specification.Network.Parameters
        .Where(parameter => parameter is { Role: ParameterRole.Weight, Prunable: false }).Sum(parameter => parameter.Count);

    /// <summary>The criterion's name or expression; null at level 0.</summary>
    public string? Criterion => Specification.Prune?.Criterion;

    /// <summary>The mask-1 action; null for a dense run.</summary>
    public string? Mask1 => Specification.Actions?.Mask1;

    /// <summary>The mask-0 action; null for a dense run.</summary>
    public string? Mask0 => Specification.Actions?.Mask0;

    /// <summary>How its mask was learned on weights that never move; null for every other run.</summary>
    public SupermaskSpecification? Supermask => Specification.Supermask;

    /// <summary>Training steps; 0 for a mask on untrained weights and for a pretrained network.</summary>
    public int Steps => Specification.Training.Steps;

    /// <inheritdoc cref="TrainingMetrics.EarlyStopStep"/>
    public int EarlyStopStep => Metrics.EarlyStopStep;

    /// <inheritdoc cref="TrainingMetrics.Accuracy"/>
    public double Accuracy => Metrics.Accuracy;

    /// <inheritdoc cref="TrainingMetrics.FinalAccuracy"/>
    public double FinalAccuracy => Metrics.FinalAccuracy;

    /// <inheritdoc cref="TrainingMetrics.TrainingAccuracy"/>
    public double TrainingAccuracy => Metrics.TrainingAccuracy;

    /// <inheritdoc cref="TrainingMetrics.FinalTrainingAccuracy"/>
    public double FinalTrainingAccuracy => Metrics.FinalTrainingAccuracy;

    /// <summary>True if the early-stopping step is the last one: validation loss was still falling, and would have been smaller later.</summary>
    public bool IsCensored => Steps > 0 && EarlyStopStep == Steps;

    /// <summary>Test accuracy at a step, 0–1; null where it was not tested: the last step is, others where the specification asks for them.</summary>
    public double? AccuracyAt(int step) => step == Steps ? FinalAccuracy : Metrics.Tested.FirstOrDefault(tested => tested.Step == step)?.Accuracy;

    /// <summary>Test accuracy of a learned supermask's thresholded mask, 0–1; null for every other run.</summary>
    public double? ThresholdedAccuracy => Metrics.Thresholded?.Accuracy;

    /// <summary>The summary of a run that this process has just finished.</summary>
    /// <param name="result">The run.</param>
    /// <param name="data">The name of the data set.</param>
    /// <param name="started">When its first training session began.</param>
    internal static RunSummary Of(RunResult result, string data, DateTimeOffset started)
    {
        RunSpecification run = result.Specification;
        bool control = run.Control != Control.None;
        return new()
        {
            Id = RunIdentity.Of(run),
            Specification = run,
            Parent = IdOf(control ? run.Parent?.Parent : run.Parent),
            Ticket = control ? IdOf(run.Parent) : null,
            Data = data,
            Weights = result.Mask.Network.PrunableCount,
            Kept = result.Mask.Kept,
            Metrics = result.Metrics,
            Pruning = result.Pruning,
            Kernels = KernelsOf(RunIdentity.Describe(run)),
            Started = started,
            Ended = DateTimeOffset.UtcNow,
            Version = typeof(RunSummary).Assembly.GetName().Version!.ToString(3),
            Dotnet = Environment.Version.ToString(),
            Processor = ThisProcessor,
        };
    }

    /// <summary>The kernel versions that a specification states in JSON.</summary>
    internal static ImmutableSortedDictionary<string, int> KernelsOf(JsonNode specification) =>
        specification["kernels"]!.AsObject().ToImmutableSortedDictionary(
            family => family.Key, family => family.Value!.GetValue<int>(), StringComparer.Ordinal);

    private static string? IdOf(RunSpecification? run) => run is null ? null : RunIdentity.Of(run);

    private static string FindProcessor()
    {
        const string Names = "/proc/cpuinfo";
        string? line = File.Exists(Names)
            ? File.ReadLines(Names).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            : null;
        if (line is null && OperatingSystem.IsWindows() && Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") is { } name) return name;
        return line?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
