using Lottery.Data;
using Lottery.Kernels.Elementwise;
using Lottery.Operations;
using Lottery.Plans;

namespace Lottery.Training;

/// <summary>Computes loss and accuracy over examples, 64 at a time.</summary>
internal sealed class Evaluator : IDisposable
{
    private readonly CompiledPlan _plan;
    private readonly TensorBuffers _x;
    private readonly BatchSource _source;

    public Evaluator(CompiledPlan plan)
    {
        _plan = plan;
        _x = plan.Allocate(BatchTiles.MaxLanes);
        _source = new(plan, _x);
    }

    /// <summary>Loss and accuracy over some examples, in that order.</summary>
    public TestMetrics Run(Examples examples, ReadOnlySpan<int> indices)
    {
        double loss = 0;
        int correct = 0;
        for (int start = 0; start < indices.Length; start += BatchTiles.MaxLanes)
        {
            ReadOnlySpan<int> part = indices.Slice(start, Math.Min(BatchTiles.MaxLanes, indices.Length - start));
            _source.Fill(examples, part, indices[(start + part.Length)..Math.Min(start + 2 * part.Length, indices.Length)]);
            ForwardContext context = _plan.Evaluation(_x);
            foreach (FusedSegment segment in _plan.Segments) segment.Forward(context);
            Span<float> scores = _x.At(_plan.Output, 0);
            ReadOnlySpan<byte> labels = _source.Labels(0);
            for (int lane = 0; lane < part.Length; lane++)
                if (Largest(scores, lane) == labels[lane]) correct++;
            _plan.Kernels.Run(new SoftmaxCrossEntropy
            {
                Y = scores, Labels = labels, Classes = _plan.Network.Outputs, Lanes = _x.Tiles.Lanes, Scale = 1, Loss = new(ref loss),
            });
        }
        return new(loss / indices.Length, (double)correct / indices.Length);
    }

    /// <inheritdoc/>
    public void Dispose() => _x.Dispose();

    /// <summary>The class with the largest score; the first of equals.</summary>
    private int Largest(ReadOnlySpan<float> scores, int lane)
    {
        int best = 0;
        for (int c = 1; c < _plan.Network.Outputs; c++)
            if (scores[c * BatchTiles.MaxLanes + lane] > scores[best * BatchTiles.MaxLanes + lane]) best = c;
        return best;
    }
}

/// <summary>What a network does on a set of examples.</summary>
/// <param name="Loss">Mean cross-entropy, in nats.</param>
/// <param name="Accuracy">The fraction of examples classified correctly, 0–1.</param>
internal readonly record struct TestMetrics(double Loss, double Accuracy);
