using Lottery.Cuda.Driver;
using Lottery.Operations;

namespace Lottery.Cuda.Operations;

/// <summary>A convolution that stores every weight, by patches.</summary>
/// <param name="of">The operation.</param>
internal sealed class CudaPatches(DenseConvolutionOperation of) : CudaDenseConvolution(of)
{
    private const int MostWarps = 4, Tile = 32, SharedBytes = 2 * Tile * 68 * sizeof(float);

    private CudaGrid _grid;
    private ulong _gridAddress, _offsets;

    /// <inheritdoc/>
    protected override long Sums => Shape.DenseWeights;

    /// <inheritdoc/>
    protected override int Columns => Shape.OutputPixels;

    private int PatchRows => Shape.Inputs * Shape.KernelArea;

    /// <inheritdoc/>
    public override void Load(IDevice device, ICommands commands, CudaBuffers buffers)
    {
        base.Load(device, commands, buffers);
        _grid = CudaGrid.Forward(Shape);
        _gridAddress = Table(device, commands, [_grid]);
        _offsets = Table<int>(device, commands, [.. Enumerable.Range(0, PatchRows).Select(row =>
            row / Shape.KernelArea * 2 * Shape.InputChannel + row % Shape.KernelArea / Shape.Kernel * 2 * Shape.InputRow
            + row % Shape.Kernel * CudaBuffers.ImageLanes)]);
    }

    /// <inheritdoc/>
    public override void Forward(in CudaPass pass)
    {
        (string kernel, int blocks) = _grid.Blocked("patches", "patches", mostRows: 2);
        (int warps, int groups) = Groups(Shape.Outputs);
        pass.Run(kernel, (blocks, groups, pass.X.ImageTiles), 32 * warps, 0,
            _gridAddress, _offsets, PatchRows, pass.ParametersOf(Of), Shape.PaddedOutputs, BiasOf(pass), pass.X[Of.Input], pass.X[Of.Output], Relu);
    }

    /// <inheritdoc/>
    protected override void BackwardInput(in CudaPass pass)
    {
        (int warps, int groups) = Groups(Shape.Inputs);
        pass.Run("patches/patches_input", (Shape.Rows * Shape.Columns, groups, pass.X.ImageTiles), 32 * warps, 0,
            ShapeAddress, pass.ParametersOf(Of), pass.Dx![Of.Output], pass.ReluMask(Of.Input), pass.Dx[Of.Input]);
    }

    /// <inheritdoc/>
    protected override void BackwardWeights(in CudaPass pass, ulong parts, int first, int panels) => pass.Run(
        "patches/patches_parts", (CudaPass.Blocks(PatchRows, Tile) * CudaPass.Blocks(Shape.Outputs, Tile), panels, 1), 64, SharedBytes,
        ShapeAddress, pass.X[Of.Input], pass.Dx![Of.Output], parts, first);

    /// <summary>Warps of a block, each for four channels, and the number of blocks that all channels need.</summary>
    private static (int Warps, int Groups) Groups(int channels)
    {
        int fours = (channels + 3) / 4, warps = Math.Clamp(fours, 1, MostWarps);
        return (warps, CudaPass.Blocks(fours, warps));
    }
}
