using System.Collections.Immutable;
using Lottery.Kernels;
using Lottery.Numerics;
using Lottery.Plans;
using Lottery.Specifications;

namespace Lottery.Training;

/// <summary>The moments of an optimizer, one for each value that exists, and the rule that moves values by gradients.</summary>
internal abstract class OptimizerState : IDisposable
{
    /// <summary>The moments, laid out like the plan's values.</summary>
    public abstract ImmutableArray<AlignedBuffer<float>> Moments { get; }

    /// <summary>The state that moves a plan's values, with moments of zero.</summary>
    public static OptimizerState Of(Optimizer optimizer, NetworkPlan plan) => Of(optimizer, plan.Kernels, plan.Values);

    /// <summary>The state that belongs to <paramref name="optimizer"/>, with moments of zero.</summary>
    /// <param name="optimizer">The rule.</param>
    /// <param name="kernels">The kernels.</param>
    /// <param name="values">What it moves: a plan's values, or scores laid out like them.</param>
    public static OptimizerState Of(Optimizer optimizer, KernelSet kernels, AlignedBuffer<float> values) => optimizer switch
    {
        Adam adam => new AdamState(adam, kernels, values),
        Sgd sgd => new SgdState(sgd, kernels, values),
        _ => throw new ArgumentException($"There is no optimizer {optimizer.GetType().Name}.", nameof(optimizer)),
    };

    /// <summary>Sets the constants of one step.</summary>
    /// <param name="count">Steps since the optimizer was fresh, this one included.</param>
    /// <param name="factor">What the schedule multiplies the learning rate by.</param>
    public abstract void Begin(int count, double factor);

    /// <summary>Takes the gradient of the plan's values from <paramref name="offset"/> on, and moves what they come from.</summary>
    /// <param name="offset">A place in the plan's values.</param>
    /// <param name="gradient">One a value; a multiple of 16.</param>
    public abstract void Apply(int offset, ReadOnlySpan<float> gradient);

    /// <summary>Every gradient of the step has been applied.</summary>
    public virtual void End()
    {
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        foreach (AlignedBuffer<float> moment in Moments) moment.Dispose();
    }
}
