using System.Numerics;
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
    private readonly CompiledPlan _plan, _evaluated;
    private readonly TrainedState _state;
    private readonly Parametrization _parametrization;
    private readonly TrainingStep _trainingStep;
    private readonly Evaluator _evaluator;
    private readonly EvaluationThread? _beside;
    private readonly Augmenter? _augmenter;

    /// <summary>A training at its first step.</summary>
    /// <param name="task">The training.</param>
    /// <param name="orders">Which examples each step trains on.</param>
    /// <param name="kernels">The kernels.</param>
    /// <param name="threads">
    /// The threads that it may use: operations on images run on all of them; a network without such operations trains on one, and its
    /// weights are evaluated on another.
    /// </param>
    public CpuEngine(TrainingTask task, EpochOrders orders, KernelSet kernels, int threads)
    {
        bool isBeside = EvaluatesBeside(task.Mask.Network, task.Supermask, threads);
        (_task, _orders, _team) = (task, orders, new(isBeside ? 1 : threads));
        (TrainingSpecification training, SplitDataset data) = (task.Training, task.Data);
        _plan = Compile();
        _evaluated = isBeside ? Compile() : _plan;
        // Its tables were made of lists that are many times as large.
        ManagedHeap.Relieve(task.Mask.Network.WeightBytes);
        _state = new(task, _plan);
        _parametrization = _state.Parametrization;
        _trainingStep = new(_plan, _parametrization, training.Batch, task.Seed, task.FirstStep);
        _evaluator = new(_evaluated);
        _beside = isBeside ? new(step => _parametrization.Evaluate(_evaluator, data, step)) : null;
        _augmenter = data.Specification.Augment == Augmentation.None ? null : new(data, orders.Seed, training.Batch);

        CompiledPlan Compile() => new(task.Mask.Network, task.Mask, kernels, task.HasFrozen, _team, zeros: ZeroInputs.ShareOf(data.Dataset.Train));
    }

    /// <summary>True where weights are evaluated on a thread and by a plan of their own while training goes on.</summary>
    /// <param name="network">The network.</param>
    /// <param name="supermask">How a supermask is learned; null if weights are trained.</param>
    /// <param name="threads">The threads that a training may use.</param>
    public static bool EvaluatesBeside(Network network, SupermaskSpecification? supermask, int threads) =>
        threads > 1 && network.Input.IsFlat && supermask is null;

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
    public Evaluation Evaluate(int step)
    {
        CopyToEvaluated();
        return _parametrization.Evaluate(_evaluator, _task.Data, step);
    }

    /// <inheritdoc/>
    public bool TryBeginEvaluation(int step)
    {
        if (_beside is null) return false;
        CopyToEvaluated();
        _beside.Begin(step);
        return true;
    }

    /// <inheritdoc/>
    public Evaluation EndEvaluation() => _beside!.Take();

    /// <inheritdoc/>
    public (TestMetrics Metrics, TestMetrics? Thresholded) Test(Examples examples, ReadOnlySpan<int> indices)
    {
        CopyToEvaluated();
        return _parametrization.Test(_evaluator, examples, indices);
    }

    /// <inheritdoc/>
    public int CountNotFinite()
    {
        ReadOnlySpan<float> values = _parametrization.Trained.Span;
        int bad = 0, i = 0;
        // x − x is 0 for every number, and otherwise not a number.
        while (i + Vector<float>.Count <= values.Length)
        {
            var some = new Vector<float>(values[i..]);
            if (!Vector.EqualsAll(some - some, Vector<float>.Zero)) break;
            i += Vector<float>.Count;
        }
        for (; i < values.Length; i++)
            if (!float.IsFinite(values[i])) bad++;
        return bad;
    }

    /// <inheritdoc/>
    public void KeepBest() => (_beside is null ? _parametrization.Trained : _evaluated.Values).Span.CopyTo(_state.Best.Span);

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
        _beside?.Dispose();
        _trainingStep.Dispose();
        _evaluator.Dispose();
        _state.Dispose();
        if (_beside is not null) _evaluated.Dispose();
        _plan.Dispose();
        _team.Dispose();
    }

    private void CopyToEvaluated()
    {
        if (_beside is not null) _plan.Values.Span.CopyTo(_evaluated.Values.Span);
    }
}
