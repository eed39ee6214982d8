using Lottery.Numerics;
using Lottery.Plans;

namespace Lottery.Training;

/// <summary>
/// What a training changes: the current values, their moments, and the best values so far, laid out like the plan's; and how they enter
/// and leave in full shape.
/// </summary>
internal sealed class TrainedState : IDisposable
{
    private readonly CompiledPlan _plan;

    /// <summary>The state of a training at its first step.</summary>
    /// <param name="task">The training.</param>
    /// <param name="plan">Its plan, which takes the weights that it starts from.</param>
    public TrainedState(TrainingTask task, CompiledPlan plan)
    {
        _plan = plan;
        plan.Load(task.Start);
        Parametrization = task.Supermask is { } supermask
            ? new SupermaskParametrization(supermask, task.Training.Optimizer, plan, task.Seed)
            : new WeightParametrization(task.Training.Optimizer, plan, task.Mask);
        Best = new(plan.Values.Length);
        Parametrization.Trained.Span.CopyTo(Best.Span);
    }

    /// <summary>What is trained, and how.</summary>
    public Parametrization Parametrization { get; }

    /// <summary>The best values so far.</summary>
    public AlignedBuffer<float> Best { get; }

    /// <inheritdoc cref="ITrainingEngine.Result"/>
    public TrainedResult Result() => Parametrization.Result(_plan.Layout.Save(Best.Span), _plan.Layout.Save(Parametrization.Trained.Span));

    /// <inheritdoc cref="ITrainingEngine.Store"/>
    public Checkpoint Store(Checkpoint checkpoint) => Parametrization.Store(checkpoint, new(
        _plan.Layout.Save(Parametrization.Trained.Span), _plan.Layout.Save(Best.Span),
        [.. Parametrization.Moments.Select(moment => _plan.Layout.Save(moment.Span))]));

    /// <inheritdoc cref="ITrainingEngine.Restore"/>
    public void Restore(Checkpoint checkpoint)
    {
        TrainedTensors trained = Parametrization.Restore(checkpoint);
        Parametrization.Load(trained.Current, Parametrization.Trained.Span);
        Parametrization.Load(trained.Best, Best.Span);
        for (int i = 0; i < trained.Moments.Length; i++)
            _plan.Layout.Load(trained.Moments[i], Parametrization.Moments[i].Span);
    }

    /// <inheritdoc cref="ITrainingEngine.ReturnToBest"/>
    public bool ReturnToBest()
    {
        Span<float> current = Parametrization.Trained.Span;
        if (Best.Span.SequenceEqual(current)) return false;
        Best.Span.CopyTo(current);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Parametrization.Dispose();
        Best.Dispose();
    }
}
