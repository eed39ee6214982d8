using Lottery.Operations;

namespace Lottery.Cuda.Operations;

/// <summary>A linear layer that stores every weight (Kernels/linear.cu); zeros of the input are not multiplied, as in the engine.</summary>
internal sealed class CudaDenseLinear(DenseLinearOperation of) : CudaOperationOf<DenseLinearOperation>(of)
{
    private const int Columns = 16, Lanes = 32, Side = 32;

    /// <summary>Two buffers of 32 rows, each of 32 lanes and of 16 columns at a distance of 20.</summary>
    private const int ProductShared = 2 * 32 * (Lanes + 20) * sizeof(float);

    /// <summary>64 lanes of 32 inputs and of 32 outputs, at a distance of 36.</summary>
    private const int GradientShared = 2 * BatchTiles.MaxLanes * 36 * sizeof(float);

    private const int SumThreads = 128;

    private readonly int _inputs = Operation.Padded(of.Layer.Inputs), _outputs = Operation.Padded(of.Layer.Outputs);

    private ulong BiasStart => 4 * (ulong)Of.Parameters[1].Start;

    public override void Forward(in CudaPass pass)
    {
        ulong parameters = pass.ParametersOf(Of);
        pass.Run("linear/dense_forward", (_outputs / Columns, CudaPass.Blocks(pass.Tiles.Lanes, Lanes), pass.Tiles.Tiles), 128, ProductShared,
            pass.X[Of.Input], parameters, parameters + BiasStart, pass.X[Of.Output],
            _inputs, _outputs, pass.Tiles.Lanes, pass.X.TileLength(Of.Input), pass.X.TileLength(Of.Output), Of.Output.HasRelu);
    }

    public override void Backward(in CudaPass pass)
    {
        int lanes = pass.Tiles.Lanes, tiles = pass.Tiles.Tiles, xLength = pass.X.TileLength(Of.Input), yLength = pass.X.TileLength(Of.Output);
        ulong dy = pass.Dx![Of.Output], gradient = pass.GradientOf(Of);
        if (pass.HasGradient(Of.Input))
            pass.Run("linear/dense_input_gradient", (_inputs / Columns, CudaPass.Blocks(lanes, Lanes), tiles), 128, ProductShared,
                dy, pass.ParametersOf(Of), pass.ReluMask(Of.Input), pass.Dx[Of.Input], _inputs, _outputs, lanes, xLength, yLength);
        pass.Run("linear/dense_weight_gradient", (checked(CudaPass.Blocks(_outputs, Side) * CudaPass.Blocks(_inputs, Side)), 1, 1), 64, GradientShared,
            pass.X[Of.Input], dy, gradient, _inputs, _outputs, lanes, tiles, xLength, yLength);
        pass.Run("linear/lane_sums", (CudaPass.Blocks(_outputs, SumThreads), 1, 1), SumThreads, 0,
            0UL, 0UL, dy, gradient + BiasStart, _outputs, lanes, tiles, 0, yLength);
    }
}
