namespace Lottery.Kernels.Convolution;

/// <summary>The shape of one convolution over one lane group, sixteen images.</summary>
/// <remarks>
/// An image buffer is <c>x[channel][row + border][column + border][16 lanes]</c>: the lanes of a pixel are contiguous, and
/// every channel has a border of zeros, so that no kernel needs a case for edges. It holds only the channels that are
/// present.
/// </remarks>
/// <param name="Inputs">Input channels that are present.</param>
/// <param name="Outputs">Output channels that are present.</param>
/// <param name="Kernel">Rows and columns of the kernel.</param>
/// <param name="Stride">Pixels from one position of the kernel to the next, at least 1.</param>
/// <param name="Padding">Zeros around the image that the kernel covers; at most <paramref name="InputBorder"/>.</param>
/// <param name="Rows">Rows of an input channel, without border.</param>
/// <param name="Columns">Columns of an input channel, without border.</param>
/// <param name="InputBorder">Zeros around each channel of x, and of dx.</param>
/// <param name="OutputBorder">Zeros around each channel of y, and of dy.</param>
internal readonly record struct ConvolutionShape(
    int Inputs, int Outputs, int Kernel, int Stride, int Padding, int Rows, int Columns, int InputBorder, int OutputBorder)
{
    /// <summary>Images of a lane group.</summary>
    public const int Lanes = 16;

    /// <summary>Whether there is at least one output, and the borders are wide enough.</summary>
    public bool IsValid => this is { Inputs: > 0, Outputs: > 0, Kernel: > 0, Stride: > 0, OutputBorder: >= 0, OutputRows: > 0, OutputColumns: > 0 }
        && InputBorder >= Padding && Padding >= 0;

    /// <summary>Rows of an output channel, without border.</summary>
    public int OutputRows => (Rows + 2 * Padding - Kernel) / Stride + 1;

    /// <summary>Columns of an output channel, without border.</summary>
    public int OutputColumns => (Columns + 2 * Padding - Kernel) / Stride + 1;

    /// <summary>Values from one row of x to the next.</summary>
    public int InputRow => (Columns + 2 * InputBorder) * Lanes;

    /// <summary>Values from one channel of x to the next.</summary>
    public int InputChannel => (Rows + 2 * InputBorder) * InputRow;

    /// <summary>Values of x, one lane group.</summary>
    public int InputLength => Inputs * InputChannel;

    /// <summary>Values from one row of y to the next.</summary>
    public int OutputRow => (OutputColumns + 2 * OutputBorder) * Lanes;

    /// <summary>Values from one channel of y to the next.</summary>
    public int OutputChannel => (OutputRows + 2 * OutputBorder) * OutputRow;

    /// <summary>Values of y, one lane group.</summary>
    public int OutputLength => Outputs * OutputChannel;

    /// <summary>From the start of a channel of x to the first pixel under the kernel at its first position.</summary>
    public int InputStart => (InputBorder - Padding) * (InputRow + Lanes);

    /// <summary>From the start of a channel of y to its first pixel.</summary>
    public int OutputStart => OutputBorder * (OutputRow + Lanes);

    /// <summary>The kernel's rows × columns.</summary>
    public int KernelArea => Kernel * Kernel;

    /// <summary>Outputs, rounded up to a multiple of 16: the dense layers' stored width.</summary>
    public int PaddedOutputs => (Outputs + 15) / 16 * 16;

    /// <summary>Stored weights of a dense layer, <c>[input][kernel row][kernel column][padded outputs]</c>, without biases.</summary>
    public int DenseWeights => Inputs * KernelArea * PaddedOutputs;

    /// <summary>Pixels of an output channel.</summary>
    public int OutputPixels => OutputRows * OutputColumns;

    /// <summary>The offset in y of an output channel's pixel (row by row).</summary>
    public int OutputOffset(int output, int pixel) =>
        output * OutputChannel + OutputStart + pixel / OutputColumns * OutputRow + pixel % OutputColumns * Lanes;

    /// <summary>The offset in x of what a patch's row (input, kernel row, kernel column) multiplies for an output pixel.</summary>
    public int PatchOffset(int row, int pixel) => row / KernelArea * InputChannel + InputStart
        + (pixel / OutputColumns * Stride + row % KernelArea / Kernel) * InputRow
        + (pixel % OutputColumns * Stride + row % Kernel) * Lanes;

    /// <summary>True where that is a pixel, false where it is padding.</summary>
    public bool IsInside(int row, int pixel)
    {
        int r = pixel / OutputColumns * Stride + row % KernelArea / Kernel - Padding;
        int c = pixel % OutputColumns * Stride + row % Kernel - Padding;
        return r >= 0 && r < Rows && c >= 0 && c < Columns;
    }

    /// <summary>The offset in x of the 4×4 pixels that a 2×2 tile of outputs depends on (3×3, stride 1, 'same').</summary>
    public int TileInputOffset(int input, int tile) => input * InputChannel + InputStart
        + tile / (OutputColumns / 2) * 2 * InputRow + tile % (OutputColumns / 2) * 2 * Lanes;

    /// <summary>The offset in y of a 2×2 tile of outputs.</summary>
    public int TileOutputOffset(int output, int tile) => output * OutputChannel + OutputStart
        + tile / (OutputColumns / 2) * 2 * OutputRow + tile % (OutputColumns / 2) * 2 * Lanes;

    /// <summary>The convolution of dy that gives dx: inputs and outputs exchanged (3×3, stride 1, 'same').</summary>
    public ConvolutionShape Transposed() =>
        this with { Inputs = Outputs, Outputs = Inputs, InputBorder = OutputBorder, OutputBorder = InputBorder };
}
