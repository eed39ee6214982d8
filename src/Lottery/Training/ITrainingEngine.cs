using Lottery.Data;
using Lottery.Networks;
using Lottery.Specifications;

namespace Lottery.Training;

/// <summary>One training: what is trained, from what, and on what.</summary>
internal sealed record TrainingTask
{
    /// <summary>The weights that are trained.</summary>
    public required Mask Mask { get; init; }

    /// <summary>What they start from; pruned weights are frozen at their value, and are not stored if all are zero.</summary>
    public required Weights Start { get; init; }

    /// <summary>Optimizer, batch, length.</summary>
    public required TrainingSpecification Training { get; init; }

    /// <summary>The examples.</summary>
    public required SplitDataset Data { get; init; }

    /// <summary>The run's seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The step that training begins at: 0, or the step rewound to.</summary>
    public int FirstStep { get; init; }

    /// <summary>The run that it is of, for those who show where runs are trained; null for a training that is no run.</summary>
    public RunSpecification? Run { get; init; }

    /// <summary>How a supermask is learned, all weights frozen at their start; null if weights are trained.</summary>
    public SupermaskSpecification? Supermask { get; init; }

    /// <summary>True if pruned weights have values other than zero.</summary>
    public bool HasFrozen => !Mask.IsZeroWherePruned(Start);
}

/// <summary>Where trainings run: the processor's threads, or a card.</summary>
internal interface ITrainingDevice
{
    /// <summary>Loads a training at its first step.</summary>
    /// <param name="task">The training.</param>
    /// <param name="orders">Which examples each step trains on.</param>
    /// <param name="threads">The processor's threads that it may use.</param>
    ITrainingEngine Begin(TrainingTask task, EpochOrders orders, int threads);
}

/// <summary>
/// A device that has failed in the middle of a training: its sentence says how. From its checkpoint the training can go on where the same
/// <see cref="ITrainingDevice"/> begins it again.
/// </summary>
/// <param name="message">The sentence.</param>
internal abstract class TrainingDeviceException(string message) : UserException(message);

/// <summary>
/// A network in training: its values, their moments, and the best values so far. Every engine leaves the same bits, so that a training
/// may go on with another one from a checkpoint.
/// </summary>
internal interface ITrainingEngine : IDisposable
{
    /// <summary>Trains one step or several.</summary>
    /// <param name="step">The first step, counted from the start of the dense run.</param>
    /// <param name="losses">Receives the mean loss of each step's batch before the step, in nats: at most so many steps are trained.</param>
    /// <returns>The number of steps, at least 1.</returns>
    int Train(int step, Span<double> losses);

    /// <summary>Loss and accuracy on the validation set; the training loss is left open.</summary>
    Evaluation Evaluate(int step);

    /// <summary>
    /// Begins to evaluate the values that there are now, to go on while training does: until <see cref="EndEvaluation"/> nothing is
    /// evaluated or tested, and then <see cref="KeepBest"/> keeps the values that were evaluated.
    /// </summary>
    /// <returns>False where the engine cannot do so, and nothing has begun.</returns>
    bool TryBeginEvaluation(int step) => false;

    /// <summary>Waits for the evaluation that has begun.</summary>
    Evaluation EndEvaluation() => throw new System.Diagnostics.UnreachableException("No evaluation has begun.");

    /// <summary>Loss and accuracy over some examples; of a supermask the mean over samples, and those of the thresholded mask.</summary>
    (TestMetrics Metrics, TestMetrics? Thresholded) Test(Examples examples, ReadOnlySpan<int> indices);

    /// <summary>How many of the trained values are infinite or not a number.</summary>
    int CountNotFinite();

    /// <summary>The values that were evaluated last become the best ones.</summary>
    void KeepBest();

    /// <summary>The current values become the best ones again.</summary>
    /// <returns>False if they are equal already.</returns>
    bool ReturnToBest();

    /// <summary>The network's weights now.</summary>
    Weights Save();

    /// <summary>The best and the current values as the training's result.</summary>
    TrainedResult Result();

    /// <summary>A checkpoint with all that is trained, in the field of its kind.</summary>
    Checkpoint Store(Checkpoint checkpoint);

    /// <summary>Takes what a checkpoint of the same kind of training holds.</summary>
    void Restore(Checkpoint checkpoint);
}

/// <summary>What a training ends with.</summary>
/// <param name="Best">The weights at the early-stopping step.</param>
/// <param name="Final">The weights after the last step.</param>
/// <param name="Scores">A supermask's scores; null if weights were trained.</param>
internal readonly record struct TrainedResult(Weights Best, Weights Final, SupermaskScores? Scores);
