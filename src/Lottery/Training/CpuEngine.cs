using Lottery.Data;
using Lottery.Kernels;
using Lottery.Networks;
using Lottery.Numerics;
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
    private readonly Parametrization _parametrization;
    private readonly TrainingStep _trainingStep;
    private readonly Evaluator _evaluator;
    private readonly Augmenter? _augmenter;
    private readonly AlignedBuffer<float> _best;

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
        ManagedHeap.Relieve(task.WeightBytes);
        _plan.Load(task.Start);
        _parametrization = task.Supermask is { } supermask
            ? new SupermaskParametrization(supermask, training.Optimizer, _plan, task.Seed)
            : new WeightParametrization(training.Optimizer, _plan, task.Mask);
        _trainingStep = new(_plan, _parametrization, training.Batch, task.Seed, task.FirstStep);
        _evaluator = new(_plan);
        _augmenter = data.Specification.Augment == Augmentation.None ? null : new(data, orders.Seed, training.Batch);
        _best = new(_plan.Values.Length);
        KeepBest();
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
    public void KeepBest() => _parametrization.Trained.Span.CopyTo(_best.Span);

    /// <inheritdoc/>
    public bool ReturnToBest()
    {
        Span<float> current = _parametrization.Trained.Span;
        if (_best.Span.SequenceEqual(current)) return false;
        _best.Span.CopyTo(current);
        return true;
    }

    /// <inheritdoc/>
    public Weights Save() => _plan.Save();

    /// <inheritdoc/>
    public TrainedResult Result() =>
        _parametrization.Result(_plan.Layout.Save(_best.Span), _plan.Layout.Save(_parametrization.Trained.Span));

    /// <inheritdoc/>
    public Checkpoint Store(Checkpoint checkpoint) => _parametrization.Store(checkpoint, new(
        _plan.Layout.Save(_parametrization.Trained.Span), _plan.Layout.Save(_best.Span),
        [.. _parametrization.Moments.Select(moment => _plan.Layout.Save(moment.Span))]));

    /// <inheritdoc/>
    public void Restore(Checkpoint checkpoint)
    {
        TrainedTensors trained = _parametrization.Restore(checkpoint);
        _parametrization.Load(trained.Current, _parametrization.Trained.Span);
        _parametrization.Load(trained.Best, _best.Span);
        for (int i = 0; i < trained.Moments.Length; i++)
            _plan.Layout.Load(trained.Moments[i], _parametrization.Moments[i].Span);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _trainingStep.Dispose();
        _evaluator.Dispose();
        _parametrization.Dispose();
        _plan.Dispose();
        _best.Dispose();
        _team.Dispose();
    }
}
