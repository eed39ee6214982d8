using Lottery.Kernels.Elementwise;

namespace Lottery.Plans;

/// <summary>A ReLU that is not part of the layer before it.</summary>
internal sealed class ReluPlan((Signal Input, Signal Output) ends, int offset) : LayerPlan(ends.Input, ends.Output, offset)
{
    public override void Forward(Activations x, Pass pass)
    {
        x.All(Input).CopyTo(x.All(Output));
        x.Plan.Kernels.Run(new ReluMask { Mask = x.All(Output), Values = x.All(Output) });
    }
}
