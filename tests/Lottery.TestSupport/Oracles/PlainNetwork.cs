using Lottery.Data;
using Lottery.Networks;

namespace Lottery.TestSupport.Oracles;

/// <summary>
/// The network as a textbook has it: every weight exists, in double precision, and the mask multiplies weights and
/// gradients. It shares nothing with the engine but shapes.
/// </summary>
internal sealed class PlainNetwork
{
    private readonly Mask _mask;
    private readonly double[][] _activations;

    public PlainNetwork(Mask mask, Weights start)
    {
        _mask = mask;
        Values = [.. mask.Network.Parameters.Select((_, i) => Array.ConvertAll(start[i].ToArray(), value => (double)value))];
        Gradient = [.. Values.Select(values => new double[values.Length])];
        _activations =
            [new double[mask.Network.Inputs], .. Values.Where((_, i) => i % 2 == 1).Select(bias => new double[bias.Length])];
    }

    /// <summary>Every parameter, in full shape.</summary>
    public double[][] Values { get; }

    /// <summary>The gradient of the mean loss, in full shape; 0 where pruned.</summary>
    public double[][] Gradient { get; }

    /// <summary>The smallest number but 0 that came to a ReLU: where it is tiny, rounding may decide which way it goes.</summary>
    public double NearestToKink { get; private set; } = double.PositiveInfinity;

    private int Layers => _activations.Length - 1;

    /// <summary>The scores of one example.</summary>
    public double[] Scores(Examples examples, int index)
    {
        for (int i = 0; i < _activations[0].Length; i++)
            _activations[0][i] = examples.Pixels.Span[index * examples.Features + i] / 255.0;
        for (int layer = 0; layer < Layers; layer++) Forward(layer);
        return _activations[^1];
    }

    /// <summary>The mean loss of a batch, in nats.</summary>
    public double Loss(Examples examples, ReadOnlySpan<int> indices)
    {
        double loss = 0;
        foreach (int index in indices) loss += LossOf(Scores(examples, index), examples.Labels.Span[index]);
        return loss / indices.Length;
    }

    /// <summary>Forward and backward: the mean loss, and <see cref="Gradient"/>.</summary>
    public double Backward(Examples examples, ReadOnlySpan<int> indices)
    {
        foreach (double[] gradient in Gradient) Array.Clear(gradient);
        double loss = 0;
        foreach (int index in indices)
        {
            double[] scores = Scores(examples, index);
            int label = examples.Labels.Span[index];
            loss += LossOf(scores, label);
            double max = scores.Max(), sum = scores.Sum(score => Math.Exp(score - max));
            double[] dy = [.. scores.Select((score, c) => (Math.Exp(score - max) / sum - (c == label ? 1 : 0)))];
            for (int layer = Layers - 1; layer >= 0; layer--) dy = Backward(layer, dy, indices.Length);
        }
        return loss / indices.Length;
    }

    private void Forward(int layer)
    {
        double[] x = _activations[layer], y = _activations[layer + 1], weights = Values[2 * layer];
        for (int output = 0; output < y.Length; output++)
        {
            double sum = Values[2 * layer + 1][output];
            for (int input = 0; input < x.Length; input++)
                if (_mask[2 * layer]![output * x.Length + input]) sum += weights[output * x.Length + input] * x[input];
            bool rectified = layer < Layers - 1;
            if (rectified && sum != 0) NearestToKink = Math.Min(NearestToKink, Math.Abs(sum));
            y[output] = rectified ? Math.Max(0, sum) : sum;
        }
    }

    private double[] Backward(int layer, double[] dy, int batch)
    {
        double[] x = _activations[layer], dx = new double[x.Length];
        for (int output = 0; output < dy.Length; output++)
        {
            Gradient[2 * layer + 1][output] += dy[output] / batch;
            for (int input = 0; input < x.Length; input++)
            {
                int place = output * x.Length + input;
                if (!_mask[2 * layer]![place]) continue;
                Gradient[2 * layer][place] += dy[output] * x[input] / batch;
                if (x[input] > 0) dx[input] += dy[output] * Values[2 * layer][place];
            }
        }
        return dx;
    }

    private static double LossOf(double[] scores, int label)
    {
        double max = scores.Max();
        return Math.Log(scores.Sum(score => Math.Exp(score - max))) + max - scores[label];
    }
}
