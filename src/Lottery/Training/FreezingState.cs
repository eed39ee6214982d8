using System.Collections.Immutable;
using Lottery.Kernels.Optimizers;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Plans;

namespace Lottery.Training;

/// <summary>
/// Pruned weights that exist all the same: those of a layer that is dense because it has few of them, held at zero, and
/// those that act at another value (mask-0 actions such as <c>initial</c>; Zhou et al. 2019, section 4). They never move
/// and have no optimizer state.
/// </summary>
internal sealed class FreezingState : OptimizerState
{
    private readonly OptimizerState _inner;
    private readonly NetworkPlan _plan;
    private readonly AlignedBuffer<float> _trained, _values, _nothing;

    /// <summary>Freezes what the plan now holds where <paramref name="mask"/> is clear.</summary>
    public FreezingState(OptimizerState inner, NetworkPlan plan, Mask mask)
    {
        (_inner, _plan) = (inner, plan);
        (_trained, _values, _nothing) = (new(plan.Values.Length), new(plan.Values.Length), new(plan.Values.Length));
        plan.Values.Span.CopyTo(_values.Span);
        plan.Load(Trained(mask), _trained.Span);
    }

    public override ImmutableArray<AlignedBuffer<float>> Moments => _inner.Moments;

    /// <summary>True where a pruned weight of <paramref name="start"/> is not zero.</summary>
    public static bool AreIn(Weights start, Mask mask)
    {
        for (int i = 0; i < mask.Network.Parameters.Length; i++)
            for (int k = 0; mask[i] is { } kept && k < kept.Length; k++)
                if (!kept[k] && start[i][k] != 0) return true;
        return false;
    }

    public override void Begin(int count, double factor) => _inner.Begin(count, factor);

    /// <summary>Moves everything, and undoes what that did to frozen values and their moments.</summary>
    public override void Apply(int offset, ReadOnlySpan<float> gradient)
    {
        _inner.Apply(offset, gradient);
        ReadOnlySpan<float> trained = _trained.Span.Slice(offset, gradient.Length);
        if (!IsFrozen(offset)) return;
        _plan.Kernels.Run(new RestoreFrozen
        {
            Values = _plan.Values.Span.Slice(offset, gradient.Length), Frozen = _values.Span.Slice(offset, gradient.Length), Trained = trained,
        });
        foreach (AlignedBuffer<float> moment in Moments)
            _plan.Kernels.Run(new RestoreFrozen
            {
                Values = moment.Span.Slice(offset, gradient.Length), Frozen = _nothing.Span[..gradient.Length], Trained = trained,
            });
    }

    public override void Dispose()
    {
        _inner.Dispose();
        _trained.Dispose();
        _values.Dispose();
        _nothing.Dispose();
    }

    /// <summary>True where the layer at that place has weights that must not move.</summary>
    private bool IsFrozen(int offset)
    {
        foreach (LayerPlan layer in _plan.Layers)
            if (offset >= layer.Offset && offset < layer.Offset + layer.Length) return layer is WeightedLayerPlan { Freezes: true };
        return false;
    }

    /// <summary>1 where a value is trained: kept weights and every bias.</summary>
    private static Weights Trained(Mask mask)
    {
        var trained = new Weights(mask.Network);
        for (int i = 0; i < mask.Network.Parameters.Length; i++)
            for (int k = 0; k < trained[i].Length; k++) trained[i][k] = mask[i] is not { } kept || kept[k] ? 1 : 0;
        return trained;
    }
}
