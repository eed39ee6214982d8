using Lottery.Cuda.Driver;
using Lottery.Kernels.Convolution;
using Lottery.Operations;

namespace Lottery.Cuda.Operations;

/// <summary>A convolution that stores every weight, by Winograd's F(2×2, 3×3).</summary>
/// <param name="of">The operation.</param>
internal sealed class CudaWinograd(DenseConvolutionOperation of) : CudaDenseConvolution(of)
{
    private const int MostTargets = 32, Points = DenseConvolution.Points;

    private ulong _forward, _backward, _weights, _sums;

    /// <inheritdoc/>
    protected override long Sums => (long)Points * SumRows * SumColumns;

    /// <inheritdoc/>
    protected override int Columns => Shape.OutputPixels / 4;

    /// <summary>With so many blocks there is enough to do at once without panels.</summary>
    protected override bool AddsInOrder => SumBlocks >= 200;

    /// <summary>Sources, and targets, of a block of the weights' gradient.</summary>
    private int Side => Math.Min(Shape.Inputs, Shape.Outputs) <= 16 ? 16 : 32;

    private int SumRows => Operation.Padded(Shape.Inputs, Side);

    private int SumColumns => Operation.Padded(Shape.Outputs, Side);

    private int SumBlocks => SumRows / Side * (SumColumns / Side);

    /// <inheritdoc/>
    public override void Load(IDevice device, ICommands commands, CudaBuffers buffers)
    {
        base.Load(device, commands, buffers);
        _forward = Table<CudaSquares>(device, commands, [new(Shape)]);
        _backward = Table<CudaSquares>(device, commands, [new(Shape.Transposed())]);
        _weights = Allocate(device, sizeof(float) * (long)Points * Math.Max(
            Shape.Inputs * Operation.Padded(Shape.Outputs, MostTargets), Shape.Outputs * Operation.Padded(Shape.Inputs, MostTargets)));
        _sums = Allocate(device, sizeof(float) * Sums);
    }

    /// <inheritdoc/>
    public override void Forward(in CudaPass pass) =>
        Convolve(pass, Shape, _forward, turned: false, BiasOf(pass), pass.X[Of.Input], 0, pass.X[Of.Output], Relu);

    /// <inheritdoc/>
    protected override void BackwardInput(in CudaPass pass) => Convolve(
        pass, Shape.Transposed(), _backward, turned: true, 0, pass.Dx![Of.Output], pass.ReluMask(Of.Input), pass.Dx[Of.Input], relu: false);

    /// <inheritdoc/>
    protected override void BackwardWeights(in CudaPass pass, ulong parts, int first, int panels)
    {
        int pointBytes = (8 * (Side + 4) + (Side == 16 ? 8 : 0)) * sizeof(float);
        pass.Run($"winograd/point_parts_{Side}", (SumBlocks, AddsInOrder ? 1 : panels, 1), Side * Side / 4, 2 * Points * pointBytes,
            _forward, pass.X[Of.Input], pass.Dx![Of.Output], parts, first, panels, AddsInOrder);
    }

    /// <inheritdoc/>
    protected override ulong SumsOf(in CudaPass pass) => _sums;

    /// <inheritdoc/>
    protected override void EndWeights(in CudaPass pass) => pass.Run(
        "winograd/filter_gradient", (CudaPass.Blocks((long)Shape.Inputs * Shape.PaddedOutputs, 128), 1, 1), 128, 0,
        _sums, pass.GradientOf(Of), Shape.Inputs, Shape.Outputs, SumRows, SumColumns);

    private void Convolve(
        in CudaPass pass, in ConvolutionShape shape, ulong squares, bool turned, ulong bias, ulong source, ulong gate, ulong target, bool relu)
    {
        int slots = Columns * pass.X.ImageTiles;
        (int targets, int slotsOfBlock) = Block(shape.Outputs, slots);
        int groups = CudaPass.Blocks(shape.Outputs, targets), warps = groups * (targets / 8) * CudaPass.Blocks(shape.Inputs, 4);
        pass.Run("winograd/filter", (CudaPass.Blocks(warps, 4), 1, 1), 128, 0,
            pass.ParametersOf(Of), _weights, shape.Inputs, shape.Outputs, Shape.PaddedOutputs, turned, targets);
        pass.Run($"winograd/points_{targets}x{slotsOfBlock}", (CudaPass.Blocks(slots, slotsOfBlock), groups, 1), 8 * targets * slotsOfBlock,
            2 * 4 * Points * (targets + 32 * slotsOfBlock) * sizeof(float), squares, slots, _weights, bias, source, gate, target, relu);
    }

    /// <summary>Targets and slots of a block: as many as share most of what is loaded and still leave each multiprocessor a block.</summary>
    private static (int Targets, int Slots) Block(int targets, int slots)
    {
        const int most = 120, least = 80;
        if (targets <= 16) return (16, CudaPass.Blocks(slots, 2) >= 2 * most ? 2 : 1);
        int groups = CudaPass.Blocks(targets, MostTargets);
        return groups * CudaPass.Blocks(slots, 2) >= most ? (32, 2) : groups * slots >= least ? (32, 1) : (16, 1);
    }
}
