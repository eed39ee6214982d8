using System.Diagnostics;
using System.Globalization;
using Lottery.Data;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Operations;
using Lottery.Plans;
using Lottery.Specifications;

namespace Lottery.Training;

/// <summary>Trains one masked network: the same bits whether or not it is interrupted and continues from a checkpoint.</summary>
internal sealed class Trainer : IDisposable
{
    private static readonly long s_ticksBetweenReports = Stopwatch.Frequency / 4;

    /// <summary>The sample that this thread measured the training accuracy on last.</summary>
    [ThreadStatic]
    private static (ReadOnlyMemory<int> Of, ulong Seed, int[] Sample)? s_sample;

    private readonly TrainingSpecification _training;
    private readonly SplitDataset _data;
    private readonly int _firstStep;
    private readonly CompiledPlan _plan;
    private readonly Parametrization _parametrization;
    private readonly TrainingStep _trainingStep;
    private readonly Evaluator _evaluator;
    private readonly EpochOrders _orders;
    private readonly Augmenter? _augmenter;
    private readonly AlignedBuffer<float> _best;
    private readonly List<Evaluation> _evaluations = [];
    private readonly List<TestedStep> _tested = [];
    private readonly ulong _seed;
    private int _step;
    private double _lossSum, _seconds, _evaluationSeconds;

    /// <summary>A training at its first step.</summary>
    /// <param name="mask">The weights that are trained.</param>
    /// <param name="start">What they start from; pruned weights are frozen at their value, and are not stored if all are zero.</param>
    /// <param name="training">Optimizer, batch, length.</param>
    /// <param name="data">The examples.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="firstStep">The step that training begins at: 0, or the step rewound to.</param>
    /// <param name="kernels">The kernels.</param>
    /// <param name="team">The threads that operations on images run on.</param>
    /// <param name="supermask">How a supermask is learned, all weights frozen at their start; null if weights are trained.</param>
    public Trainer(
        Mask mask, Weights start, TrainingSpecification training, SplitDataset data, ulong seed, int firstStep,
        Kernels.KernelSet kernels, ThreadTeam? team = null, SupermaskSpecification? supermask = null)
    {
        (_training, _data, _seed, _firstStep, _step) = (training, data, seed, firstStep, firstStep);
        _plan = new(mask.Network, mask, kernels, !mask.IsZeroWherePruned(start), team, zeros: ZeroInputs.ShareOf(data.Dataset.Train));
        // Its tables were made of lists that are many times as large.
        ManagedHeap.Relieve(WeightBytes);
        _plan.Load(start);
        _parametrization = supermask is null
            ? new WeightParametrization(training.Optimizer, _plan, mask)
            : new SupermaskParametrization(supermask, training.Optimizer, _plan, seed);
        _trainingStep = new(_plan, _parametrization, training.Batch, seed, firstStep);
        _evaluator = new(_plan);
        ulong order = training.OrderSeed ?? seed;
        _orders = new(data, order, training.Batch, firstStep);
        _augmenter = data.Specification.Augment == Augmentation.None ? null : new(data, order, training.Batch);
        _best = new(_plan.Values.Length);
        _parametrization.Trained.Span.CopyTo(_best.Span);
    }

    /// <summary>Steps done, counted from the start of the dense run.</summary>
    public int Step => _step;

    /// <summary>The newest evaluation.</summary>
    public Evaluation? Latest => _evaluations.Count > 0 ? _evaluations[^1] : null;

    /// <summary>True when the last step is done and evaluated.</summary>
    public bool Finished => _step == _training.Steps && Evaluated;

    private long WeightBytes => sizeof(float) * _plan.Network.Parameters.Sum(parameter => (long)parameter.Count);

    private bool Evaluated => Latest?.Step == _step;

    /// <summary>
    /// Trains to the last step and tests: from the session's checkpoint if it has one, with a checkpoint whenever one is due
    /// and a last one when the training is canceled.
    /// </summary>
    /// <param name="session">Where checkpoints are kept.</param>
    /// <param name="progress">Called at the start, at each evaluation and several times a second, with the step and the newest evaluation.</param>
    /// <param name="cancellationToken">Stops within a step.</param>
    /// <param name="snapshots">The steps at which weights are kept; null for none.</param>
    /// <exception cref="OperationCanceledException">The training was canceled; the session has its checkpoint.</exception>
    /// <exception cref="UserException">The loss is not a finite number.</exception>
    public TrainingOutcome Run(
        ITrainingSession session, Action<int, Evaluation?>? progress, CancellationToken cancellationToken, SnapshotRequest? snapshots = null)
    {
        if (session.Resume is { } checkpoint) Resume(checkpoint);
        long nextReport = 0;
        int kept = -1;
        progress?.Invoke(_step, Latest);
        while (!Finished)
        {
            SaveIfDue(session, cancellationToken);
            if (_step != kept && snapshots?.Steps.Contains(_step) == true) snapshots.Keep(kept = _step, _plan.Save);
            Evaluation? evaluation = Advance();
            if (evaluation is not null) session.Report(evaluation);
            if (progress is null || (evaluation is null && Stopwatch.GetTimestamp() < nextReport)) continue;
            progress(_step, Latest);
            nextReport = Stopwatch.GetTimestamp() + s_ticksBetweenReports;
        }
        return Finish();
    }

