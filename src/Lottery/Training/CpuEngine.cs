using Lottery.Data;
using Lottery.Kernels;
using Lottery.Networks;
using Lottery.Operations;
using Lottery.Plans;
using Lottery.Specifications;

namespace Lottery.Training;

/// <summary>The processor: any training, on threads of its own.</summary>
/// <param name="kernels">The kernels.</param>
internal sealed class CpuDevice(KernelSet kernels) : ITrainingDevice
{
    /// <summary>The processor with its fastest kernels.</summary>
    public static CpuDevice Default { get; } = new(KernelRegistry.Kernels);

    /// <inheritdoc/>
    public ITrainingEngine Begin(TrainingTask task, EpochOrders orders, int threads) => new CpuEngine(task, orders, kernels, threads);
}

/// <summary>A network in training on the processor.</summary>
internal sealed class CpuEngine : ITrainingEngine
{
    private readonly TrainingTask _task;
    private readonly EpochOrders _orders;
    private readonly ThreadTeam _team;
    private readonly CompiledPlan _plan;
    private readonly TrainedState _state;
    private readonly Parametrization _parametrization;
    private readonly TrainingStep _trainingStep;
    private readonly Evaluator _evaluator;
    private readonly Augmenter? _augmenter;

    /// <summary>A training at its first step.</summary>
    /// <param name="task">The training.</param>
    /// <param name="orders">Which examples each step trains on.</param>
    /// <param name="kernels">The kernels.</param>
    /// <param name="threads">The threads that operations on images run on.</param>
    public CpuEngine(TrainingTask task, EpochOrders orders, KernelSet kernels, int threads)
    {
        (_task, _orders, _team) = (task, orders, new(threads));
        (TrainingSpecification training, SplitDataset data) = (task.Training, task.Data);
        _plan = new(task.Mask.Network, task.Mask, kernels, task.HasFrozen, _team, zeros: ZeroInputs.ShareOf(data.Dataset.Train));
        // Its tables were made of lists that are many times as large.
        ManagedHeap.Relieve(task.Mask.Network.WeightBytes);
        _state = new(task, _plan);
        _parametrization = _state.Parametrization;
        _trainingStep = new(_plan, _parametrization, training.Batch, task.Seed, task.FirstStep);
        _evaluator = new(_plan);
        _augmenter = data.Specification.Augment == Augmentation.None ? null : new(data, orders.Seed, training.Batch);
    }

    /// <inheritdoc/>
    public int Train(int step, Span<double> losses)
    {
        _parametrization.Prepare(step);
        ReadOnlySpan<int> batch = _orders.Batch(step);
        int count = step - _task.FirstStep + 1;
        double factor = _task.Training.FactorAt(step);
        losses[0] = _augmenter is null
            ? _trainingStep.Run(_task.Data.Dataset.Train, batch, _orders.After(step), count, factor)
            : _trainingStep.Run(_augmenter.Examples, _augmenter.Fill(_orders.EpochOf(step), batch), default, count, factor);
        return 1;
    }

    /// <inheritdoc/>
    public Evaluation Evaluate(int step) => _parametrization.Evaluate(_evaluator, _task.Data, step);

    /// <inheritdoc/>
    public (TestMetrics Metrics, TestMetrics? Thresholded) Test(Examples examples, ReadOnlySpan<int> indices) =>
        _parametrization.Test(_evaluator, examples, indices);

    /// <inheritdoc/>
    public int CountNotFinite()
    {
        int bad = 0;
        foreach (float value in _parametrization.Trained.Span)
            if (!float.IsFinite(value)) bad++;
        return bad;
    }

    /// <inheritdoc/>
    public void KeepBest() => _parametrization.Trained.Span.CopyTo(_state.Best.Span);

    /// <inheritdoc/>
    public bool ReturnToBest() => _state.ReturnToBest();

    /// <inheritdoc/>
    public Weights Save() => _plan.Save();

    /// <inheritdoc/>
    public TrainedResult Result() => _state.Result();

    /// <inheritdoc/>
    public Checkpoint Store(Checkpoint checkpoint) => _state.Store(checkpoint);

    /// <inheritdoc/>
    public void Restore(Checkpoint checkpoint) => _state.Restore(checkpoint);

    /// <inheritdoc/>
    public void Dispose()
    {
        _trainingStep.Dispose();
        _evaluator.Dispose();
        _state.Dispose();
        _plan.Dispose();
        _team.Dispose();
    }
}
