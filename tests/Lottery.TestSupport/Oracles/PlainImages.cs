using Lottery.Data;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.TestSupport.Oracles;

/// <summary>
/// Networks of any layers as a textbook has them: one loop a definition, double precision, every weight there and
/// multiplied by its mask. Forward alone; gradients come from finite differences.
/// </summary>
internal sealed class PlainImages
{
    private readonly Mask _mask;
    private readonly Network _network;

    public PlainImages(Mask mask, Weights start)
    {
        (_mask, _network) = (mask, mask.Network);
        Values = [.. _network.Parameters.Select((_, i) => Array.ConvertAll(start[i].ToArray(), value => (double)value))];
    }

    /// <summary>Every parameter, in full shape.</summary>
    public double[][] Values { get; }

    /// <summary>The smallest number but 0 that came to a ReLU, or by which a maximum was larger than the next: near it a gradient is no one's.</summary>
    public double NearestToKink { get; private set; } = double.PositiveInfinity;

    /// <summary>The scores of a batch, with the batch's own statistics in training.</summary>
    public double[][] Scores(Examples examples, ReadOnlySpan<int> indices, bool training)
    {
        var batch = new double[indices.Length][];
        for (int n = 0; n < batch.Length; n++)
            batch[n] = [.. examples.Pixels.Span.Slice(indices[n] * examples.Features, examples.Features).ToArray().Select(pixel => pixel / 255.0)];
        return Forward(_network.Layers, batch, _network.Input, training);
    }

    /// <summary>The mean loss of a batch, in nats.</summary>
    public double Loss(Examples examples, ReadOnlySpan<int> indices)
    {
        double[][] scores = Scores(examples, indices, training: true);
        double loss = 0;
        for (int n = 0; n < scores.Length; n++)
            loss += Math.Log(scores[n].Sum(Math.Exp)) - scores[n][examples.Labels.Span[indices[n]]];
        return loss / scores.Length;
    }

    private double[][] Forward(IEnumerable<Layer> layers, double[][] x, Shape shape, bool training)
    {
        foreach (Layer layer in layers)
        {
            x = Forward(layer, x, shape, training);
            shape = layer.Output(shape);
        }
        return x;
    }

    private double[][] Forward(Layer layer, double[][] x, Shape shape, bool training) => layer.Accept(new Cases(this, x, shape, training));

    private static double[][] Each(double[][] x, Func<double[], double[]> one) => Array.ConvertAll(x, value => one(value));

    private static double[][] Sum(double[][] a, double[][] b) => [.. a.Zip(b, (left, right) => left.Zip(right, (l, r) => l + r).ToArray())];

    private double[] Of(Layer layer, string part) => Values[_network.IndexOf($"{layer.Name}.{part}")];

    /// <summary>The weights of a layer; the pruned ones are 0.</summary>
    private double[] Weights(Layer layer)
    {
        BitSet? kept = _mask[_network.IndexOf($"{layer.Name}.weight")];
        return [.. Of(layer, "weight").Select((weight, index) => kept is null || kept[index] ? weight : 0)];
    }

    private double[][] Linear(Linear layer, double[][] x)
    {
        double[] weights = Weights(layer), bias = Of(layer, "bias");
        return Each(x, one =>
        {
            var y = new double[layer.Outputs];
            for (int o = 0; o < y.Length; o++)
            {
                double sum = 0;
                for (int i = 0; i < one.Length; i++) sum += weights[o * layer.Inputs + i] * one[i];
                y[o] = bias[o] + sum;
            }
            return y;
        });
    }

    private double[][] Convolve(Convolution layer, double[][] x, Shape shape)
    {
        double[] weights = Weights(layer);
        double[]? bias = layer.Bias ? Of(layer, "bias") : null;
        return Each(x, one => Convolve(layer, weights, bias, one, shape));
    }

    private static double[] Convolve(Convolution layer, double[] weights, double[]? bias, double[] x, Shape shape)
    {
        Shape output = layer.Output(shape);
        var y = new double[output.Count];
        for (int o = 0; o < output.Channels; o++)
            for (int r = 0; r < output.Height; r++)
                for (int c = 0; c < output.Width; c++)
                {
                    double sum = bias?[o] ?? 0;
                    for (int i = 0; i < layer.Inputs; i++)
                        for (int kr = 0; kr < layer.Kernel; kr++)
                            for (int kc = 0; kc < layer.Kernel; kc++)
                            {
                                int row = r * layer.Stride + kr - layer.Padding, column = c * layer.Stride + kc - layer.Padding;
                                if (row < 0 || column < 0 || row >= shape.Height || column >= shape.Width) continue;
                                sum += weights[((o * layer.Inputs + i) * layer.Kernel + kr) * layer.Kernel + kc]
                                    * x[(i * shape.Height + row) * shape.Width + column];
                            }
                    y[(o * output.Height + r) * output.Width + c] = sum;
                }
        return y;
    }

    private double[][] ConvolveDepthwise(DepthwiseConvolution layer, double[][] x, Shape shape)
    {
        double[] weights = Weights(layer);
        double[]? bias = layer.Bias ? Of(layer, "bias") : null;
        return Each(x, one => ConvolveDepthwise(layer, weights, bias, one, shape));
    }

