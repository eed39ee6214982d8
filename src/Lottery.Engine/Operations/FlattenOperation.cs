using System.Runtime.CompilerServices;
using Lottery.Kernels.Elementwise;
using Lottery.Networks;

namespace Lottery.Operations;

/// <summary>The live pixels of an image, as features.</summary>
internal sealed class FlattenOperation : Operation
{
    public FlattenOperation(Flatten layer, PlanTensor input, PlanTensor output) : base(layer.Name, input, output)
    {
        int pixels = input.Layout.Pixels;
        // A feature's channel, by its index among the live ones.
        Pixels = new(input.Layout, Array.ConvertAll(
            output.Live, feature => Array.BinarySearch(input.Live, feature / pixels) * pixels + feature % pixels));
    }

    /// <summary>The pixel of each feature.</summary>
    public FlattenIndices Pixels { get; }

    public override bool IsTiled => true;

    public override BackwardUse InputUse => Input.HasRelu ? BackwardUse.Tile : BackwardUse.None;

    public override void Forward(in ForwardContext context, int part, int worker)
    {
        int images = context.Tiles.ImageTilesPerTile;
        context.Kernels.Run(new FlattenForward
        {
            Indices = Pixels, X = context.X.At(Input, part), Y = context.X.At(Output, part / images), Lanes = context.Tiles.Lanes,
            LaneGroup = part % images,
        });
    }

    public override void Backward(in BackwardContext context, int part, int worker)
    {
        if (!context.Dx.Has(Input)) return;
        int images = context.Tiles.ImageTilesPerTile;
        context.Kernels.Run(new FlattenBackward
        {
            Indices = Pixels, Dy = context.Dx.At(Output, part / images), Lanes = context.Tiles.Lanes, LaneGroup = part % images,
            ReluMask = context.X.ReluMask(Input, part), Dx = context.Dx.At(Input, part),
        });
    }

    public override void AddTo(SinglePlanBuilder single)
    {
        (int from, Plane plane) = single[Input];
        int pixels = Input.Layout.Pixels;
        int[] indices = Array.ConvertAll(Output.Live, feature => plane.At(
            Array.BinarySearch(Input.Live, feature / pixels), feature % pixels / plane.Columns, feature % plane.Columns));
        single.Add(new Single(indices, from, single.Allocate(Output).Buffer));
    }

    /// <summary>The layer for a single example.</summary>
    private sealed class Single(int[] indices, int from, int to) : SingleStep
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Run(SingleBuffers buffers)
        {
            ReadOnlySpan<float> x = buffers[from];
            Span<float> y = buffers[to];
            for (int i = 0; i < indices.Length; i++) y[i] = x[indices[i]];
        }
    }
}