    /// <summary>Evaluates and tests if this step asks for it and it has not been done, otherwise trains one step.</summary>
    /// <returns>The evaluation, if there was one.</returns>
    /// <exception cref="UserException">The loss is not a finite number.</exception>
    public Evaluation? Advance()
    {
        Evaluation? evaluation = EvaluateIfDue();
        if (evaluation is not null) return evaluation;
        TestIfDue();
        TrainStep();
        return null;
    }

    /// <summary>
    /// Trains to <paramref name="step"/> without evaluating and returns the weights there, for late rewinding: from the session's
    /// checkpoint if it has one, with checkpoints as in <see cref="Run"/>.
    /// </summary>
    public Weights WeightsAt(int step, ITrainingSession session, CancellationToken cancellationToken)
    {
        if (session.Resume is { } checkpoint) Resume(checkpoint);
        while (_step < step)
        {
            SaveIfDue(session, cancellationToken);
            TrainStep();
        }
        return _plan.Save();
    }

    /// <summary>Continues from a checkpoint of the same training.</summary>
    public void Resume(Checkpoint checkpoint)
    {
        _step = checkpoint.Step;
        (_lossSum, _seconds, _evaluationSeconds) = (checkpoint.LossSum, checkpoint.Seconds, checkpoint.EvaluationSeconds);
        TrainedTensors trained = _parametrization.Restore(checkpoint);
        _parametrization.Load(trained.Current, _parametrization.Trained.Span);
        _parametrization.Load(trained.Best, _best.Span);
        for (int i = 0; i < trained.Moments.Length; i++)
            _plan.Layout.Load(trained.Moments[i], _parametrization.Moments[i].Span);
        _evaluations.AddRange(checkpoint.Evaluations);
        _tested.AddRange(checkpoint.Tested);
        _orders.Resume(checkpoint.BatchOrders);
    }

    /// <summary>All that is needed to continue from here.</summary>
    public Checkpoint Checkpoint() => _parametrization.Store(
        new()
        {
            Step = _step, Evaluations = [.. _evaluations], Tested = [.. _tested], BatchOrders = _orders.Hashes,
            LossSum = _lossSum, Seconds = _seconds, EvaluationSeconds = _evaluationSeconds,
        },
        new(
            _plan.Layout.Save(_parametrization.Trained.Span), _plan.Layout.Save(_best.Span),
            [.. _parametrization.Moments.Select(moment => _plan.Layout.Save(moment.Span))]));

