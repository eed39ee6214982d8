using Lottery.Cuda.Driver;
using Lottery.Kernels.Pooling;
using Lottery.Operations;

namespace Lottery.Cuda.Operations;

/// <summary>
/// A convolution that stores its kept weights alone, the ReLU that follows, and 2×2 max pooling. The image before pooling, and then
/// its gradient, lie in a buffer of the operation's own.
/// </summary>
/// <param name="of">The operation.</param>
internal sealed class CudaPooledConvolution(PooledConvolutionOperation of) : CudaSparseConvolution(of)
{
    private readonly PoolShape _pool = of.Table.Pooled.Windows;
    private ulong _windows, _convolved, _indices;
    private int _tiles;

    /// <inheritdoc/>
    public override void Load(IDevice device, ICommands commands, CudaBuffers buffers)
    {
        base.Load(device, commands, buffers);
        _windows = Table<CudaWindows>(device, commands, [new(_pool)]);
        _tiles = buffers.ImageTiles;
        _convolved = Allocate(device, sizeof(float) * 2L * _tiles * _pool.Input.Length);
        _indices = Allocate(device, 2L * _tiles * _pool.Output.Length);
    }

    /// <inheritdoc/>
    public override void Forward(in CudaPass pass)
    {
        // A batch that is evaluated may be larger than one that is trained on.
        for (int tile = 0; tile < pass.X.ImageTiles; tile += _tiles)
        {
            int tiles = Math.Min(_tiles, pass.X.ImageTiles - tile);
            Convolve(pass, pass.X[Of.Input] + Bytes(tile, Shape.InputLength), _convolved, tiles);
            pass.Run("convolution/pool", (Blocks, 1, tiles), 256, 0,
                _windows, _convolved, pass.X[Of.Output] + Bytes(tile, _pool.Output.Length), _indices, Relu);
        }
    }

    /// <inheritdoc/>
    public override void Backward(in CudaPass pass)
    {
        pass.Run("convolution/unpool", (Blocks, 1, pass.X.ImageTiles), 256, 0, _windows, _indices, pass.Dx![Of.Output], _convolved);
        Backward(pass, _convolved);
    }

    private int Blocks => CudaPass.Blocks((long)_pool.Output.Channels * _pool.Output.Pixels, 8);

    private static ulong Bytes(int tile, int length) => sizeof(float) * 2 * (ulong)tile * (ulong)length;
}
