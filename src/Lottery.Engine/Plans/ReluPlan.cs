namespace Lottery.Plans;

/// <summary>A ReLU that is not part of the layer before it.</summary>
internal sealed class ReluPlan((Signal Input, Signal Output) ends, int offset) : LayerPlan(ends.Input, ends.Output, offset)
{
    public override void Forward(Activations x, Pass pass)
    {
        x.All(Input).CopyTo(x.All(Output));
        x.Plan.Kernels.Rectify(x.All(Output), x.All(Output));
    }
}
