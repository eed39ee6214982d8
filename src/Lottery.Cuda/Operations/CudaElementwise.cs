using Lottery.Kernels;
using Lottery.Operations;

namespace Lottery.Cuda.Operations;

/// <summary>A ReLU that is not part of the operation before it.</summary>
internal sealed class CudaRelu(ReluOperation of) : CudaOperationOf<ReluOperation>(of)
{
    public override void Forward(in CudaPass pass) =>
        pass.PerValue("elementwise/relu", Of.Input, pass.X[Of.Input], pass.X[Of.Input], pass.X[Of.Output], pass.X.Length(Of.Input));

    public override void Backward(in CudaPass pass)
    {
        if (pass.HasGradient(Of.Input))
            pass.PerValue("elementwise/relu", Of.Input, pass.X[Of.Output], pass.Dx![Of.Output], pass.Dx[Of.Input], pass.X.Length(Of.Input));
    }
}

/// <summary>Dropout, by the key of the layer's stream in the step's row.</summary>
/// <param name="of">The operation.</param>
/// <param name="key">The number of the key: that of the layer among the dropout layers.</param>
internal sealed class CudaDropout(DropoutOperation of, int key) : CudaOperationOf<DropoutOperation>(of)
{
    public override void Forward(in CudaPass pass)
    {
        if (pass.Training) Drop(pass, pass.X[Of.Input], 0, pass.X[Of.Output]);
        else pass.Commands.Copy(pass.X[Of.Output], pass.X[Of.Input], sizeof(float) * pass.X.Length(Of.Input));
    }

    /// <summary>What was dropped is sampled again.</summary>
    public override void Backward(in CudaPass pass)
    {
        if (pass.HasGradient(Of.Input)) Drop(pass, pass.Dx![Of.Output], pass.ReluMask(Of.Input), pass.Dx[Of.Input]);
    }

    private void Drop(in CudaPass pass, ulong x, ulong mask, ulong y)
    {
        PlanTensor tensor = Of.Input;
        // The engine's positions: those of its own layout, in which images lie sixteen together.
        long imageRows = tensor.Shape.IsFlat ? 0 : tensor.Layout.Length / ImageLayout.Lanes;
        long count = tensor.Shape.IsFlat ? pass.X.Length(tensor) : (long)pass.Tiles.ImageTiles * tensor.Layout.Length;
        double rate = Of.Layer.Rate;
        pass.PerValue("elementwise/dropout", tensor, x, mask, y, count, imageRows, (float)(rate * (1 << 23)), (float)(1 / (1 - rate)), key, pass.StepRow);
    }
}
