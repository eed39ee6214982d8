using System.Collections.Immutable;
using Lottery.Data;
using Lottery.Kernels.Elementwise;
using Lottery.Kernels.Supermasks;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Plans;
using Lottery.Specifications;

namespace Lottery.Training;

/// <summary>
/// Scores are trained in place of weights (Zhou et al. 2019, section 5.2): each step keeps a weight w with probability
/// p = sigmoid(s), and the gradient passes straight through the sample m to the score s, with the sigmoid's slope.
/// </summary>
/// <remarks>
/// The network computes with e = m w c, where c is the layer's weights ÷ the ones in its sample if it is rescaled, else
/// 1 (a sample without ones counts as one with one). With g the gradient of e, that of the score is
/// p (1 − p) (g w c − Σ g e ÷ ones), the sum over the layer, and only if it is rescaled.
/// Every score needs its gradient, so this costs what training a dense network costs. What is not prunable is frozen.
/// A step computes with one sample of the mask, the stream <c>supermask/step-S/NAME</c>. An evaluation takes one sample,
/// <c>look-S</c>, since evaluations are frequent; the test is the mean of ten, <c>test-0</c> … <c>test-9</c>, as in the paper.
/// </remarks>
internal sealed class SupermaskParametrization : Parametrization
{
    /// <summary>The score of padding: never sampled, and moved by nothing.</summary>
    private const float Never = -1e30f;

    /// <summary>A block's gradients of scores are in the first-level cache when the optimizer takes them.</summary>
    private const int Block = 1024;

    private readonly CompiledPlan _plan;
    private readonly OptimizerState _optimizer;
    private readonly AlignedBuffer<float> _weights, _slopes;
    private readonly AlignedBuffer<float>? _gradient;
    private readonly ScoredLayer[] _layers;
    private readonly ulong _seed;
    private readonly bool _rescale;

    /// <summary>A supermask on the plan's weights, every score 0.</summary>
    public SupermaskParametrization(SupermaskSpecification supermask, Optimizer optimizer, CompiledPlan plan, ulong seed)
    {
        (_plan, _seed, _rescale) = (plan, seed, supermask.Rescale);
        (_weights, _slopes, Trained) = (new(plan.Values.Length), new(plan.Values.Length), new(plan.Values.Length));
        if (_rescale) _gradient = new(plan.Values.Length);
        plan.Values.Span.CopyTo(_weights.Span);
        _layers = [.. plan.Layout.Rows.Where(row => row.Parameter.Prunable).Select(row => new ScoredLayer(row))];
        Load(new(plan.Network), Trained.Span);
        _optimizer = OptimizerState.Of(optimizer, plan.Kernels, Trained);
    }

    /// <summary>The scores.</summary>
    public override AlignedBuffer<float> Trained { get; }

    public override ImmutableArray<AlignedBuffer<float>> Moments => _optimizer.Moments;

    public override void Prepare(int step) => Sample("step", step);

    public override void Begin(int count, double factor) => _optimizer.Begin(count, factor);

    /// <summary>Moves the scores, or stores the gradient: with rescaling, each score of a layer needs all of them.</summary>
    public override void Apply(int offset, ReadOnlySpan<float> gradient)
    {
        if (_gradient is not null)
        {
            gradient.CopyTo(_gradient.Span[offset..]);
            return;
        }
        foreach (ScoredLayer layer in _layers)
        {
            (int from, int to) = (Math.Max(offset, layer.Start), Math.Min(offset + gradient.Length, layer.End));
            if (from < to) Move(layer, from, gradient[(from - offset)..(to - offset)], shift: 0);
        }
    }

    public override void End()
    {
        if (_gradient is null) return;
        foreach (ScoredLayer layer in _layers)
        {
            Span<float> gradient = layer.Of(_gradient);
            float sum = 0;
            _plan.Kernels.Run(new DotProduct { A = gradient, B = layer.Of(_plan.Values), Sum = new(ref sum) });
            Move(layer, layer.Start, gradient, sum / layer.Ones);
        }
    }

    public override Evaluation Evaluate(Evaluator evaluator, SplitDataset data, int step)
    {
        Sample("look", step);
        TestMetrics metrics = evaluator.Run(data.Dataset.Train, data.Validation.Span);
        return new(step, metrics.Loss, metrics.Accuracy, double.NaN) { Kept = Kept() };
    }

