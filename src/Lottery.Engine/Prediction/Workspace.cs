using Lottery.Networks;
using Lottery.Plans;

namespace Lottery.Prediction;

/// <summary>What one thread needs to predict, made when it is first asked for.</summary>
internal sealed class Workspace(Func<NetworkPlan> plan, AlonePlan alone, ByteValues bytes, Network network) : IDisposable
{
    private readonly Lazy<Batches> _batches = new(() => new(plan(), bytes.Scale), isThreadSafe: false);
    private readonly float[] _scores = new float[Batches.Most * network.Outputs];
    private AloneRoom? _room;

    /// <summary>The scores of examples, <c>[examples, classes]</c>.</summary>
    /// <param name="given"><c>[examples, inputs]</c>, at most <see cref="Batches.Most"/> of them.</param>
    /// <param name="count">How many.</param>
    /// <param name="scores">Where they go.</param>
    public void Scores(Given given, int count, Span<float> scores)
    {
        if (count > 1)
        {
            if (given.AreBytes) _batches.Value.Scores(given.Bytes, count, scores);
            else _batches.Value.Scores(given.Values, count, scores);
            return;
        }
        _room ??= alone.Room();
        if (given.AreBytes) alone.Scores(_room, given.Bytes, bytes, scores);
        else alone.Scores(_room, given.Values, scores);
    }

    /// <summary>The class of each example: the largest score, the first of equals.</summary>
    /// <param name="given"><c>[examples, inputs]</c>, at most <see cref="Batches.Most"/> of them.</param>
    /// <param name="results"><c>[examples]</c>.</param>
    public void Predict(Given given, Span<int> results)
    {
        Scores(given, results.Length, _scores.AsSpan(0, results.Length * network.Outputs));
        Classify(results);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_batches.IsValueCreated) _batches.Value.Dispose();
        _room?.Dispose();
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
