using Lottery.Networks;
using Lottery.Operations;
using Lottery.Plans;

namespace Lottery.Prediction;

/// <summary>What one thread needs to predict, allocated at its first use.</summary>
internal sealed class Workspace(Func<CompiledPlan> plan, SinglePlan single, ByteValues bytes, Network network) : IDisposable
{
    private readonly Lazy<BatchPlan> _batches = new(() => new(plan(), bytes.Scale), isThreadSafe: false);
    private readonly float[] _scores = new float[BatchPlan.Most * network.Outputs];
    private SingleBuffers? _buffers;

    /// <summary>The scores of examples.</summary>
    /// <param name="input"><c>[examples, inputs]</c>, at most <see cref="BatchPlan.Most"/> of them.</param>
    /// <param name="count">The number of examples.</param>
    /// <param name="scores"><c>[examples, classes]</c>.</param>
    public void Scores(PredictorInput input, int count, Span<float> scores)
    {
        if (count > 1)
        {
            if (input.AreBytes) _batches.Value.Scores(input.Bytes, count, scores);
            else _batches.Value.Scores(input.Values, count, scores);
            return;
        }
        _buffers ??= single.Allocate();
        if (input.AreBytes) single.Scores(_buffers, input.Bytes, bytes, scores);
        else single.Scores(_buffers, input.Values, scores);
    }

    /// <summary>The class of each example: the largest score, the first of equals.</summary>
    /// <param name="input"><c>[examples, inputs]</c>, at most <see cref="BatchPlan.Most"/> of them.</param>
    /// <param name="results"><c>[examples]</c>.</param>
    public void Predict(PredictorInput input, Span<int> results)
    {
        Scores(input, results.Length, _scores.AsSpan(0, results.Length * network.Outputs));
        Classify(results);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_batches.IsValueCreated) _batches.Value.Dispose();
        _buffers?.Dispose();
    }

    private void Classify(Span<int> results)
    {
        for (int i = 0; i < results.Length; i++)
        {
            ReadOnlySpan<float> scores = _scores.AsSpan(i * network.Outputs, network.Outputs);
            int best = 0;
            for (int c = 1; c < network.Outputs; c++)
                if (scores[c] > scores[best]) best = c;
            results[i] = best;
        }
    }
}
