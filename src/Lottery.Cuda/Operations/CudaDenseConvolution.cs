using Lottery.Cuda.Driver;
using Lottery.Operations;

namespace Lottery.Cuda.Operations;

/// <summary>
/// A convolution that stores every weight. The gradient of weights is a sum over panels, four columns of a tile of sixteen images each,
/// in order: their parts are made at once and then added.
/// </summary>
/// <param name="of">The operation.</param>
internal abstract class CudaDenseConvolution(DenseConvolutionOperation of) : CudaConvolution<DenseConvolutionOperation>(of)
{
    private const long MostPartBytes = 64 << 20;
    private const int MostPanels = 32_768, AddThreads = 64, PixelThreads = 160, PixelBytes = 2 * 4096 * sizeof(float);

    private ulong _parts;
    private int _panelsAtOnce;

    /// <summary>The address of the shape.</summary>
    protected ulong ShapeAddress { get; private set; }

    /// <summary>The number of sums over panels.</summary>
    protected abstract long Sums { get; }

    /// <summary>True if the sums over panels are made by one launch, which adds its parts itself.</summary>
    protected virtual bool AddsInOrder => false;

    /// <summary>Columns of a tile of images, of which four are a panel.</summary>
    protected abstract int Columns { get; }

    /// <inheritdoc/>
    public override void Load(IDevice device, ICommands commands, CudaBuffers buffers)
    {
        ShapeAddress = Table<CudaShape>(device, commands, [new(Shape)]);
        if (AddsInOrder) return;
        long panels = Math.Min((long)PanelsOfTile * buffers.Tiles.ImageTiles, MostPanels);
        _panelsAtOnce = (int)Math.Clamp(MostPartBytes / (sizeof(float) * Sums), 1, panels);
        _parts = Allocate(device, sizeof(float) * Sums * _panelsAtOnce);
    }

    /// <inheritdoc/>
    public sealed override void Backward(in CudaPass pass)
    {
        if (pass.HasGradient(Of.Input)) BackwardInput(pass);
        int panels = PanelsOfTile * pass.Tiles.ImageTiles;
        if (AddsInOrder) BackwardWeights(pass, SumsOf(pass), 0, panels);
        else for (int first = 0; first < panels; first += _panelsAtOnce)
        {
            int count = Math.Min(_panelsAtOnce, panels - first);
            BackwardWeights(pass, _parts, first, count);
            pass.Run("patches/add_panels", (CudaPass.Blocks(Sums, AddThreads), 1, 1), AddThreads, 0, _parts, Sums, count, first == 0, SumsOf(pass));
        }
        EndWeights(pass);
        if (HasBias)
            pass.Run("patches/bias_gradient", (Shape.Outputs, 1, 1), PixelThreads, PixelBytes,
                ShapeAddress, pass.Dx![Of.Output], pass.Tiles.ImageTiles, pass.GradientOf(Of) + sizeof(float) * (ulong)Of.Parameters[1].Start);
    }

    /// <summary>The gradient of the input.</summary>
    protected abstract void BackwardInput(in CudaPass pass);

    /// <summary>The parts of some panels' weights' gradient.</summary>
    protected abstract void BackwardWeights(in CudaPass pass, ulong parts, int first, int panels);

    /// <summary>Where the sums over panels go.</summary>
    protected virtual ulong SumsOf(in CudaPass pass) => pass.GradientOf(Of);

    /// <summary>The weights' gradient from the sums, if these are not it.</summary>
    protected virtual void EndWeights(in CudaPass pass)
    {
    }

    private int PanelsOfTile => (Columns + 3) / 4;
}
