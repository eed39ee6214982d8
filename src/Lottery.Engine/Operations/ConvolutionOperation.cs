using System.Runtime.CompilerServices;
using Lottery.Kernels;
using Lottery.Kernels.Convolution;
using Lottery.Kernels.Prediction;
using Lottery.Networks;

namespace Lottery.Operations;

/// <summary>A convolution and the ReLU that follows it.</summary>
internal abstract class ConvolutionOperation : Operation
{
    private readonly KernelWindow _window;

    /// <summary>The operation of a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="window">Its kernel.</param>
    /// <param name="network">Its network.</param>
    /// <param name="input">The tensor that it reads.</param>
    /// <param name="output">The tensor that it writes.</param>
    /// <param name="convolved">The convolution's result, if the operation does more than convolve.</param>
    protected ConvolutionOperation(
        Layer layer, KernelWindow window, Network network, PlanTensor input, PlanTensor output, PlanTensor? convolved = null)
        : base(layer.Name, input, output)
    {
        (_window, Convolved) = (window, convolved ?? output);
        Shape = ShapeOf(window, input, Convolved);
        Weight = network.IndexOf($"{layer.Name}.weight");
        Bias = layer.Parameters.Length > 1 ? network.IndexOf($"{layer.Name}.bias") : -1;
    }

    /// <summary>The convolution over live channels.</summary>
    public ConvolutionShape Shape { get; }

    /// <summary>The convolution's result: the output, unless the operation does more than convolve.</summary>
    public PlanTensor Convolved { get; }

    /// <inheritdoc/>
    public sealed override bool IsTiled => true;

    /// <summary>True if a ReLU follows.</summary>
    protected bool Relu => Convolved.HasRelu;

    /// <summary>The weights' index among the network's parameters.</summary>
    protected int Weight { get; }

    /// <summary>The biases' index among the network's parameters; −1 without biases.</summary>
    protected int Bias { get; }

    /// <summary>True with biases.</summary>
    protected bool HasBias => Bias >= 0;

    /// <summary>The shape of a convolution between two tensors.</summary>
    public static ConvolutionShape ShapeOf(KernelWindow window, PlanTensor from, PlanTensor to)
    {
        ImageLayout input = from.Layout, output = to.Layout;
        return new(
            input.Channels, output.Channels, window.Size, window.Stride, window.Padding, input.Rows, input.Columns, input.Border, output.Border);
    }

    /// <inheritdoc/>
    public override void AddTo(SinglePlanBuilder single)
    {
        (int from, Plane plane) = single[Input];
        Plane output = Plane.Of(Convolved);
        if (_window.Stride > 1 || _window.Padding > 0)
        {
            int phases = Phases, around = (_window.Size - 1) / _window.Stride;
            Plane grid = Plane.Of(plane.Channels * phases * phases, output.Rows + around, output.Columns + around);
            int to = single.NewBuffer(grid.Length);
            single.Add(new Arrange(plane, grid, (phases, _window.Stride, _window.Padding), from, to));
            (from, plane) = (to, grid);
        }
        AddConvolution(single, from, plane, output);
    }

    /// <summary>Adds the step that convolves a single example.</summary>
    /// <param name="single">The steps so far.</param>
    /// <param name="from">The buffer of the arranged input.</param>
    /// <param name="plane">The layout of the arranged input.</param>
    /// <param name="output">The layout of the result where nothing asks for another.</param>
    protected abstract void AddConvolution(SinglePlanBuilder single, int from, Plane plane, Plane output);

