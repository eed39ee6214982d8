using Lottery.Cuda.Driver;
using Lottery.Kernels;
using Lottery.Operations;

namespace Lottery.Cuda.Operations;

/// <summary>The live pixels of an image, as features.</summary>
internal sealed class CudaFlatten(FlattenOperation of) : CudaImageOperation<FlattenOperation>(of)
{
    private readonly ImageLayout _image = of.Input.Layout;
    private ulong _pixels, _features;

    public override void Load(IDevice device, ICommands commands, CudaBuffers buffers)
    {
        ReadOnlySpan<int> offsets = Of.Pixels.Offsets;
        var pixels = new int[offsets.Length];
        for (int i = 0; i < pixels.Length; i++) pixels[i] = offsets[i] / ImageLayout.Lanes * CudaBuffers.ImageLanes;
        var features = new int[Pixels(_image)];
        Array.Fill(features, -1);
        for (int i = 0; i < offsets.Length; i++) features[Inner(offsets[i] / ImageLayout.Lanes)] = i;
        _pixels = Table<int>(device, commands, pixels);
        _features = Table<int>(device, commands, features);
    }

    public override void Forward(in CudaPass pass) =>
        PerPixel(pass, "flatten_forward", Of.Output.Live.Length, _pixels, pass.X[Of.Input], pass.X[Of.Output],
            Of.Output.Live.Length, pass.X.TileLength(Of.Input), pass.Tiles.Lanes, pass.Tiles.ImageTilesPerTile, pass.Tiles.ImageTiles,
            pass.X.TileLength(Of.Output));

    public override void Backward(in CudaPass pass)
    {
        if (!pass.HasGradient(Of.Input)) return;
        PerPixel(pass, "flatten_backward", Pixels(_image), _features, pass.Dx![Of.Output], pass.ReluMask(Of.Input), pass.Dx[Of.Input],
            _image.Channels, _image.Rows, _image.Columns, _image.Border,
            pass.Tiles.Lanes, pass.Tiles.ImageTilesPerTile, pass.Tiles.ImageTiles, pass.X.TileLength(Of.Output));
    }

    /// <summary>The number of a pixel without borders, from its number with them.</summary>
    private int Inner(int pixel)
    {
        int width = _image.Columns + 2 * _image.Border, height = _image.Rows + 2 * _image.Border;
        (int line, int column) = Math.DivRem(pixel, width);
        (int channel, int row) = Math.DivRem(line, height);
        return (channel * _image.Rows + row - _image.Border) * _image.Columns + column - _image.Border;
    }
}
