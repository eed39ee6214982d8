using Lottery.Kernels;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Operations;
using Lottery.Plans;
using Lottery.Specifications;

namespace Lottery.Training;

/// <summary>What a training allocates outside the managed heap: counted by the same code that allocates it.</summary>
internal static class TrainingMemory
{
    /// <summary>The bytes of the plan, the optimizer's state, the activations, their gradients and the scratch of the operations.</summary>
    /// <param name="mask">The weights that are trained.</param>
    /// <param name="frozen">True if pruned weights have values other than zero.</param>
    /// <param name="training">Optimizer and batch.</param>
    /// <param name="threads">The threads that a training may use.</param>
    /// <param name="supermask">How a supermask is learned; null if weights are trained.</param>
    /// <param name="zeros">The share of zeros among the network's inputs, 0–1.</param>
    /// <exception cref="OverflowException">A buffer has more values than there can be.</exception>
    /// <exception cref="OutOfMemoryException">There are not so many addresses.</exception>
    public static long Of(Mask mask, bool frozen, TrainingSpecification training, int threads, SupermaskSpecification? supermask = null, double zeros = 0)
    {
        KernelSet kernels = KernelRegistry.Kernels;
        bool isBeside = CpuEngine.EvaluatesBeside(mask.Network, supermask, threads);
        using var team = new ThreadTeam(isBeside ? 1 : threads);
        using var count = new BufferCount();
        using var plan = new CompiledPlan(mask.Network, mask, kernels, frozen, team, zeros);
        using CompiledPlan? evaluated = isBeside ? new(mask.Network, mask, kernels, frozen, team, zeros) : null;
        using Parametrization parametrization = supermask is null
            ? new WeightParametrization(training.Optimizer, plan, mask)
            : new SupermaskParametrization(supermask, training.Optimizer, plan, seed: 0);
        using var step = new TrainingStep(plan, parametrization, training.Batch);
        using var evaluator = new Evaluator(evaluated ?? plan);
        using var best = new AlignedBuffer<float>(plan.Values.Length);
        return count.Bytes;
    }
}
