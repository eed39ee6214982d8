using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Lottery.Data;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Specifications;

namespace Lottery.Training;

/// <summary>Trains one masked network: the same bits whether or not it is interrupted and continues from a checkpoint.</summary>
internal sealed class Trainer : IDisposable
{
    /// <summary>So many steps at most until progress is reported and a cancellation noticed.</summary>
    private const int MostStepsAtOnce = 100;

    private static readonly long s_ticksBetweenReports = Stopwatch.Frequency / 4;

    /// <summary>The sample that this thread measured the training accuracy on last.</summary>
    [ThreadStatic]
    private static (ReadOnlyMemory<int> Of, ulong Seed, int[] Sample)? s_sample;

    private readonly TrainingTask _task;
    private readonly TrainingSpecification _training;
    private readonly SplitDataset _data;
    private readonly EpochOrders _orders;
    private readonly ITrainingEngine _engine;
    private readonly double[] _losses = new double[MostStepsAtOnce];
    private readonly List<Evaluation> _evaluations = [];
    private readonly List<TestedStep> _tested = [];
    private ITrainingSession? _session;
    private int _step;
    private double _lossSum, _seconds, _evaluationSeconds;

    /// <summary>The evaluation that goes on while training does: its step, and the mean training loss before it.</summary>
    private (int Step, double TrainingLoss)? _begun;

    /// <summary>A training at its first step.</summary>
    /// <param name="task">What is trained.</param>
    /// <param name="device">Where it is trained.</param>
    /// <param name="threads">The processor's threads that it may use.</param>
    public Trainer(TrainingTask task, ITrainingDevice device, int threads = 1)
    {
        (_task, _training, _data, _step) = (task, task.Training, task.Data, task.FirstStep);
        _orders = new(_data, _training.OrderSeed ?? task.Seed, _training.Batch, task.FirstStep);
        _engine = device.Begin(task, _orders, threads);
    }

    /// <summary>Steps done, counted from the start of the dense run.</summary>
    public int Step => _step;

    /// <summary>The newest evaluation.</summary>
    public Evaluation? Latest => _evaluations.Count > 0 ? _evaluations[^1] : null;

    /// <summary>True when the last step is done and evaluated.</summary>
    public bool Finished => _step == _training.Steps && Latest?.Step == _step;

