using System.Collections.Immutable;
using Lottery.Data;
using Lottery.Masks;
using Lottery.Networks;
using Lottery.Specifications;
using Lottery.Training;

namespace Lottery.Search;

/// <summary>
/// Learns a supermask (Zhou et al. 2019, section 5.2): the weights are frozen; each has a score, a step keeps it with
/// probability sigmoid(score), and SGD trains the scores.
/// </summary>
/// <remarks>
/// A run's accuracy is the mean of ten sampled masks; its <see cref="RunResult.Mask"/> is the best scores, thresholded at 0,
/// and <see cref="TrainingMetrics.Thresholded"/> that mask's metrics. Every score needs its gradient, so a step costs what a
/// step of the dense network costs. Networks with batch normalization are refused: every sampled mask would need its own
/// running averages.
/// </remarks>
public sealed class SupermaskSearch(Network network, SplitDataset data) : IRunSearch
{
    /// <summary>The network.</summary>
    public Network Network { get; } = network;

    /// <summary>The examples.</summary>
    public SplitDataset Data { get; } = data;

    /// <summary>The frozen weights under the mask, and whether they are rescaled.</summary>
    public SupermaskSpecification Supermask { get; init; } = new();

    /// <summary>How scores are trained; <see cref="PaperOptimizer"/> and batches of <see cref="PaperBatch"/> in the paper.</summary>
    public required TrainingSpecification Training { get; init; }

    /// <summary>Where runs are kept; in memory by default.</summary>
    public IRunStore Runs { get; init; } = new MemoryRunStore();

    /// <inheritdoc cref="TicketSearch.Device"/>
    internal ITrainingDevice Device { get; init; } = CpuDevice.Default;

    /// <inheritdoc cref="TicketSearch.Progress"/>
    public IProgress<RunProgress>? Progress { get; init; }

    /// <summary>The paper's for fully connected networks: a learning rate of 100, since slopes and weights are small.</summary>
    public static Sgd PaperOptimizer { get; } = new(LearningRate: 100, Momentum: 0.9);

    /// <summary>Examples in a step of the paper's.</summary>
    public const int PaperBatch = 250;

    /// <summary>The mask of one replicate.</summary>
    /// <param name="seed">The seed of every random number.</param>
    /// <param name="cancellationToken">Stops within a step; a checkpoint is kept.</param>
    public RunResult Run(ulong seed, CancellationToken cancellationToken = default) =>
        Complete(Plan(seed)[0], cancellationToken: cancellationToken);

    /// <summary>The one run of a replicate. It has no parent: no network is trained before.</summary>
    /// <exception cref="UserException">The network has batch normalization.</exception>
    public ImmutableArray<RunSpecification> Plan(ulong seed)
    {
        RequireNoAverages();
        Training.Require();
        if (Network.PrunableCount == 0)
            throw new UserException($"{Network.Name} has no prunable weights, so that there is no mask to learn; use a network with prunable layers.");
        return [new() { Network = Network, Data = Data.Specification, Seed = seed, Training = Training, Supermask = Supermask }];
    }

    /// <inheritdoc/>
    public RunResult Complete(RunSpecification run, int threads = 1, CancellationToken cancellationToken = default)
    {
        if (Runs.Find(run) is { } known) return known;
        using IRunSession session = Runs.Begin(run, cancellationToken);
        if (session.Finished is { } finished) return finished;

        Weights frozen = StartingWeights.Of(run, Mask.Full(run.Network));
        RunResult result = Learn(run, frozen, threads, session, cancellationToken);
        session.Finish(result);
        return result;
    }

    private RunResult Learn(
        RunSpecification run, Weights frozen, int threads, IRunSession session, CancellationToken cancellationToken)
    {
        var task = new TrainingTask
        {
            Mask = Mask.Full(run.Network), Start = frozen, Training = run.Training, Data = Data, Seed = run.Seed, Supermask = run.Supermask, Run = run,
        };
        using var trainer = new Trainer(task, Device, threads);
        TrainingOutcome learned = trainer.Run(session, ProgressOf(run), cancellationToken);
        return new()
        {
            Specification = run, Mask = ScoreMask.MostProbable(learned.Scores!.Best), Initial = frozen,
            Best = learned.Best, Final = learned.Final, Scores = learned.Scores,
            Evaluations = learned.Evaluations, BatchOrders = learned.BatchOrders,
            Metrics = learned.Metrics, Pruning = PruningMetrics.None,
        };
    }

    private void RequireNoAverages()
    {
        if (Network.Parameters.FirstOrDefault(parameter => parameter.Role == ParameterRole.RunningMean) is { } average)
            throw new UserException(
                $"A supermask of {Network.Name} cannot be learned: {average.Name} is a running average, and every sampled mask "
                + "would need its own; use a network without batch normalization.");
    }

    private Action<int, Evaluation?>? ProgressOf(RunSpecification run) =>
        Progress is null ? null : (step, latest) => Progress.Report(new(run, step, latest));
}
