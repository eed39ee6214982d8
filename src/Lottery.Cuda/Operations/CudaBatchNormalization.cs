using Lottery.Cuda.Driver;
using Lottery.Kernels;
using Lottery.Operations;

namespace Lottery.Cuda.Operations;

/// <summary>Batch normalization and the ReLU that follows it (Kernels/normalization.cu).</summary>
internal sealed class CudaBatchNormalization(BatchNormalizationOperation of) : CudaOperationOf<BatchNormalizationOperation>(of)
{
    /// <summary>Threads of a block: eight rows or pixels of 32 lanes.</summary>
    private const int Threads = 256;

    private const int Pixels = 64, SumsShared = Threads * sizeof(float), GradientShared = 2 * SumsShared;

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
            Run(pass, "normalize_evaluation", Blocks(pass), 0, x, y, parameters, _part, Of.Output.HasRelu);
            return;
        }
        Run(pass, "sums", (_image.Channels, pass.X.ImageTiles, 1), SumsShared, x, _groups);
        Run(pass, "squares", (_image.Channels, pass.X.ImageTiles, 1), SumsShared, x, _groups);
        Run(pass, "normalize_training", Blocks(pass), 0, x, y, _groups, _statistics, parameters, _part, Of.Output.HasRelu);
    }

    public override void Backward(in CudaPass pass)
    {
        ulong x = pass.X[Of.Input], dy = pass.Dx![Of.Output];
        bool hasGradient = pass.HasGradient(Of.Input);
        Run(pass, "gradient_sums", (_image.Channels, pass.X.ImageTiles, 1), GradientShared, x, dy, _statistics, _groups);
        Run(pass, "normalize_backward", hasGradient ? Blocks(pass) : (_image.Channels, 1, 1), 0,
            x, dy, hasGradient ? pass.Dx[Of.Input] : 0, _groups, _statistics, pass.ParametersOf(Of), pass.GradientOf(Of), _part, Of.Input.HasRelu);
    }

    private (int X, int Y, int Z) Blocks(in CudaPass pass) => (_image.Channels, pass.X.ImageTiles, CudaPass.Blocks(_image.Pixels, Pixels));

    /// <summary>Runs a kernel, whose last arguments are always the batch.</summary>
    private void Run(in CudaPass pass, string kernel, (int X, int Y, int Z) grid, int shared, params ReadOnlySpan<Argument> arguments)
    {
        BatchTiles tiles = pass.Tiles;
        pass.Run($"normalization/{kernel}", grid, Threads, shared,
        [
            .. arguments, _image.Channels, _image.Rows, _image.Columns, _image.Border,
            tiles.Count, tiles.ExamplesPerTile, tiles.ImageTilesPerTile, tiles.ImageTiles,
        ]);
    }
}
