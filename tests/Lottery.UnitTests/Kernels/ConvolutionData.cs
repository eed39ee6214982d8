using Lottery.Kernels.Convolution;

namespace Lottery.UnitTests.Kernels;

/// <summary>Images with borders of zeros, weights as they are stored, and every product of a convolution, plainly.</summary>
internal static class ConvolutionData
{
    /// <summary>Tiles of input images, and a guard.</summary>
    public static float[] Inputs(this CaseData data, ConvolutionShape shape, int tiles = 1) =>
        Images(data, tiles * shape.Inputs, shape.Rows, shape.Columns, shape.InputBorder);

    /// <summary>Tiles of output images, and a guard.</summary>
    public static float[] Outputs(this CaseData data, ConvolutionShape shape, int tiles = 1) =>
        Images(data, tiles * shape.Outputs, shape.OutputRows, shape.OutputColumns, shape.OutputBorder);

    /// <summary>Weights, zero where outputs fill the last sixteen, and a guard.</summary>
    public static float[] Weights(this CaseData data, ConvolutionShape shape)
    {
        float[] weights = data.Values(shape.DenseWeights);
        for (int i = 0; i < shape.DenseWeights; i++)
            if (i % shape.PaddedOutputs >= shape.Outputs) weights[i] = 0;
        return weights;
    }

    /// <summary>Indices in x, y and the weights of every product of one lane of one tile.</summary>
    public static IEnumerable<(int X, int Y, int W)> Products(ConvolutionShape s)
    {
        for (int output = 0; output < s.Outputs; output++)
            for (int input = 0; input < s.Inputs; input++)
                for (int kernelIndex = 0; kernelIndex < s.Kernel * s.Kernel; kernelIndex++)
                    for (int row = 0; row < s.OutputRows; row++)
                        for (int column = 0; column < s.OutputColumns; column++)
                        {
                            int r = row * s.Stride + kernelIndex / s.Kernel - s.Padding, c = column * s.Stride + kernelIndex % s.Kernel - s.Padding;
                            if (r < 0 || c < 0 || r >= s.Rows || c >= s.Columns) continue;
                            yield return (Index(input, r, c, s.Rows, s.Columns, s.InputBorder),
                                          Index(output, row, column, s.OutputRows, s.OutputColumns, s.OutputBorder),
                                          (input * s.Kernel * s.Kernel + kernelIndex) * s.PaddedOutputs + output);
                        }
    }

    /// <summary>Where a pixel's lanes begin.</summary>
    public static int Index(int channel, int row, int column, int rows, int columns, int border) =>
        ((channel * (rows + 2 * border) + row + border) * (columns + 2 * border) + column + border) * 16;

    private static float[] Images(CaseData data, int channels, int rows, int columns, int border)
    {
        float[] images = CaseData.Target(Index(channels, -border, -border, rows, columns, border));
        Array.Clear(images, 0, images.Length - CaseData.Guard);
        for (int channel = 0; channel < channels; channel++)
            for (int row = 0; row < rows; row++)
                data.Values(columns * 16).AsSpan(0, columns * 16)
                    .CopyTo(images.AsSpan(Index(channel, row, 0, rows, columns, border)));
        return images;
    }
}
