using Lottery.Kernels;
using Lottery.Operations;

namespace Lottery.Cuda.Operations;

/// <summary>The start of a residual block: the gradients of body and shortcut are added.</summary>
internal sealed class CudaFork(ForkOperation of) : CudaImageOperation<ForkOperation>(of)
{
    /// <summary>Nothing: all three tensors have one buffer.</summary>
    public override void Forward(in CudaPass pass)
    {
    }

    public override void Backward(in CudaPass pass)
    {
        if (pass.HasGradient(Of.Input))
            pass.PerValue("image/add_tensors", Of.Input, pass.Dx![Of.Outputs[0]], pass.Dx[Of.Outputs[1]], pass.ReluMask(Of.Input), pass.Dx[Of.Input],
                pass.X.Length(Of.Input), false);
    }
}

/// <summary>The end of a residual block: body and shortcut are added, then the ReLU after the block.</summary>
internal sealed class CudaAdd(AddOperation of) : CudaImageOperation<AddOperation>(of)
{
    public override void Forward(in CudaPass pass) =>
        pass.PerValue("image/add_tensors", Of.Output, pass.X[Of.Inputs[0]], pass.X[Of.Inputs[1]], 0UL, pass.X[Of.Output], pass.X.Length(Of.Output), Of.Output.HasRelu);

    /// <summary>Nothing: the gradient of a sum is that of both summands, and all three have one buffer.</summary>
    public override void Backward(in CudaPass pass)
    {
    }
}

/// <summary>The parameter-free shortcut: every stride-th pixel, and channels of zeros.</summary>
internal sealed class CudaZeroPad(ZeroPadOperation of) : CudaImageOperation<ZeroPadOperation>(of)
{
    public override void Forward(in CudaPass pass)
    {
        (ImageLayout from, ImageLayout to, int stride) = Of.Shape;
        PerPixel(pass, "shortcut_forward", Pixels(to), pass.X[Of.Input], pass.X[Of.Output],
            from.Channels, from.Rows, from.Columns, from.Border, to.Channels, to.Rows, to.Columns, stride, Of.Before);
    }

    public override void Backward(in CudaPass pass)
    {
        if (!pass.HasGradient(Of.Input)) return;
        (ImageLayout from, ImageLayout to, int stride) = Of.Shape;
        PerPixel(pass, "shortcut_backward", Pixels(from), pass.Dx![Of.Output], pass.ReluMask(Of.Input), pass.Dx[Of.Input],
            from.Channels, from.Rows, from.Columns, from.Border, to.Channels, to.Rows, to.Columns, stride, Of.Before);
    }
}