    public override (TestMetrics Metrics, TestMetrics? Thresholded) Test(Evaluator evaluator, Examples test, ReadOnlySpan<int> all) =>
        SupermaskTest.Run(new Sampled(this, evaluator), test, all);

    /// <summary>Sets scores from full shape; padding is never sampled.</summary>
    public override void Load(Weights trained, Span<float> values)
    {
        _plan.Layout.Load(trained, values);
        foreach (ScoredLayer layer in _layers) layer.Pad(values, Never);
    }

    public override Checkpoint Store(Checkpoint checkpoint, TrainedTensors trained) => checkpoint with { Scores = trained };

    public override TrainedTensors Restore(Checkpoint checkpoint) =>
        checkpoint.Scores ?? throw new ArgumentException("The checkpoint is not one of a supermask's scores.", nameof(checkpoint));

    public override TrainedResult Result(Weights best, Weights final)
    {
        Weights frozen = _plan.Layout.Save(_weights.Span);
        return new(frozen, frozen, new(best, final));
    }

    public override void Dispose()
    {
        _optimizer.Dispose();
        Trained.Dispose();
        _weights.Dispose();
        _slopes.Dispose();
        _gradient?.Dispose();
    }

    /// <summary>Sets the plan's weights to sample <paramref name="number"/> of a use: a function of seed, use, number and scores.</summary>
    public void Sample(string use, int number)
    {
        foreach (ScoredLayer layer in _layers)
        {
            int ones = 0;
            _plan.Kernels.Run(new SampleMask
            {
                Scores = layer.Of(Trained), Weights = layer.Of(_weights), Masked = layer.Of(_plan.Values),
                Slopes = layer.Of(_slopes), Random = layer.Stream(_seed, use, number), Ones = new(ref ones),
            });
            Rescale(layer, ones);
        }
    }

    /// <summary>Sets the plan's weights to the thresholded mask: a weight is kept if its score is above 0.</summary>
    public void Threshold()
    {
        foreach (ScoredLayer layer in _layers)
        {
            ReadOnlySpan<float> scores = layer.Of(Trained), weights = layer.Of(_weights);
            Span<float> values = layer.Of(_plan.Values);
            int ones = 0;
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = scores[i] > 0 ? weights[i] : 0;
                if (scores[i] > 0) ones++;
            }
            Rescale(layer, ones);
        }
    }

    /// <summary>The fractions of the weights that masks of these scores keep.</summary>
    public KeptFractions Kept()
    {
        double expected = 0;
        long above = 0, weights = 0;
        foreach (ScoredLayer layer in _layers)
        {
            weights += layer.Weights;
            foreach (float score in layer.Of(Trained))
            {
                if (score > Never) expected += Sigmoid.Probability(score);
                if (score > 0) above++;
            }
        }
        return new(expected / weights, (double)above / weights);
    }

    private readonly struct Sampled(SupermaskParametrization mask, Evaluator evaluator) : ISampledMask
    {
        public void Sample(int number) => mask.Sample("test", number);

        public void Threshold() => mask.Threshold();

        public TestMetrics Measure(Examples examples, ReadOnlySpan<int> indices) => evaluator.Run(examples, indices);
    }

    private void Rescale(ScoredLayer layer, int ones)
    {
        layer.Ones = Math.Max(1, ones);
        layer.Scale = _rescale ? (float)((double)layer.Weights / layer.Ones) : 1;
        if (_rescale) _plan.Kernels.Run(new ScaleValues { Values = layer.Of(_plan.Values), Factor = layer.Scale });
    }

    private void Move(ScoredLayer layer, int offset, ReadOnlySpan<float> gradient, float shift)
    {
        Span<float> block = stackalloc float[Block];
        for (int start = 0; start < gradient.Length; start += Block)
        {
            (int first, int count) = (offset + start, Math.Min(Block, gradient.Length - start));
            _plan.Kernels.Run(new ScoreGradient
            {
                Gradient = gradient.Slice(start, count), Weights = _weights.Span.Slice(first, count), Slopes = _slopes.Span.Slice(first, count),
                Target = block[..count], Scale = layer.Scale, Shift = shift,
            });
            _optimizer.Apply(first, block[..count]);
        }
    }
}
