using Lottery.Networks;

namespace Lottery.Formats.Onnx;

/// <summary>The weights of imported layers, brought into the form that layers here have.</summary>
internal static class OnnxWeights
{
    /// <summary>A matrix of <paramref name="rows"/> × <paramref name="columns"/> with rows and columns exchanged.</summary>
    public static float[] Transposed(float[] values, int rows, int columns)
    {
        var transposed = new float[values.Length];
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < columns; c++)
                transposed[c * rows + r] = values[r * columns + c];
        return transposed;
    }

    /// <summary>Weights <c>[outputs, inputs]</c> whose inputs are an image flattened with channels last, for one with channels first.</summary>
    public static float[] ChannelsFirst(float[] weights, int outputs, Shape image)
    {
        var moved = new float[weights.Length];
        int inputs = image.Count, pixels = image.Height * image.Width;
        for (int o = 0; o < outputs; o++)
            for (int pixel = 0; pixel < pixels; pixel++)
                for (int c = 0; c < image.Channels; c++)
                    moved[o * inputs + c * pixels + pixel] = weights[o * inputs + pixel * image.Channels + c];
        return moved;
    }

    /// <summary>Weights <c>[outputs, selected]</c> with zeros for the inputs that are not selected.</summary>
    public static float[] Spread(float[] weights, int outputs, long[] selected, int inputs)
    {
        var spread = new float[checked(outputs * inputs)];
        for (int o = 0; o < outputs; o++)
            for (int i = 0; i < selected.Length; i++) spread[o * inputs + selected[i]] = weights[o * selected.Length + i];
        return spread;
    }

    /// <summary>Multiplies every value.</summary>
    public static float[] Scaled(float[] values, float factor)
    {
        if (factor != 1)
            for (int i = 0; i < values.Length; i++) values[i] *= factor;
        return values;
    }

    /// <summary>Folds a batch normalization with running statistics into the layer before it, computed in double precision.</summary>
    public static void Fold(float[] weights, float[] bias, float[] scale, float[] shift, float[] mean, float[] variance, float epsilon)
    {
        int each = weights.Length / bias.Length;
        for (int o = 0; o < bias.Length; o++)
        {
            double factor = scale[o] / Math.Sqrt((double)variance[o] + epsilon);
            for (int i = 0; i < each; i++) weights[o * each + i] = (float)(weights[o * each + i] * factor);
            bias[o] = (float)((bias[o] - (double)mean[o]) * factor + shift[o]);
        }
    }

    /// <summary>
    /// Brings the running variance of a normalization to the ε of layers here, 1e-5: variance + ε stays the same. Where it would
    /// be negative, scale and variance are multiplied instead.
    /// </summary>
    public static void SetEpsilon(float[] scale, float[] variance, float epsilon)
    {
        const double Here = 1e-5;
        if (epsilon == (float)Here) return;
        for (int c = 0; c < variance.Length; c++)
        {
            double sum = (double)variance[c] + epsilon;
            if (sum > Here)
            {
                variance[c] = (float)(sum - Here);
                continue;
            }
            variance[c] = 0;
            scale[c] = (float)(scale[c] * Math.Sqrt(Here / sum));
        }
    }
}