    private bool Evaluated => (_begun?.Step ?? Latest?.Step) == _step;

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
        _session = session;
        long nextReport = 0;
        int kept = -1;
        progress?.Invoke(_step, Latest);
        while (!Finished)
        {
            SaveIfDue(session, cancellationToken);
            if (_step != kept && snapshots?.Steps.Contains(_step) == true) snapshots.Keep(kept = _step, _engine.Save);
            Evaluation? evaluation = MeasureIfDue();
            if (evaluation is null) Train(Math.Min(NextMeasurement(), NextOf(snapshots)));
            if (progress is null || (evaluation is null && Stopwatch.GetTimestamp() < nextReport)) continue;
            progress(_step, Latest);
            nextReport = Stopwatch.GetTimestamp() + s_ticksBetweenReports;
        }
        return Finish();
    }

    /// <summary>Evaluates if this step asks for it and it has not been done, otherwise trains a step, or some.</summary>
    /// <returns>The evaluation, if there was one.</returns>
    /// <exception cref="UserException">The loss is not a finite number.</exception>
    public Evaluation? Advance()
    {
        Evaluation? evaluation = MeasureIfDue() ?? TakeEvaluation();
        if (evaluation is null) Train(NextMeasurement());
        return evaluation;
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
            Train(step);
        }
        return _engine.Save();
    }

    /// <summary>Continues from a checkpoint of the same training.</summary>
    public void Resume(Checkpoint checkpoint)
    {
        _step = checkpoint.Step;
        (_lossSum, _seconds, _evaluationSeconds) = (checkpoint.LossSum, checkpoint.Seconds, checkpoint.EvaluationSeconds);
        _engine.Restore(checkpoint);
        _evaluations.AddRange(checkpoint.Evaluations);
        _tested.AddRange(checkpoint.Tested);
        _orders.Resume(checkpoint.BatchOrders);
    }

    /// <summary>All that is needed to continue from here.</summary>
    public Checkpoint Checkpoint()
    {
        TakeEvaluation();
        return _engine.Store(new()
        {
            Step = _step, Evaluations = [.. _evaluations], Tested = [.. _tested], BatchOrders = _orders.Hashes,
            LossSum = _lossSum, Seconds = _seconds, EvaluationSeconds = _evaluationSeconds,
        });
    }

    /// <summary>
    /// Tests the best and the final weights, or masks by the best and the final scores, and measures them on a sample of the
    /// examples that were trained on.
    /// </summary>
    public TrainingOutcome Finish()
    {
        long start = Stopwatch.GetTimestamp();
        int[] trainedOn = TrainingSample();
        TrainedResult result = _engine.Result();
        EndMetrics atEnd = Measure(trainedOn);
        if (_training.Measurements.TestAt.Contains(_step)) _tested.Add(new(_step, atEnd.Test.Accuracy, atEnd.Test.Loss));
        EndMetrics atBest = _engine.ReturnToBest() ? Measure(trainedOn) : atEnd;
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
    public void Dispose() => _engine.Dispose();

    private void SaveIfDue(ITrainingSession session, CancellationToken cancellationToken)
    {
        // Asked once, so that nothing is thrown without a checkpoint.
        bool isStopped = cancellationToken.IsCancellationRequested;
        if (isStopped || session.CheckpointDue)
        {
            Save(session);
            ManagedHeap.Relieve(_task.Mask.Network.WeightBytes);
        }
        if (isStopped) throw new OperationCanceledException(cancellationToken);
    }

    // A method of its own: the copies of the weights are garbage when it returns, and not only at the end of the loop that calls it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Save(ITrainingSession session) => session.Save(Checkpoint());

    /// <summary>Trains at least one step and none past <paramref name="until"/>.</summary>
    private void Train(int until)
    {
        long start = Stopwatch.GetTimestamp();
        int steps = _engine.Train(_step, _losses.AsSpan(0, Math.Min(until - _step, MostStepsAtOnce)));
        for (int i = 0; i < steps; i++)
        {
            RequireFinite(_losses[i], _step);
            _lossSum += _losses[i];
            _step++;
        }
        _seconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>The next step that is evaluated or tested.</summary>
    private int NextMeasurement()
    {
        int next = (int)Math.Min((_step / _training.Evaluate + 1L) * _training.Evaluate, _training.Steps);
        foreach (int step in _training.Measurements.TestAt)
            if (step > _step && step < next) next = step;
        return next;
    }

    /// <summary>The next step at which weights are kept.</summary>
    private int NextOf(SnapshotRequest? snapshots)
    {
        int next = int.MaxValue;
        if (snapshots is not null)
            foreach (int step in snapshots.Steps)
                if (step > _step && step < next) next = step;
        return next;
    }

    /// <summary>Evaluates, or else tests, if this step asks for it and it has not been done.</summary>
    /// <returns>The evaluation that has ended, if there is one.</returns>
    private Evaluation? MeasureIfDue()
    {
        Evaluation? evaluation = EvaluateIfDue();
        if (evaluation is null) TestIfDue();
        return evaluation;
    }

    private Evaluation? EvaluateIfDue()
    {
        bool isDue = _step % _training.Evaluate == 0 || _step == _training.Steps || _step == _task.FirstStep;
        if (Evaluated || !isDue) return null;
        if (TakeEvaluation() is { } before) return before;
        long start = Stopwatch.GetTimestamp();
        RequireFiniteWeights();
        int since = _step - (Latest?.Step ?? _step);
        double trainingLoss = since > 0 ? _lossSum / since : double.NaN;
        _lossSum = 0;
        Evaluation? evaluation = null;
        if (_engine.TryBeginEvaluation(_step)) _begun = (_step, trainingLoss);
        else evaluation = Add(_engine.Evaluate(_step), trainingLoss);
        _evaluationSeconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
        return evaluation ?? (_step == _training.Steps ? TakeEvaluation() : null);
    }

    /// <summary>Waits for the evaluation that has begun.</summary>
    /// <returns>It, or null if none has.</returns>
    private Evaluation? TakeEvaluation()
    {
        if (_begun is not { } begun) return null;
        long start = Stopwatch.GetTimestamp();
        _begun = null;
        Evaluation evaluation = Add(_engine.EndEvaluation(), begun.TrainingLoss);
        _evaluationSeconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
        return evaluation;
    }

    private Evaluation Add(Evaluation evaluation, double trainingLoss)
    {
        if (_data.Validation.Length > 0) RequireFinite(evaluation.Loss, evaluation.Step);
        bool best = _evaluations.Count == 0 || evaluation.Loss < EarliestBest().Loss;
        _evaluations.Add(evaluation with { TrainingLoss = trainingLoss });
        if (best) _engine.KeepBest();
        _session?.Report(_evaluations[^1]);
        return _evaluations[^1];
    }

    /// <summary>Tests if this step asks for it and it has not been done. The last step is tested at the end.</summary>
    private void TestIfDue()
    {
        if (!_training.Measurements.TestAt.Contains(_step) || (_tested.Count > 0 && _tested[^1].Step == _step)) return;
        TakeEvaluation();
        long start = Stopwatch.GetTimestamp();
        TestMetrics metrics = _engine.Test(_data.Dataset.Test, AllTests()).Metrics;
        _tested.Add(new(_step, metrics.Accuracy, metrics.Loss));
        _evaluationSeconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private EndMetrics Measure(int[] trainedOn)
    {
        (TestMetrics test, TestMetrics? thresholded) = _engine.Test(_data.Dataset.Test, AllTests());
        return new(test, thresholded, _engine.Test(_data.Dataset.Train, trainedOn).Metrics.Accuracy);
    }

    private int[] AllTests() => [.. Enumerable.Range(0, _data.Dataset.Test.Count)];

    /// <summary>The examples that the training accuracy is measured on: the same at every level of a replicate.</summary>
    private int[] TrainingSample()
    {
        if (_training.Measurements.TrainingSample is not { } count || count >= _data.Training.Length) return _data.Training.ToArray();
        if (s_sample is not { } last || !last.Of.Equals(_data.Training) || last.Seed != _task.Seed || last.Sample.Length != count)
            s_sample = last = (_data.Training, _task.Seed, [.. RandomSubset.Choose(_data.Training.ToArray(), count, new(_task.Seed, "training-sample")).Order()]);
        return last.Sample;
    }

    /// <summary>A step's loss shows what the step before did to the weights; what the last step did shows in its evaluation.</summary>
    private void RequireFinite(double loss, int step)
    {
        if (!double.IsFinite(loss))
            throw new WorkFailedException(string.Create(CultureInfo.InvariantCulture,
                $"Training diverged at step {step}: the loss is {loss}; a smaller learning rate than {_training.Optimizer.LearningRate} may help."));
    }

    /// <summary>A weight that is not a number need not show in the loss: the ReLU behind it makes it a zero.</summary>
    private void RequireFiniteWeights()
    {
        int bad = _engine.CountNotFinite();
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
