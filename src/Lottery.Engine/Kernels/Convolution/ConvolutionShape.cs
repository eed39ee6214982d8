namespace Lottery.Kernels;

/// <summary>The shape of one convolution over one tile of sixteen images.</summary>
/// <remarks>
/// An image buffer is <c>x[channel][row + border][column + border][16 lanes]</c>: the lanes of a pixel lie together, and
/// around every channel lies a border of zeros, so that no kernel has a case for edges. Only channels that are present
/// are in it.
/// </remarks>
/// <param name="Inputs">Input channels that are present.</param>
/// <param name="Outputs">Output channels that are present.</param>
/// <param name="Kernel">Rows and columns of the kernel.</param>
/// <param name="Stride">Pixels from one place of the kernel to the next, at least 1.</param>
/// <param name="Padding">Zeros around the image that the kernel is laid over; at most <paramref name="InputBorder"/>.</param>
/// <param name="Rows">Rows of an input channel, without border.</param>
/// <param name="Columns">Columns of an input channel, without border.</param>
/// <param name="InputBorder">Zeros around each channel of x, and of dx.</param>
/// <param name="OutputBorder">Zeros around each channel of y, and of dy.</param>
internal readonly record struct ConvolutionShape(
    int Inputs, int Outputs, int Kernel, int Stride, int Padding, int Rows, int Columns, int InputBorder, int OutputBorder)
{
    /// <summary>Images of a tile.</summary>
    public const int Lanes = 16;

    /// <summary>Rows of an output channel, without border.</summary>
    public int OutputRows => (Rows + 2 * Padding - Kernel) / Stride + 1;

    /// <summary>Columns of an output channel, without border.</summary>
    public int OutputColumns => (Columns + 2 * Padding - Kernel) / Stride + 1;

    /// <summary>Values from one row of x to the next.</summary>
    public int InputRow => (Columns + 2 * InputBorder) * Lanes;

    /// <summary>Values from one channel of x to the next.</summary>
    public int InputChannel => (Rows + 2 * InputBorder) * InputRow;

    /// <summary>Values of x, one tile.</summary>
    public int InputLength => Inputs * InputChannel;

    /// <summary>Values from one row of y to the next.</summary>
    public int OutputRow => (OutputColumns + 2 * OutputBorder) * Lanes;

    /// <summary>Values from one channel of y to the next.</summary>
    public int OutputChannel => (OutputRows + 2 * OutputBorder) * OutputRow;

    /// <summary>Values of y, one tile.</summary>
    public int OutputLength => Outputs * OutputChannel;

    /// <summary>From the start of a channel of x to the first pixel under the kernel at its first place.</summary>
    public int InputStart => (InputBorder - Padding) * (InputRow + Lanes);

    /// <summary>From the start of a channel of y to its first pixel.</summary>
    public int OutputStart => OutputBorder * (OutputRow + Lanes);

    /// <summary>Places of a kernel: its rows × columns.</summary>
    public int Taps => Kernel * Kernel;

    /// <summary>Outputs, rounded up to a multiple of 16: the dense layers' stored width.</summary>
    public int PaddedOutputs => (Outputs + 15) / 16 * 16;

    /// <summary>Stored weights of a dense layer, <c>[input][kernel row][kernel column][padded outputs]</c>, without biases.</summary>
    public int DenseWeights => Inputs * Taps * PaddedOutputs;

    /// <summary>Pixels of an output channel.</summary>
    public int OutputPixels => OutputRows * OutputColumns;

    /// <summary>Where an output channel's pixel (row by row) lies in y.</summary>
    public int OutputPlace(int output, int pixel) =>
        output * OutputChannel + OutputStart + pixel / OutputColumns * OutputRow + pixel % OutputColumns * Lanes;

    /// <summary>Where in x lies what a patch's row (input, kernel row, kernel column) multiplies for an output pixel.</summary>
    public int PatchPlace(int row, int pixel) => row / Taps * InputChannel + InputStart
        + (pixel / OutputColumns * Stride + row % Taps / Kernel) * InputRow
        + (pixel % OutputColumns * Stride + row % Kernel) * Lanes;

    /// <summary>True where that is a pixel, false where it is padding.</summary>
    public bool IsInside(int row, int pixel)
    {
        int r = pixel / OutputColumns * Stride + row % Taps / Kernel - Padding;
        int c = pixel % OutputColumns * Stride + row % Kernel - Padding;
        return r >= 0 && r < Rows && c >= 0 && c < Columns;
    }

    /// <summary>Where in x the 4×4 pixels begin that a 2×2 tile of outputs depends on (3×3, stride 1, 'same').</summary>
    public int TileInputPlace(int input, int tile) => input * InputChannel + InputStart
        + tile / (OutputColumns / 2) * 2 * InputRow + tile % (OutputColumns / 2) * 2 * Lanes;

    /// <summary>Where in y a 2×2 tile of outputs begins.</summary>
    public int TileOutputPlace(int output, int tile) => output * OutputChannel + OutputStart
        + tile / (OutputColumns / 2) * 2 * OutputRow + tile % (OutputColumns / 2) * 2 * Lanes;

    /// <summary>The convolution of dy that gives dx: inputs and outputs exchanged (3×3, stride 1, 'same').</summary>
    public ConvolutionShape Turned() =>
        this with { Inputs = Outputs, Outputs = Inputs, InputBorder = OutputBorder, OutputBorder = InputBorder };
}
