using System.Globalization;
using System.Runtime.CompilerServices;
using Lottery.Kernels.Elementwise;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Operations;

/// <summary>A ReLU that is not part of the operation before it.</summary>
internal sealed class ReluOperation(Relu layer, PlanTensor input, PlanTensor output) : Operation(layer.Name, input, output)
{
    public override BackwardUse InputUse => BackwardUse.None;

    public override BackwardUse OutputUse => BackwardUse.Batch;

    public override BackwardUse GradientUse => BackwardUse.Batch;

    public override void Forward(in ForwardContext context, int part, int worker)
    {
        context.X.All(Input).CopyTo(context.X.All(Output));
        context.Kernels.Run(new ReluMask { Mask = context.X.All(Output), Values = context.X.All(Output) });
    }

    public override void Backward(in BackwardContext context, int part, int worker)
    {
        if (!context.Dx.Has(Input)) return;
        Span<float> dx = context.Dx.All(Input);
        context.Dx.All(Output).CopyTo(dx);
        context.Kernels.Run(new ReluMask { Mask = context.X.All(Output), Values = dx });
    }

    public override void AddTo(SinglePlanBuilder single)
    {
        (int from, Plane plane) = single[Input];
        int to = single.Allocate(Output, plane).Buffer;
        single.Add(new Single(Input.Shape.IsFlat ? Input.Live.Length : plane.Length, from, to));
    }

    /// <summary>The layer for a single example.</summary>
    private sealed class Single(int length, int from, int to) : SingleStep
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Run(SingleBuffers buffers)
        {
            ReadOnlySpan<float> x = buffers[from];
            Span<float> y = buffers[to];
            for (int i = 0; i < length; i++) y[i] = x[i] > 0 ? x[i] : 0;
        }
    }
}

/// <summary>
/// Dropout: in training each value is zero with the layer's rate, sampled from the stream <c>dropout/LAYER/STEP</c> by the
/// value's index in the buffer; otherwise the values stay as they are.
/// </summary>
internal sealed class DropoutOperation(Dropout layer, PlanTensor input, PlanTensor output) : Operation(layer.Name, input, output)
{
    /// <summary>The layer.</summary>
    public Dropout Layer { get; } = layer;

    public override BackwardUse InputUse => Input.HasRelu ? BackwardUse.Batch : BackwardUse.None;

    public override BackwardUse GradientUse => BackwardUse.Batch;

    public override void Forward(in ForwardContext context, int part, int worker)
    {
        if (context.Training)
            context.Kernels.Run(new DropoutValues
            {
                Random = Random(context), First = 0, Rate = Layer.Rate, X = context.X.All(Input), ReluMask = default, Y = context.X.All(Output),
            });
        else context.X.All(Input).CopyTo(context.X.All(Output));
    }

    /// <summary>What was dropped is sampled again.</summary>
    public override void Backward(in BackwardContext context, int part, int worker)
    {
        if (!context.Dx.Has(Input)) return;
        ReadOnlySpan<float> reluMask = Input.HasRelu ? context.X.All(Input) : default;
        context.Kernels.Run(new DropoutValues
        {
            Random = Random(context.Forward), First = 0, Rate = Layer.Rate, X = context.Dx.All(Output), ReluMask = reluMask,
            Y = context.Dx.All(Input),
        });
    }

    public override void AddTo(SinglePlanBuilder single) => single.Share(Output, Input);

    /// <summary>What the layer samples from in a step. Allocates nothing for names of up to 100 characters.</summary>
    public RandomStream Stream(ulong seed, int step)
    {
        Span<char> name = stackalloc char[128];
        return name.TryWrite(CultureInfo.InvariantCulture, $"dropout/{Name}/{step}", out int length)
            ? new(seed, name[..length])
            : new(seed, $"dropout/{Name}/{step}");
    }

    private RandomStream Random(in ForwardContext context) => Stream(context.Seed, context.Step);
}
