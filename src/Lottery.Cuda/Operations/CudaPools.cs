using Lottery.Kernels;
using Lottery.Operations;

namespace Lottery.Cuda.Operations;

/// <summary>The largest value of every window.</summary>
internal sealed class CudaMaxPool(MaxPoolOperation of) : CudaImageOperation<MaxPoolOperation>(of)
{
    public override void Forward(in CudaPass pass)
    {
        (ImageLayout from, ImageLayout to, int size, _) = Of.Windows;
        PerPixel(pass, "max_pool_forward", Pixels(to), pass.X[Of.Input], pass.X[Of.Output],
            from.Channels, from.Rows, from.Columns, from.Border, to.Rows, to.Columns, size);
    }

    public override void Backward(in CudaPass pass)
    {
        if (!pass.HasGradient(Of.Input)) return;
        (ImageLayout from, ImageLayout to, int size, _) = Of.Windows;
        PerPixel(pass, "max_pool_backward", Pixels(to), pass.X[Of.Input], pass.Dx![Of.Output], pass.Dx[Of.Input],
            from.Channels, from.Rows, from.Columns, from.Border, to.Rows, to.Columns, size, Of.Input.HasRelu);
    }
}

/// <summary>The mean of every window.</summary>
internal sealed class CudaAveragePool(AveragePoolOperation of) : CudaImageOperation<AveragePoolOperation>(of)
{
    public override void Forward(in CudaPass pass)
    {
        (ImageLayout from, ImageLayout to, int size, _) = Of.Windows;
        PerPixel(pass, "average_pool_forward", Pixels(to), pass.X[Of.Input], pass.X[Of.Output],
            from.Channels, from.Rows, from.Columns, from.Border, to.Rows, to.Columns, size);
    }

    public override void Backward(in CudaPass pass)
    {
        if (!pass.HasGradient(Of.Input)) return;
        (ImageLayout from, ImageLayout to, int size, _) = Of.Windows;
        PerPixel(pass, "average_pool_backward", Pixels(from), pass.Dx![Of.Output], pass.ReluMask(Of.Input), pass.Dx[Of.Input],
            from.Channels, from.Rows, from.Columns, from.Border, to.Rows, to.Columns, size);
    }
}

/// <summary>The mean of every channel, as features.</summary>
internal sealed class CudaGlobalAverage(GlobalAverageOperation of) : CudaImageOperation<GlobalAverageOperation>(of)
{
    private readonly ImageLayout _image = of.Input.Layout;

    public override void Forward(in CudaPass pass) =>
        PerPixel(pass, "global_average_forward", _image.Channels, pass.X[Of.Input], pass.X[Of.Output],
            _image.Channels, _image.Rows, _image.Columns, _image.Border,
            pass.Tiles.Lanes, pass.Tiles.ImageTilesPerTile, pass.Tiles.ImageTiles, pass.X.TileLength(Of.Output));

    public override void Backward(in CudaPass pass)
    {
        if (!pass.HasGradient(Of.Input)) return;
        PerPixel(pass, "global_average_backward", Pixels(_image), pass.Dx![Of.Output], pass.ReluMask(Of.Input), pass.Dx[Of.Input],
            _image.Channels, _image.Rows, _image.Columns, _image.Border,
            pass.Tiles.Lanes, pass.Tiles.ImageTilesPerTile, pass.Tiles.ImageTiles, pass.X.TileLength(Of.Output));
    }
}
