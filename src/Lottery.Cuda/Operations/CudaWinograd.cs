using Lottery.Cuda.Driver;
using Lottery.Kernels.Convolution;
using Lottery.Operations;

namespace Lottery.Cuda.Operations;

/// <summary>A convolution that stores every weight, by Winograd's F(2×2, 3×3).</summary>
/// <param name="of">The operation.</param>
internal sealed class CudaWinograd(DenseConvolutionOperation of) : CudaDenseConvolution(of)
{
    private const int TargetsOfWarp = 8, WarpsOfBlock = 4, Points = DenseConvolution.Points;
    private const int ChunkBytes = 16 * TargetsOfWarp * Points * sizeof(float), PartBytes = 2 * Points * 16 * 20 * sizeof(float);

    private ulong _forward, _backward, _weights, _sums;

    /// <inheritdoc/>
    protected override long Sums => (long)Points * Operation.Padded(Shape.Inputs) * Shape.PaddedOutputs;

    /// <inheritdoc/>
    protected override int Columns => Shape.OutputPixels / 4;

    /// <inheritdoc/>
    public override void Load(IDevice device, ICommands commands, CudaBuffers buffers)
    {
        base.Load(device, commands, buffers);
        _forward = Table<CudaSquares>(device, commands, [new(Shape)]);
        _backward = Table<CudaSquares>(device, commands, [new(Shape.Transposed())]);
        _weights = Allocate(device, sizeof(float) * (long)Points * Math.Max(
            Shape.Inputs * Operation.Padded(Shape.Outputs, TargetsOfWarp), Shape.Outputs * Operation.Padded(Shape.Inputs, TargetsOfWarp)));
        _sums = Allocate(device, sizeof(float) * Sums);
    }

    /// <inheritdoc/>
    public override void Forward(in CudaPass pass) =>
        Convolve(pass, Shape, _forward, turned: false, BiasOf(pass), pass.X[Of.Input], 0, pass.X[Of.Output], Relu);

    /// <inheritdoc/>
    protected override void BackwardInput(in CudaPass pass) => Convolve(
        pass, Shape.Transposed(), _backward, turned: true, 0, pass.Dx![Of.Output], pass.ReluMask(Of.Input), pass.Dx[Of.Input], relu: false);

    /// <inheritdoc/>
    protected override void BackwardWeights(in CudaPass pass, ulong parts, int first, int panels) => pass.Run(
        "winograd/point_parts", (CudaPass.Blocks(Shape.Inputs, 16) * CudaPass.Blocks(Shape.Outputs, 16), panels, 1), 256, PartBytes,
        _forward, pass.X[Of.Input], pass.Dx![Of.Output], parts, first);

    /// <inheritdoc/>
    protected override ulong SumsOf(in CudaPass pass) => _sums;

    /// <inheritdoc/>
    protected override void EndWeights(in CudaPass pass) => pass.Run(
        "winograd/filter_gradient", (CudaPass.Blocks((long)Shape.Inputs * Shape.PaddedOutputs, 128), 1, 1), 128, 0,
        _sums, pass.GradientOf(Of), Shape.Inputs, Shape.Outputs);

    private void Convolve(
        in CudaPass pass, in ConvolutionShape shape, ulong squares, bool turned, ulong bias, ulong source, ulong gate, ulong target, bool relu)
    {
        int groups = CudaPass.Blocks(shape.Outputs, TargetsOfWarp);
        pass.Run("winograd/filter", (CudaPass.Blocks((long)groups * TargetsOfWarp * shape.Inputs, 128), 1, 1), 128, 0,
            pass.ParametersOf(Of), _weights, shape.Inputs, shape.Outputs, Shape.PaddedOutputs, turned);
        pass.Run("winograd/points", (CudaPass.Blocks(Columns, WarpsOfBlock), groups, pass.X.ImageTiles), 32 * WarpsOfBlock, ChunkBytes,
            squares, _weights, bias, source, gate, target, relu);
    }
}
