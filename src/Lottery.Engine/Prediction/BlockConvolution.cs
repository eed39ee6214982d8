using System.Runtime.CompilerServices;
using Lottery.Kernels.Convolution;
using Lottery.Numerics;

namespace Lottery.Prediction;

/// <summary>
/// A convolution that stores every weight and goes by Winograd's transforms among many: the image is cut into up to
/// sixteen blocks, each with the pixels around it, which lie in the kernel's lanes as sixteen images would. Blocks begin
/// at even rows and columns, so that every 2×2 tile of outputs is computed as it is among many, to the bit.
/// </summary>
internal sealed class BlockConvolution : AloneStep
{
    private const int Lanes = ConvolutionShape.Lanes;
    private readonly Plane _source, _target;
    private readonly ConvolutionShape _shape;
    private readonly AlignedBuffer<float> _packed;
    private readonly float[] _bias;
    private readonly int _across;
    private readonly (int From, int X, int Y, int Work, int To) _buffers;
    private readonly bool _relu;

    /// <param name="source">The image in a border of one zero.</param>
    /// <param name="target">The image after.</param>
    /// <param name="whole">The convolution of the whole image.</param>
    /// <param name="packed">Its packed weights, which this takes over.</param>
    /// <param name="bias"><c>[outputs]</c>, or nothing.</param>
    /// <param name="make">Makes a buffer of that length.</param>
    /// <param name="ends">Where the input lies and the output goes.</param>
    /// <param name="relu">Whether a ReLU follows.</param>
    public BlockConvolution(
        Plane source, Plane target, ConvolutionShape whole, AlignedBuffer<float> packed, float[] bias, Func<int, int> make,
        (int From, int To) ends, bool relu)
    {
        (_source, _target, _packed, _bias, _relu) = (source, target, packed, bias, relu);
        (int down, _across) = Blocks(target);
        _shape = whole with { Rows = target.Rows / down, Columns = target.Columns / _across, InputBorder = 1, OutputBorder = 1 };
        _buffers = (ends.From, make(_shape.InputLength), make(_shape.OutputLength), make(DenseConvolution.WorkspaceLength(_shape)), ends.To);
    }

    public override void Run(AloneRoom room)
    {
        Span<float> x = room[_buffers.X], y = room[_buffers.Y];
        Gather(room[_buffers.From], x);
        room.Kernels.Run(new ConvolutionForward
        {
            Shape = _shape, Packed = _packed.Span, Bias = _bias, X = x, Y = y, Workspace = room[_buffers.Work], Relu = _relu,
        });
        Scatter(y, room[_buffers.To]);
    }

    public override void Dispose() => _packed.Dispose();

    /// <summary>The most blocks of even sides down and across that lanes have room for.</summary>
    private static (int Down, int Across) Blocks(Plane image) =>
        (from down in Enumerable.Range(1, Lanes)
         from across in Enumerable.Range(1, Lanes / down)
         where image.Rows % (2 * down) == 0 && image.Columns % (2 * across) == 0
         orderby down * across descending, Math.Abs(down - across)
         select (down, across)).First();

    private int Block(Plane plane, int lane) => plane.At(0, lane / _across * _shape.Rows, lane % _across * _shape.Columns);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Gather(ReadOnlySpan<float> image, Span<float> x)
    {
        Span<int> blocks = stackalloc int[Lanes];
        int live = _target.Rows / _shape.Rows * _across, place = 0;
        for (int lane = 0; lane < live; lane++) blocks[lane] = Block(_source, lane);
        for (int channel = 0; channel < _shape.Inputs; channel++)
            for (int row = 0; row < _shape.Rows + 2; row++)
            {
                ReadOnlySpan<float> line = image[_source.At(channel, row, 0)..];
                for (int column = 0; column < _shape.Columns + 2; column++, place += Lanes)
                    for (int lane = 0; lane < live; lane++) x[place + lane] = line[blocks[lane] + column];
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Scatter(ReadOnlySpan<float> y, Span<float> image)
    {
        Span<int> blocks = stackalloc int[Lanes];
        int live = _target.Rows / _shape.Rows * _across;
        for (int lane = 0; lane < live; lane++) blocks[lane] = Block(_target, lane);
        for (int channel = 0; channel < _shape.Outputs; channel++)
            for (int row = 0; row < _shape.OutputRows; row++)
            {
                Span<float> line = image[_target.At(channel, row, 0)..];
                int place = channel * _shape.OutputChannel + _shape.OutputStart + row * _shape.OutputRow;
                for (int column = 0; column < _shape.OutputColumns; column++, place += Lanes)
                    for (int lane = 0; lane < live; lane++) line[blocks[lane] + column] = y[place + lane];
            }
    }
}
