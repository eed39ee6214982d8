using System.Diagnostics;
using System.Globalization;
using Lottery.Data;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Plans;
using Lottery.Specifications;

namespace Lottery.Training;

/// <summary>Trains one masked network: the same bits whether or not it is interrupted and goes on from a checkpoint.</summary>
internal sealed class Trainer : IDisposable
{
    private readonly TrainingSpecification _training;
    private readonly SplitDataset _data;
    private readonly int _firstStep;
    private readonly NetworkPlan _plan;
    private readonly TrainedValues _trained;
    private readonly TrainingStep _trainingStep;
    private readonly Evaluator _evaluator;
    private readonly EpochOrders _orders;
    private readonly Augmenter? _augmenter;
    private readonly AlignedBuffer<float> _best;
    private readonly List<Evaluation> _evaluations = [];
    private int _step;
    private double _lossSum, _seconds, _evaluationSeconds;

    /// <summary>A training that has not begun.</summary>
    /// <param name="mask">The weights that are trained.</param>
    /// <param name="start">What they start from; pruned weights are frozen at their value, and do not exist where all are zero.</param>
    /// <param name="training">Optimizer, batch, length.</param>
    /// <param name="data">The examples.</param>
    /// <param name="seed">The run's seed, which orders the epochs.</param>
    /// <param name="firstStep">The step that training begins at: 0, or the step rewound to.</param>
    /// <param name="kernels">The kernels.</param>
    /// <param name="team">The threads that images are worked on by.</param>
    /// <param name="supermask">How a mask is learned instead, all weights frozen at their start; null where weights are trained.</param>
    public Trainer(
        Mask mask, Weights start, TrainingSpecification training, SplitDataset data, ulong seed, int firstStep,
        Kernels.KernelSet kernels, ThreadTeam? team = null, SupermaskSpecification? supermask = null)
    {
        (_training, _data, _firstStep, _step) = (training, data, firstStep, firstStep);
        _plan = new(mask.Network, mask, kernels, FreezingState.AreIn(start, mask), team);
        _plan.Load(start, _plan.Values.Span);
        _trained = supermask is null
            ? new TrainedWeights(training.Optimizer, _plan, _plan.Freezes ? mask : null)
            : new TrainedScores(new(supermask, training.Optimizer, _plan, seed));
        _trainingStep = new(_plan, _trained.Optimizer, training.Batch, seed);
        _evaluator = new(_plan);
        _orders = new(data, seed, training.Batch, firstStep);
        _augmenter = data.Specification.Augment == Augmentation.None ? null : new(data, seed, training.Batch);
        _best = new(_plan.Values.Length);
        _trained.Values.Span.CopyTo(_best.Span);
    }

    /// <summary>Steps done, counted from the start of the dense run.</summary>
    public int Step => _step;

    /// <summary>The newest evaluation.</summary>
    public Evaluation? Latest => _evaluations.Count > 0 ? _evaluations[^1] : null;

    /// <summary>True when the last step is done and evaluated.</summary>
    public bool Finished => _step == _training.Steps && Evaluated;

    private bool Evaluated => Latest?.Step == _step;

    /// <summary>Goes on from a checkpoint of the same training.</summary>
    public void Resume(Checkpoint checkpoint)
    {
        _step = checkpoint.Step;
        (_lossSum, _seconds, _evaluationSeconds) = (checkpoint.LossSum, checkpoint.Seconds, checkpoint.EvaluationSeconds);
        _trained.Load(checkpoint.Current, _trained.Values.Span);
        _trained.Load(checkpoint.Best, _best.Span);
        for (int i = 0; i < checkpoint.Moments.Length; i++)
            _plan.Load(checkpoint.Moments[i], _trained.Optimizer.Moments[i].Span);
        _evaluations.AddRange(checkpoint.Evaluations);
        _orders.Resume(checkpoint.BatchOrders);
    }

    /// <summary>All that is needed to go on from here.</summary>
    public Checkpoint Checkpoint() => new()
    {
        Step = _step,
        Current = _plan.Save(_trained.Values.Span),
        Moments = [.. _trained.Optimizer.Moments.Select(moment => _plan.Save(moment.Span))],
        Best = _plan.Save(_best.Span),
        Evaluations = [.. _evaluations],
        BatchOrders = _orders.Hashes,
        LossSum = _lossSum,
        Seconds = _seconds,
        EvaluationSeconds = _evaluationSeconds,
    };

