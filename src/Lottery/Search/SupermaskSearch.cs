using Lottery.Data;
using Lottery.Kernels;
using Lottery.Masks;
using Lottery.Networks;
using Lottery.Plans;
using Lottery.Specifications;
using Lottery.Training;

namespace Lottery.Search;

/// <summary>
/// Learns a supermask (Zhou et al. 2019, section 5.2): the weights never move; each has a score, a step keeps it with
/// probability sigmoid(score), and SGD moves the scores.
/// </summary>
/// <remarks>
/// A run's accuracy is the mean of ten sampled masks; its <see cref="RunResult.Mask"/> is the most probable one by the best
/// scores, and <see cref="TrainingMetrics.Thresholded"/> what that does. Every score needs its gradient, so a step costs
/// what it costs to train the dense network. Not for networks with batch normalization, whose averages would have to be kept
/// for every mask.
/// </remarks>
public sealed class SupermaskSearch(Network network, SplitDataset data)
{
    /// <summary>The network.</summary>
    public Network Network { get; } = network;

    /// <summary>The examples.</summary>
    public SplitDataset Data { get; } = data;

    /// <summary>The weights that the mask is put on, and whether they are rescaled.</summary>
    public SupermaskSpecification Supermask { get; init; } = new();

    /// <summary>How scores are trained; <see cref="PaperOptimizer"/> and batches of <see cref="PaperBatch"/> in the paper.</summary>
    public required TrainingSpecification Training { get; init; }

    /// <summary>Where runs are kept; in memory by default.</summary>
    public IRunStore Runs { get; init; } = new MemoryRunStore();

    /// <inheritdoc cref="TicketSearch.Progress"/>
    public Action<RunProgress>? Progress { get; init; }

    /// <summary>The paper's for fully connected networks: a learning rate of 100, since slopes and weights are small.</summary>
    public static Sgd PaperOptimizer { get; } = new(LearningRate: 100, Momentum: 0.9);

    /// <summary>Examples in a step of the paper's.</summary>
    public const int PaperBatch = 250;

    /// <summary>The mask of one replicate.</summary>
    /// <param name="seed">The seed that every random number comes from.</param>
    /// <param name="cancellation">Stops within a step; what is done is kept.</param>
    public RunResult Run(ulong seed, CancellationToken cancellation = default) => Complete(Plan(seed), cancellation);

    /// <summary>The run of one replicate. It has no parent: no network is trained before.</summary>
    /// <exception cref="UserException">The network has batch normalization.</exception>
    public RunSpecification Plan(ulong seed)
    {
        RequireNoAverages();
        return new() { Network = Network, Data = Data.Specification, Seed = seed, Training = Training, Supermask = Supermask };
    }

    /// <summary>Completes a run of <see cref="Plan"/>. Safe to call from several threads.</summary>
    /// <param name="run">The run.</param>
    /// <param name="cancellation">Stops within a step; what is done is kept.</param>
    /// <param name="threads">Threads for a network with convolutions; the result is the same with any number.</param>
    public RunResult Complete(RunSpecification run, CancellationToken cancellation = default, int threads = 1)
    {
        if (Runs.Find(run) is { } known) return known;
        using IRunSession session = Runs.Begin(run, cancellation);
        if (session.Finished is { } finished) return finished;

        Weights frozen = StartingWeights.Of(run, Mask.Full(run.Network));
        using var team = new ThreadTeam(threads);
        RunResult result = Learn(run, frozen, team, session, cancellation);
        session.Finish(result);
        return result;
    }

    private RunResult Learn(
        RunSpecification run, Weights frozen, ThreadTeam team, IRunSession session, CancellationToken cancellation)
    {
        using var trainer = new Trainer(
            Mask.Full(run.Network), frozen, run.Training, Data, run.Seed, 0, KernelRegistry.Kernels, team, run.Supermask);
        TrainingOutcome learned = Sitting.Complete(run, trainer, session, Progress, cancellation);
        return new()
        {
            Specification = run, Mask = ScoreMask.MostProbable(learned.Best), Initial = frozen, Best = learned.Best, Final = learned.Final,
            Evaluations = learned.Evaluations, BatchOrders = learned.BatchOrders,
            Metrics = learned.Metrics, Pruning = PruningMetrics.None,
        };
    }

    private void RequireNoAverages()
    {
        if (Network.Parameters.FirstOrDefault(parameter => parameter.Role == ParameterRole.RunningMean) is { } average)
            throw new UserException(
                $"A supermask of {Network.Name} cannot be learned: {average.Name} is an average over batches, and every sampled mask "
                + "would need its own; take a network without batch normalization.");
    }
}
