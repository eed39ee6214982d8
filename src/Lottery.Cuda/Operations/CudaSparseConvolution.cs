using Lottery.Cuda.Driver;
using Lottery.Operations;

namespace Lottery.Cuda.Operations;

/// <summary>A convolution, perhaps a depthwise one, that stores its kept weights alone, and the ReLU that follows.</summary>
/// <param name="of">The operation.</param>
internal class CudaSparseConvolution(SparseConvolutionOperation of) : CudaConvolution<SparseConvolutionOperation>(of)
{
    private SparseSums? _sums;
    private SparseGradients? _gradients;

    /// <inheritdoc/>
    public override CudaSpread? Spread => _sums!.Spread(Of.Offset);

    /// <inheritdoc/>
    public override CudaAddition? Addition => _gradients!.Addition(Of.Offset);

    /// <inheritdoc/>
    public override void Load(IDevice device, ICommands commands, CudaBuffers buffers)
    {
        var lists = new SparseConvolutionLists(Of.Table);
        _sums = Own(new SparseSums(Of.Table, lists, buffers.ImageTiles, device, commands));
        int[] biases = HasBias ? [.. Enumerable.Range(Of.Parameters[1].Start, Shape.Outputs)] : [];
        _gradients = Own(new SparseGradients(Of.Table, lists, biases, buffers, device, commands));
    }

    /// <inheritdoc/>
    public override void Forward(in CudaPass pass) => Convolve(pass, pass.X[Of.Input], pass.X[Of.Output], pass.X.ImageTiles);

    /// <inheritdoc/>
    public override void Backward(in CudaPass pass) => Backward(pass, pass.Dx![Of.Output]);

    /// <summary>The convolution of some tiles.</summary>
    protected void Convolve(in CudaPass pass, ulong x, ulong y, int tiles) => _sums!.Forward(pass, BiasOf(pass), x, y, tiles, Relu);

    /// <summary>The gradients from that of the convolution's result.</summary>
    protected void Backward(in CudaPass pass, ulong dy)
    {
        int tiles = pass.X.ImageTiles;
        if (pass.HasGradient(Of.Input)) _sums!.Backward(pass, dy, pass.ReluMask(Of.Input), pass.Dx![Of.Input], tiles);
        _gradients!.Run(pass, pass.X[Of.Input], dy);
    }
}