    /// <summary>Adds the step that multiplies listed weights of an arranged input.</summary>
    /// <param name="single">The steps so far.</param>
    /// <param name="from">The buffer of the arranged input.</param>
    /// <param name="plane">The layout of the arranged input.</param>
    /// <param name="output">The layout of the result, but for the distance of rows and channels.</param>
    /// <param name="rows">For each live output its kept weights.</param>
    protected void AddListed(SinglePlanBuilder single, int from, Plane plane, Plane output, KeptRows rows)
    {
        (int size, int stride, int phases) = (_window.Size, _window.Stride, Phases);
        int area = size * size;
        // Weights of live outputs are between live channels; the positions of dead ones stay 0.
        var offsets = new int[Input.Shape.Channels * area];
        foreach ((int i, int channel) in Input.Live.Index())
            for (int offset = 0; offset < area; offset++)
                offsets[channel * area + offset] = i * phases * phases * plane.Channel + plane.At(
                    offset / size % stride * phases + offset % size % stride, offset / size / stride, offset % size / stride);
        float[] bias = HasBias ? single.Weights[Bias].ToArray() : [];
        int around = (size - 1) / stride, spread = (phases * phases - 1) * plane.Channel + around * (plane.Row + 1);
        int run = (output.Rows - 1) * plane.Row + output.Columns;
        var table = new SingleConvolutionTable(
            rows, single.Weights[Weight], offsets, Array.ConvertAll(Input.Live, channel => channel * area),
            HasBias ? Array.ConvertAll(Convolved.Live, channel => bias[channel]) : [], spread, run);
        single.Extend(from, table.SourceLength);
        int to = single.Allocate(Convolved, new(output.Channels, output.Rows, output.Columns, plane.Row, table.SpanLength)).Buffer;
        single.Add(new Listed(table, from, to, Relu));
    }

    /// <summary>The biases among the layer's parameters; nothing without biases.</summary>
    protected ReadOnlySpan<float> BiasesOf(in ForwardContext context) =>
        HasBias ? context.ParametersOf(this)[Parameters[1].Start..] : default;

    private int Phases => Math.Min(_window.Stride, _window.Size);

    /// <summary>The convolution of a single example over its listed weights; the input is arranged first (<see cref="Arrange"/>).</summary>
    private sealed class Listed(SingleConvolutionTable table, int from, int to, bool relu) : SingleStep
    {
        public override void Run(SingleBuffers buffers) => buffers.Kernels.Run(new SingleConvolutionForward
        {
            Table = table, X = buffers[from], Y = buffers[to], Relu = relu,
        });

        public override void Dispose() => table.Dispose();
    }

    /// <summary>
    /// Arranges an image for a convolution: with its padding, and for a stride of s split into s × s images of every s-th row
    /// and column, so that what one weight multiplies lies together.
    /// </summary>
    /// <param name="source">The image before.</param>
    /// <param name="grid">The images after: of each channel s × s, or fewer where the kernel is smaller.</param>
    /// <param name="geometry">Phases along a side, stride, padding.</param>
    /// <param name="from">The image's buffer.</param>
    /// <param name="to">The arranged images' buffer: zeros wherever this step does not write.</param>
    private sealed class Arrange(
        Plane source, Plane grid, (int Phases, int Stride, int Padding) geometry, int from, int to) : SingleStep
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Run(SingleBuffers buffers)
        {
            ReadOnlySpan<float> x = buffers[from];
            Span<float> y = buffers[to];
            (int phases, int stride, int padding) = geometry;
            for (int channel = 0; channel < source.Channels; channel++)
                for (int phase = 0; phase < phases * phases; phase++)
                    for (int row = 0; row < grid.Rows; row++)
                    {
                        int sourceRow = row * stride + phase / phases - padding, shift = phase % phases - padding;
                        if (sourceRow < 0 || sourceRow >= source.Rows) continue;
                        int first = shift < 0 ? (-shift + stride - 1) / stride : 0;
                        int end = Math.Min(grid.Columns, (source.Columns - 1 - shift) / stride + 1);
                        if (end <= first) continue;
                        ReadOnlySpan<float> pixels = x[source.At(channel, sourceRow, first * stride + shift)..];
                        Span<float> target = y.Slice(grid.At(channel * phases * phases + phase, row, first), end - first);
                        if (stride == 1) pixels[..target.Length].CopyTo(target);
                        else for (int i = 0; i < target.Length; i++) target[i] = pixels[i * stride];
                    }
        }
    }
}