    /// <summary>Evaluates if this step asks for it and it has not been done, otherwise trains one step.</summary>
    /// <returns>The evaluation, if there was one.</returns>
    /// <exception cref="UserException">The loss is no longer a number.</exception>
    public Evaluation? Advance()
    {
        long start = Stopwatch.GetTimestamp();
        if (!Evaluated && (_step % _training.Evaluate == 0 || _step == _training.Steps || _step == _firstStep))
        {
            Evaluate();
            _evaluationSeconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
            return Latest;
        }
        TrainOneStep();
        _seconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
        return null;
    }

    /// <summary>Trains to <paramref name="step"/> without evaluating, and gives the weights there: late rewinding.</summary>
    public Weights WeightsAt(int step, CancellationToken cancellation)
    {
        while (_step < step)
        {
            cancellation.ThrowIfCancellationRequested();
            TrainOneStep();
        }
        return _plan.Save(_plan.Values.Span);
    }

    /// <summary>Tests the best and the final weights.</summary>
    public TrainingOutcome Finish()
    {
        long start = Stopwatch.GetTimestamp();
        var all = new int[_data.Dataset.Test.Count];
        for (int i = 0; i < all.Length; i++) all[i] = i;
        Weights final = _plan.Save(_trained.Values.Span), best = _plan.Save(_best.Span);
        (TestMetrics atEnd, TestMetrics? maskAtEnd) = _trained.Test(_evaluator, _data.Dataset.Test, all);
        bool lastIsBest = _best.Span.SequenceEqual(_trained.Values.Span);
        _best.Span.CopyTo(_trained.Values.Span);
        (TestMetrics atBest, TestMetrics? maskAtBest) =
            lastIsBest ? (atEnd, maskAtEnd) : _trained.Test(_evaluator, _data.Dataset.Test, all);
        _evaluationSeconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new()
        {
            Best = best, Final = final, Evaluations = [.. _evaluations], BatchOrders = _orders.Hashes,
            Metrics = new()
            {
                EarlyStopStep = EarliestBest().Step,
                InitialAccuracy = _evaluations[0].Accuracy, InitialLoss = _evaluations[0].Loss,
                Accuracy = atBest.Accuracy, Loss = atBest.Loss, FinalAccuracy = atEnd.Accuracy, FinalLoss = atEnd.Loss,
                Seconds = _seconds, EvaluationSeconds = _evaluationSeconds, TotalSeconds = _seconds + _evaluationSeconds,
                Thresholded = ThresholdedMetrics.Of(maskAtBest, maskAtEnd),
            },
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _trainingStep.Dispose();
        _evaluator.Dispose();
        _trained.Dispose();
        _plan.Dispose();
        _best.Dispose();
    }

    private void TrainOneStep()
    {
        _trained.Prepare(_step);
        ReadOnlySpan<int> batch = _orders.Batch(_step);
        int count = _step - _firstStep + 1;
        double factor = _training.Schedule.FactorAt(_step);
        double loss = _augmenter is null
            ? _trainingStep.Run(_data.Dataset.Train, batch, _orders.After(_step), count, factor)
            : _trainingStep.Run(_augmenter.Examples, _augmenter.Fill(_orders.EpochOf(_step), batch), default, count, factor);
        RequireFinite(loss);
        _lossSum += loss;
        _step++;
    }

    /// <summary>The step's loss shows what the step before did to the weights; that of the last step shows in its evaluation alone.</summary>
    private void RequireFinite(double loss)
    {
        if (!double.IsFinite(loss))
            throw new UserException(string.Create(CultureInfo.InvariantCulture,
                $"Training diverged at step {_step}: the loss is {loss}; a smaller learning rate than {_training.Optimizer.LearningRate} may help."), exitCode: 1);
    }

    private void Evaluate()
    {
        Evaluation seen = _trained.Look(_evaluator, _data, _step);
        if (_data.Validation.Length > 0) RequireFinite(seen.Loss);
        int since = _step - (Latest?.Step ?? _step);
        bool best = _evaluations.Count == 0 || seen.Loss < EarliestBest().Loss;
        _evaluations.Add(seen with { TrainingLoss = since > 0 ? _lossSum / since : double.NaN });
        _lossSum = 0;
        if (best) _trained.Values.Span.CopyTo(_best.Span);
    }

    /// <summary>The evaluation with the smallest loss; the first of equals.</summary>
    private Evaluation EarliestBest() => _evaluations.MinBy(evaluation => evaluation.Loss)!;
}
