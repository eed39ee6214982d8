using Lottery.Data;
using Lottery.Kernels.Elementwise;
using Lottery.Plans;

namespace Lottery.Training;

/// <summary>Loss and accuracy over examples, 64 at a time, in the order given.</summary>
internal sealed class Evaluator : IDisposable
{
    private readonly NetworkPlan _plan;
    private readonly Activations _activations;
    private readonly BatchSource _source;

    public Evaluator(NetworkPlan plan)
    {
        _plan = plan;
        _activations = new(plan, LayerPlan.MostLanes);
        _source = new(plan, _activations);
    }

    /// <summary>Mean cross-entropy in nats, and the share of examples classified right.</summary>
    public TestMetrics Run(Examples examples, ReadOnlySpan<int> indices)
    {
        double loss = 0;
        int right = 0;
        for (int start = 0; start < indices.Length; start += LayerPlan.MostLanes)
        {
            ReadOnlySpan<int> part = indices.Slice(start, Math.Min(LayerPlan.MostLanes, indices.Length - start));
            _source.Fill(examples, part, indices[(start + part.Length)..Math.Min(start + 2 * part.Length, indices.Length)]);
            _activations.Forward(Pass.Evaluation);
            Span<float> scores = _activations.At(_plan.Output, 0);
            ReadOnlySpan<byte> labels = _source.Labels(0);
            for (int lane = 0; lane < part.Length; lane++)
                if (Largest(scores, lane) == labels[lane]) right++;
            _plan.Kernels.Run(new SoftmaxCrossEntropy
            {
                Y = scores, Labels = labels, Classes = _plan.Network.Outputs, Lanes = _activations.Tiles.Lanes, Scale = 1, Loss = new(ref loss),
            });
        }
        return new(loss / indices.Length, (double)right / indices.Length);
    }

    /// <inheritdoc/>
    public void Dispose() => _activations.Dispose();

    /// <summary>The class with the largest score; the first of equals.</summary>
    private int Largest(ReadOnlySpan<float> scores, int lane)
    {
        int best = 0;
        for (int c = 1; c < _plan.Network.Outputs; c++)
            if (scores[c * LayerPlan.MostLanes + lane] > scores[best * LayerPlan.MostLanes + lane]) best = c;
        return best;
    }
}
