using Lottery.Kernels;

namespace Lottery.UnitTests.Kernels;

internal abstract unsafe partial class BrokenKernels
{
    protected override void KeptForward(in KeptLayout layout, float* weights, float* bias, float* x, float* y, int lanes, bool relu) =>
        Lottery.Kernels.KeptForward.Reference(layout, weights, bias, x, y, lanes, relu);

    protected override void KeptInputGradient(in KeptColumns columns, float* weights, float* dy, float* x, float* dx, int lanes) =>
        Lottery.Kernels.KeptInputGradient.Reference(columns, weights, dy, x, dx, lanes);

    protected override void KeptWeightGradient(in KeptLayout layout, int tile, float* x, float* dy, float* gradient, int lanes, bool add) =>
        Lottery.Kernels.KeptWeightGradient.Reference(layout, tile, x, dy, gradient, lanes, add);
}
