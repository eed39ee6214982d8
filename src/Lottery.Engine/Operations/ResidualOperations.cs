using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Lottery.Kernels.Elementwise;
using Lottery.Networks;

namespace Lottery.Operations;

/// <summary>The start of a residual block: body and shortcut read the same values; their gradients are added.</summary>
internal sealed class ForkOperation(Residual block, PlanTensor input, PlanTensor body, PlanTensor shortcut) : Operation(block.Name, input, body)
{
    public override ImmutableArray<PlanTensor> Outputs => [Output, shortcut];

    public override bool IsTiled => true;

    public override BackwardUse InputUse => Input.HasRelu ? BackwardUse.Tile : BackwardUse.None;

    /// <summary>Nothing: all three tensors have one buffer.</summary>
    public override void Forward(in ForwardContext context, int part, int worker)
    {
    }

    public override void Backward(in BackwardContext context, int part, int worker)
    {
        if (!context.Dx.Has(Input)) return;
        ReadOnlySpan<float> ofBody = context.Dx.At(Output, part), ofShortcut = context.Dx.At(shortcut, part);
        Span<float> dx = context.Dx.At(Input, part);
        if (Input.HasRelu)
            context.Kernels.Run(new AddMasked { A = ofBody, B = ofShortcut, ReluMask = context.X.At(Input, part), Dx = dx });
        else context.Kernels.Run(new AddForward { A = ofBody, B = ofShortcut, Y = dx, Relu = false });
    }

    public override void AddTo(SinglePlanBuilder single)
    {
        single.Share(Output, Input);
        single.Share(shortcut, Input);
    }
}

/// <summary>The end of a residual block: body and shortcut are added, then the ReLU after the block.</summary>
internal sealed class AddOperation(Residual block, PlanTensor body, PlanTensor shortcut, PlanTensor output) : Operation(block.Name, body, output)
{
    public override ImmutableArray<PlanTensor> Inputs => [Input, shortcut];

    public override bool IsTiled => true;

    public override BackwardUse InputUse => BackwardUse.None;

    public override void Forward(in ForwardContext context, int part, int worker) =>
        context.Kernels.Run(new AddForward
        {
            A = context.X.At(Input, part), B = context.X.At(shortcut, part), Y = context.X.At(Output, part), Relu = Output.HasRelu,
        });

    /// <summary>Nothing: the gradient of a sum is that of both summands, and all three have one buffer.</summary>
    public override void Backward(in BackwardContext context, int part, int worker)
    {
    }

    public override void AddTo(SinglePlanBuilder single)
    {
        (int from, Plane plane) = single[Input];
        (int other, Plane shortcutPlane) = single[shortcut];
        int to = single.Allocate(Output, plane).Buffer;
        single.Add(new Single(plane, shortcutPlane, (from, other, to), Output.HasRelu));
    }

    /// <summary>The sum for a single example, laid out like the body.</summary>
    private sealed class Single(Plane body, Plane shortcut, (int Body, int Shortcut, int To) ends, bool relu) : SingleStep
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Run(SingleBuffers buffers)
        {
            Span<float> y = buffers[ends.To][..body.Length];
            if (shortcut == body) 
                buffers.Kernels.Run(new AddForward { A = buffers[ends.Body], B = buffers[ends.Shortcut], Y = y, Relu = relu });
            else Rows(buffers[ends.Body], buffers[ends.Shortcut], y);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Rows(ReadOnlySpan<float> bodies, ReadOnlySpan<float> shortcuts, Span<float> sums)
        {
            for (int channel = 0; channel < body.Channels; channel++)
                for (int row = 0; row < body.Rows; row++)
                {
                    ReadOnlySpan<float> a = bodies.Slice(body.At(channel, row, 0), body.Columns);
                    ReadOnlySpan<float> b = shortcuts.Slice(shortcut.At(channel, row, 0), body.Columns);
                    Span<float> y = sums.Slice(body.At(channel, row, 0), body.Columns);
                    int i = 0;
                    for (; i + 8 <= y.Length; i += 8)
                    {
                        Vector256<float> sum = Vector256.Create(a[i..]) + Vector256.Create(b[i..]);
                        (relu ? sum & Vector256.GreaterThan(sum, Vector256<float>.Zero) : sum).CopyTo(y[i..]);
                    }
                    for (; i < y.Length; i++)
                    {
                        float sum = a[i] + b[i];
                        y[i] = !relu || sum > 0 ? sum : 0;
                    }
                }
        }
    }
}

/// <summary>Parameter-free shortcut (He et al. 2016, option A): subsamples by the stride and zero-pads the channels.</summary>
internal sealed class ZeroPadOperation : Operation
{
    private readonly int[] _targets;

    public ZeroPadOperation(ZeroPad layer, PlanTensor input, PlanTensor output) : base(layer.Name, input, output)
    {
        Shape = new(input.Layout, output.Layout, layer.Stride);
        _targets = [.. Enumerable.Range((layer.Channels - input.Shape.Channels) / 2, input.Shape.Channels)];
    }

    /// <summary>The two images.</summary>
    public ShortcutShape Shape { get; }

    /// <summary>The output channel of the first input channel.</summary>
    public int Before => _targets[0];

    public override bool IsTiled => true;

    public override BackwardUse InputUse => Input.HasRelu ? BackwardUse.Tile : BackwardUse.None;

    public override void Forward(in ForwardContext context, int part, int worker) =>
        context.Kernels.Run(new ShortcutForward
        {
            Shape = Shape, Targets = _targets, X = context.X.At(Input, part), Y = context.X.At(Output, part),
        });

    public override void Backward(in BackwardContext context, int part, int worker)
    {
        if (context.Dx.Has(Input))
            context.Kernels.Run(new ShortcutBackward
            {
                Shape = Shape, Targets = _targets, Dy = context.Dx.At(Output, part), ReluMask = context.X.ReluMask(Input, part),
                Dx = context.Dx.At(Input, part),
            });
    }

    public override void AddTo(SinglePlanBuilder single)
    {
        (int from, Plane plane) = single[Input];
        (int to, Plane target) = single.Allocate(Output);
        single.Add(new Single(plane, target, (Before, Shape.Stride), from, to));
    }

    /// <summary>The layer for a single example.</summary>
    private sealed class Single(Plane source, Plane target, (int Before, int Stride) pad, int from, int to) : SingleStep
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Run(SingleBuffers buffers)
        {
            ReadOnlySpan<float> x = buffers[from];
            Span<float> y = buffers[to];
            for (int channel = 0; channel < source.Channels; channel++)
                for (int row = 0; row < target.Rows; row++)
                {
                    ReadOnlySpan<float> pixels = x[source.At(channel, row * pad.Stride, 0)..];
                    Span<float> line = y.Slice(target.At(channel + pad.Before, row, 0), target.Columns);
                    for (int column = 0; column < line.Length; column++) line[column] = pixels[column * pad.Stride];
                }
        }
    }
}