    /// <summary>
    /// Tests the best and the final weights, or masks by the best and the final scores, and measures them on a sample of the
    /// examples that were trained on.
    /// </summary>
    public TrainingOutcome Finish()
    {
        long start = Stopwatch.GetTimestamp();
        int[] trainedOn = TrainingSample();
        AlignedBuffer<float> trained = _parametrization.Trained;
        TrainedResult result = _parametrization.Result(_plan.Layout.Save(_best.Span), _plan.Layout.Save(trained.Span));
        EndMetrics atEnd = Measure(trainedOn);
        if (_training.Measurements.TestAt.Contains(_step)) _tested.Add(new(_step, atEnd.Test.Accuracy, atEnd.Test.Loss));
        bool lastIsBest = _best.Span.SequenceEqual(trained.Span);
        _best.Span.CopyTo(trained.Span);
        EndMetrics atBest = lastIsBest ? atEnd : Measure(trainedOn);
        _evaluationSeconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new()
        {
            Best = result.Best, Final = result.Final, Scores = result.Scores,
            Evaluations = [.. _evaluations], BatchOrders = _orders.Hashes,
            Metrics = new()
            {
                EarlyStopStep = EarliestBest().Step,
                InitialAccuracy = _evaluations[0].Accuracy, InitialLoss = _evaluations[0].Loss,
                Accuracy = atBest.Test.Accuracy, Loss = atBest.Test.Loss, FinalAccuracy = atEnd.Test.Accuracy, FinalLoss = atEnd.Test.Loss,
                TrainingAccuracy = atBest.TrainingAccuracy, FinalTrainingAccuracy = atEnd.TrainingAccuracy, Tested = [.. _tested],
                Seconds = _seconds, EvaluationSeconds = _evaluationSeconds, TotalSeconds = _seconds + _evaluationSeconds,
                Thresholded = ThresholdedMetrics.Of(atBest.Thresholded, atEnd.Thresholded),
            },
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _trainingStep.Dispose();
        _evaluator.Dispose();
        _parametrization.Dispose();
        _plan.Dispose();
        _best.Dispose();
    }

    private void SaveIfDue(ITrainingSession session, CancellationToken cancellationToken)
    {
        // Asked once, so that nothing is thrown without a checkpoint.
        bool isStopped = cancellationToken.IsCancellationRequested;
        if (isStopped || session.CheckpointDue)
        {
            session.Save(Checkpoint());
            ManagedHeap.Relieve(WeightBytes);
        }
        if (isStopped) throw new OperationCanceledException(cancellationToken);
    }

    private void TrainStep()
    {
        long start = Stopwatch.GetTimestamp();
        _parametrization.Prepare(_step);
        ReadOnlySpan<int> batch = _orders.Batch(_step);
        int count = _step - _firstStep + 1;
        double factor = _training.FactorAt(_step);
        double loss = _augmenter is null
            ? _trainingStep.Run(_data.Dataset.Train, batch, _orders.After(_step), count, factor)
            : _trainingStep.Run(_augmenter.Examples, _augmenter.Fill(_orders.EpochOf(_step), batch), default, count, factor);
        RequireFinite(loss);
        _lossSum += loss;
        _step++;
        _seconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private Evaluation? EvaluateIfDue()
    {
        bool isDue = _step % _training.Evaluate == 0 || _step == _training.Steps || _step == _firstStep;
        if (Evaluated || !isDue) return null;
        long start = Stopwatch.GetTimestamp();
        Evaluation evaluation = _parametrization.Evaluate(_evaluator, _data, _step);
        if (_data.Validation.Length > 0) RequireFinite(evaluation.Loss);
        RequireFiniteWeights();
        int since = _step - (Latest?.Step ?? _step);
        bool best = _evaluations.Count == 0 || evaluation.Loss < EarliestBest().Loss;
        _evaluations.Add(evaluation with { TrainingLoss = since > 0 ? _lossSum / since : double.NaN });
        _lossSum = 0;
        if (best) _parametrization.Trained.Span.CopyTo(_best.Span);
        _evaluationSeconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
        return Latest;
    }

    /// <summary>Tests if this step asks for it and it has not been done. The last step is tested at the end.</summary>
    private void TestIfDue()
    {
        if (!_training.Measurements.TestAt.Contains(_step) || (_tested.Count > 0 && _tested[^1].Step == _step)) return;
        long start = Stopwatch.GetTimestamp();
        TestMetrics metrics = _parametrization.Test(_evaluator, _data.Dataset.Test, AllTests()).Metrics;
        _tested.Add(new(_step, metrics.Accuracy, metrics.Loss));
        _evaluationSeconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private EndMetrics Measure(int[] trainedOn)
    {
        (TestMetrics test, TestMetrics? thresholded) = _parametrization.Test(_evaluator, _data.Dataset.Test, AllTests());
        return new(test, thresholded, _parametrization.Test(_evaluator, _data.Dataset.Train, trainedOn).Metrics.Accuracy);
    }

    private int[] AllTests() => [.. Enumerable.Range(0, _data.Dataset.Test.Count)];

    /// <summary>The examples that the training accuracy is measured on: the same at every level of a replicate.</summary>
    private int[] TrainingSample()
    {
        if (_training.Measurements.TrainingSample is not { } count || count >= _data.Training.Length) return _data.Training.ToArray();
        if (s_sample is not { } last || !last.Of.Equals(_data.Training) || last.Seed != _seed || last.Sample.Length != count)
            s_sample = last = (_data.Training, _seed, [.. RandomSubset.Choose(_data.Training.ToArray(), count, new(_seed, "training-sample")).Order()]);
        return last.Sample;
    }

    /// <summary>A step's loss shows what the step before did to the weights; what the last step did shows in its evaluation.</summary>
    private void RequireFinite(double loss)
    {
        if (!double.IsFinite(loss))
            throw new WorkFailedException(string.Create(CultureInfo.InvariantCulture,
                $"Training diverged at step {_step}: the loss is {loss}; a smaller learning rate than {_training.Optimizer.LearningRate} may help."));
    }

    /// <summary>A weight that is not a number need not show in the loss: the ReLU behind it makes it a zero.</summary>
    private void RequireFiniteWeights()
    {
        int bad = 0;
        foreach (float value in _parametrization.Trained.Span)
            if (!float.IsFinite(value)) bad++;
        if (bad > 0)
            throw new WorkFailedException(string.Create(CultureInfo.InvariantCulture,
                $"Training diverged at step {_step} or before: of the weights, {bad:N0} {(bad == 1 ? "is" : "are")} infinite or not a number; a smaller learning rate than {_training.Optimizer.LearningRate} may help."));
    }

    /// <summary>The evaluation with the smallest loss; the first of equals.</summary>
    private Evaluation EarliestBest() => _evaluations.MinBy(evaluation => evaluation.Loss)!;

    /// <summary>What is measured of the best and of the final weights.</summary>
    private readonly record struct EndMetrics(TestMetrics Test, TestMetrics? Thresholded, double TrainingAccuracy);
}

/// <summary>Where a training keeps its weights as it passes some steps.</summary>
/// <param name="Steps">The steps.</param>
/// <param name="Keep">Receives a step and what gives the weights there, before the training goes on.</param>
internal sealed record SnapshotRequest(System.Collections.Immutable.ImmutableArray<int> Steps, Action<int, Func<Weights>> Keep);
