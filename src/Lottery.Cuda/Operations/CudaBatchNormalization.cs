using Lottery.Cuda.Driver;
using Lottery.Kernels;
using Lottery.Operations;

namespace Lottery.Cuda.Operations;

/// <summary>Batch normalization and the ReLU that follows it (Kernels/normalization.cu).</summary>
internal sealed class CudaBatchNormalization(BatchNormalizationOperation of) : CudaOperationOf<BatchNormalizationOperation>(of)
{
    /// <summary>Threads of a block that normalizes, a warp a pixel, and its pixels.</summary>
    private const int Threads = 256, Pixels = 64;

    /// <summary>Bytes of shared memory of such a block: the constants of its channel.</summary>
    private const int ConstantBytes = 4 * sizeof(float);

    private const int Lanes = CudaBuffers.ImageLanes, MostWarps = 32;

    private readonly ImageLayout _image = of.Input.Layout;
    private readonly int _part = of.Parameters[0].Length;
    private ulong _groups, _statistics;

    public override void Load(IDevice device, ICommands commands, CudaBuffers buffers)
    {
        _groups = Allocate(device, 4L * sizeof(float) * _image.Channels * buffers.Tiles.ImageTiles);
        _statistics = Allocate(device, 2L * sizeof(float) * _part);
    }

    public override void Forward(in CudaPass pass)
    {
        ulong x = pass.X[Of.Input], y = pass.X[Of.Output], parameters = pass.ParametersOf(Of);
        if (!pass.Training)
        {
            Run(pass, "normalize_evaluation", Blocks(pass), Threads, ConstantBytes, x, y, parameters, _part, Of.Output.HasRelu);
            return;
        }
        Sum(pass, "sums", 1, x, _groups);
        Sum(pass, "squares", 1, x, _groups);
        Run(pass, "normalize_training", Blocks(pass), Threads, ConstantBytes, x, y, _groups, _statistics, parameters, _part, Of.Output.HasRelu);
    }

    public override void Backward(in CudaPass pass)
    {
        ulong x = pass.X[Of.Input], dy = pass.Dx![Of.Output];
        bool hasGradient = pass.HasGradient(Of.Input);
        Sum(pass, "gradient_sums", 2, x, dy, _statistics, _groups);
        Run(pass, "normalize_backward", hasGradient ? Blocks(pass) : (_image.Channels, 1, 1), Threads, ConstantBytes,
            x, dy, hasGradient ? pass.Dx[Of.Input] : 0, _groups, _statistics, pass.ParametersOf(Of), pass.GradientOf(Of), _part, Of.Input.HasRelu);
    }

    private (int X, int Y, int Z) Blocks(in CudaPass pass) => (_image.Channels, pass.X.ImageTiles, CudaPass.Blocks(_image.Pixels, Pixels));

    /// <summary>Runs a kernel that has a warp for each row of a channel, and so many sums.</summary>
    private void Sum(in CudaPass pass, string kernel, int sums, params ReadOnlySpan<Argument> arguments)
    {
        int threads = Lanes * Math.Min(_image.Rows, MostWarps);
        Run(pass, kernel, (_image.Channels, pass.X.ImageTiles, 1), threads, sums * threads * sizeof(float), arguments);
    }

    /// <summary>Runs a kernel, whose last arguments are always the batch.</summary>
    private void Run(in CudaPass pass, string kernel, (int X, int Y, int Z) grid, int threads, int shared, params ReadOnlySpan<Argument> arguments)
    {
        BatchTiles tiles = pass.Tiles;
        pass.Run($"normalization/{kernel}", grid, threads, shared,
        [
            .. arguments, _image.Channels, _image.Rows, _image.Columns, _image.Border,
            tiles.Count, tiles.ExamplesPerTile, tiles.ImageTilesPerTile, tiles.ImageTiles,
        ]);
    }
}
