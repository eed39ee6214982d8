using System.Globalization;
using Lottery.Kernels.Elementwise;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Plans;

/// <summary>
/// Dropout: in training each value is zero with the layer's rate, drawn by the stream <c>dropout/LAYER/STEP</c> and its
/// place in the buffer; otherwise the values go through as they are.
/// </summary>
internal sealed class DropoutPlan(Dropout layer, (Signal Input, Signal Output) ends, int offset)
    : LayerPlan(ends.Input, ends.Output, offset)
{
    /// <summary>The share of values that become zero.</summary>
    public double Rate => layer.Rate;

    public override void Forward(Activations x, Pass pass)
    {
        if (pass.Training)
            x.Plan.Kernels.Run(new DropoutValues
            {
                Random = Numbers(pass), First = 0, Rate = Rate, X = x.All(Input), ReluMask = default, Y = x.All(Output),
            });
        else x.All(Input).CopyTo(x.All(Output));
    }

    /// <summary>The numbers of a step; the way back draws them again.</summary>
    public RandomStream Numbers(Pass pass)
    {
        Span<char> name = stackalloc char[128];
        return name.TryWrite(CultureInfo.InvariantCulture, $"dropout/{layer.Name}/{pass.Step}", out int length)
            ? new(pass.Seed, name[..length])
            : new(pass.Seed, $"dropout/{layer.Name}/{pass.Step}");
    }
}
