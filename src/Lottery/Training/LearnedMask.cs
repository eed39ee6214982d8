using System.Collections.Immutable;
using Lottery.Kernels.Elementwise;
using Lottery.Kernels.Supermasks;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Plans;
using Lottery.Specifications;

namespace Lottery.Training;

/// <summary>
/// Scores in place of weights (Zhou et al. 2019, section 5.2): each step keeps a weight w with probability p = sigmoid(s),
/// and the gradient reaches the score s straight through the sample m, truly through the sigmoid.
/// </summary>
/// <remarks>
/// The network computes with e = m w c, where c is the layer's weights ÷ the ones in its sample where it is rescaled, else
/// 1 (a sample without ones counts as one with one). With g the gradient of e, that of the score is
/// p (1 − p) (g w c − Σ g e ÷ ones), the sum over the layer, and only where it is rescaled.
/// Every score needs its gradient, so this costs what training a dense network costs. What is not prunable is frozen.
/// </remarks>
internal sealed class LearnedMask : OptimizerState
{
    /// <summary>The score of a place that only pads: never sampled, and moved by nothing.</summary>
    private const float Never = -1e30f;

    /// <summary>A block's gradients, weights, scores and moments stay in the first-level cache.</summary>
    private const int Block = 1024;

    private readonly NetworkPlan _plan;
    private readonly OptimizerState _inner;
    private readonly AlignedBuffer<float> _weights, _gradient;
    private readonly MaskedLayer[] _layers;
    private readonly ulong _seed;
    private readonly bool _rescale;

    /// <summary>The mask on what the plan now holds, every score 0.</summary>
    public LearnedMask(SupermaskSpecification supermask, Optimizer optimizer, NetworkPlan plan, ulong seed)
    {
        (_plan, _seed, _rescale) = (plan, seed, supermask.Rescale);
        (_weights, _gradient, Scores) = (new(plan.Values.Length), new(plan.Values.Length), new(plan.Values.Length));
        plan.Values.Span.CopyTo(_weights.Span);
        _layers = MaskedLayer.Of(plan);
        Load(new(plan.Network), Scores.Span);
        _inner = Of(optimizer, plan.Kernels, Scores);
    }

    /// <summary>The scores, laid out like the plan's values.</summary>
    public AlignedBuffer<float> Scores { get; }

    public override ImmutableArray<AlignedBuffer<float>> Moments => _inner.Moments;

    public override void Begin(int count, double factor) => _inner.Begin(count, factor);

    /// <summary>Only keeps the gradient: with rescaling, each score of a layer needs all of them.</summary>
    public override void Apply(int offset, ReadOnlySpan<float> gradient) => gradient.CopyTo(_gradient.Span[offset..]);

    public override void End()
    {
        foreach (MaskedLayer layer in _layers) Move(layer);
    }

    /// <summary>Puts sample <paramref name="number"/> of a use into the plan: a function of seed, use, number and scores.</summary>
    public void Sample(string use, int number)
    {
        foreach (MaskedLayer layer in _layers)
        {
            int ones = 0;
            _plan.Kernels.Run(new SampleMask
            {
                Scores = layer.Of(Scores), Weights = layer.Of(_weights), Masked = layer.Of(_plan.Values),
                Random = layer.Stream(_seed, use, number), Ones = new(ref ones),
            });
            Keep(layer, ones);
        }
    }

    /// <summary>Puts the most probable mask into the plan: a weight is kept where its score is above 0.</summary>
    public void Threshold()
    {
        foreach (MaskedLayer layer in _layers)
        {
            ReadOnlySpan<float> scores = layer.Of(Scores), weights = layer.Of(_weights);
            Span<float> values = layer.Of(_plan.Values);
            int ones = 0;
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = scores[i] > 0 ? weights[i] : 0;
                if (scores[i] > 0) ones++;
            }
            Keep(layer, ones);
        }
    }

    /// <summary>What masks of these scores keep.</summary>
    public KeptShares Shares()
    {
        double expected = 0;
        long above = 0, weights = 0;
        foreach (MaskedLayer layer in _layers)
        {
            weights += layer.Weights;
            foreach (float score in layer.Of(Scores))
            {
                if (score > Never) expected += Sigmoid.Probability(score);
                if (score > 0) above++;
            }
        }
        return new(expected / weights, (double)above / weights);
    }

    /// <summary>Takes scores from full shape; what pads is never sampled.</summary>
    public void Load(Weights scores, Span<float> values)
    {
        _plan.Load(scores, values);
        foreach (MaskedLayer layer in _layers) layer.Pad(values, Never);
    }

    public override void Dispose()
    {
        _inner.Dispose();
        Scores.Dispose();
        _weights.Dispose();
        _gradient.Dispose();
    }

    private void Keep(MaskedLayer layer, int ones)
    {
        layer.Ones = Math.Max(1, ones);
        layer.Scale = _rescale ? (float)((double)layer.Weights / layer.Ones) : 1;
        if (_rescale) _plan.Kernels.Run(new ScaleValues { Values = layer.Of(_plan.Values), Factor = layer.Scale });
    }

    private void Move(MaskedLayer layer)
    {
        Span<float> gradient = layer.Of(_gradient);
        float sum = 0;
        if (_rescale) _plan.Kernels.Run(new DotProduct { A = gradient, B = layer.Of(_plan.Values), Sum = new(ref sum) });
        float shift = sum / layer.Ones;
        for (int start = 0; start < gradient.Length; start += Block)
        {
            Span<float> block = gradient.Slice(start, Math.Min(Block, gradient.Length - start));
            _plan.Kernels.Run(new ScoreGradient
            {
                Gradient = block, Weights = layer.Of(_weights).Slice(start, block.Length), Scores = layer.Of(Scores).Slice(start, block.Length),
                Target = block, Scale = layer.Scale, Shift = shift,
            });
            _inner.Apply(layer.Start + start, block);
        }
    }
}