    private static double[] ConvolveDepthwise(DepthwiseConvolution layer, double[] weights, double[]? bias, double[] x, Shape shape)
    {
        Shape output = layer.Output(shape);
        var y = new double[output.Count];
        for (int channel = 0; channel < output.Channels; channel++)
            for (int r = 0; r < output.Height; r++)
                for (int c = 0; c < output.Width; c++)
                {
                    double sum = bias?[channel] ?? 0;
                    for (int kr = 0; kr < layer.Kernel; kr++)
                        for (int kc = 0; kc < layer.Kernel; kc++)
                        {
                            int row = r * layer.Stride + kr - layer.Padding, column = c * layer.Stride + kc - layer.Padding;
                            if (row < 0 || column < 0 || row >= shape.Height || column >= shape.Width) continue;
                            sum += weights[(channel * layer.Kernel + kr) * layer.Kernel + kc]
                                * x[(channel * shape.Height + row) * shape.Width + column];
                        }
                    y[(channel * output.Height + r) * output.Width + c] = sum;
                }
        return y;
    }

    private double[][] Normalize(BatchNormalization layer, double[][] x, Shape shape, bool training)
    {
        int pixels = shape.Height * shape.Width;
        double[][] y = Each(x, one => new double[one.Length]);
        for (int c = 0; c < shape.Channels; c++)
        {
            double[] all = [.. x.SelectMany(one => one.AsSpan(c * pixels, pixels).ToArray())];
            double mean = training ? all.Average() : Of(layer, "running_mean")[c];
            double variance = training ? all.Average(value => (value - mean) * (value - mean)) : Of(layer, "running_var")[c];
            (double scale, double bias) = (Of(layer, "weight")[c], Of(layer, "bias")[c]);
            for (int n = 0; n < x.Length; n++)
                for (int i = c * pixels; i < (c + 1) * pixels; i++)
                    y[n][i] = scale * (x[n][i] - mean) / Math.Sqrt(variance + 1e-5) + bias;
        }
        return y;
    }

    private double Rectify(double value)
    {
        if (value != 0) NearestToKink = Math.Min(NearestToKink, Math.Abs(value));
        return Math.Max(0, value);
    }

    private double Largest(double[] values)
    {
        double[] sorted = [.. values.OrderDescending()];
        if (sorted.Length > 1 && sorted[0] != sorted[1]) NearestToKink = Math.Min(NearestToKink, sorted[0] - sorted[1]);
        return sorted[0];
    }

    private static double[] Windows(double[] x, Shape shape, int size, Func<double[], double> of)
    {
        var y = new List<double>();
        for (int c = 0; c < shape.Channels; c++)
            for (int r = 0; r + size <= shape.Height; r += size)
                for (int k = 0; k + size <= shape.Width; k += size)
                    y.Add(of([.. from dr in Enumerable.Range(r, size)
                                 from dk in Enumerable.Range(k, size)
                                 select x[(c * shape.Height + dr) * shape.Width + dk]]));
        return [.. y];
    }

    private static double[] Pad(ZeroPad layer, double[] x, Shape shape)
    {
        Shape output = layer.Output(shape);
        var y = new double[output.Count];
        int before = (layer.Channels - shape.Channels) / 2;
        for (int c = 0; c < shape.Channels; c++)
            for (int r = 0; r < output.Height; r++)
                for (int k = 0; k < output.Width; k++)
                    y[((c + before) * output.Height + r) * output.Width + k] =
                        x[(c * shape.Height + r * layer.Stride) * shape.Width + k * layer.Stride];
        return y;
    }

    private sealed class Cases(PlainImages plain, double[][] x, Shape shape, bool training) : ILayerVisitor<double[][]>
    {
        public double[][] Visit(Linear layer) => plain.Linear(layer, x);

        public double[][] Visit(Convolution layer) => plain.Convolve(layer, x, shape);

        public double[][] Visit(DepthwiseConvolution layer) => plain.ConvolveDepthwise(layer, x, shape);

        public double[][] Visit(BatchNormalization layer) => plain.Normalize(layer, x, shape, training);

        public double[][] Visit(Relu layer) => Each(x, one => Array.ConvertAll(one, plain.Rectify));

        public double[][] Visit(MaxPool layer) => Each(x, one => Windows(one, shape, layer.Size, plain.Largest));

        public double[][] Visit(AveragePool layer) => Each(x, one => Windows(one, shape, layer.Size, values => values.Average()));

        public double[][] Visit(GlobalAveragePool layer) =>
            Each(x, one => [.. one.Chunk(shape.Height * shape.Width).Select(channel => channel.Average())]);

        public double[][] Visit(Flatten layer) => x;

        public double[][] Visit(Dropout layer) => x;

        public double[][] Visit(ZeroPad layer) => Each(x, one => Pad(layer, one, shape));

        public double[][] Visit(Residual layer) =>
            Sum(plain.Forward(layer.Body, x, shape, training), plain.Forward(layer.Shortcut, x, shape, training));
    }
}
