using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Lottery.Kernels.Pooling;
using Lottery.Kernels.Prediction;
using Lottery.Networks;

namespace Lottery.Operations;

/// <summary>The largest value of every window.</summary>
internal sealed class MaxPoolOperation(MaxPool layer, PlanTensor input, PlanTensor output) : Operation(layer.Name, input, output)
{
    /// <summary>The windows.</summary>
    public PoolShape Windows { get; } = new(input.Layout, output.Layout, layer.Size, layer.Size);

    public override bool IsTiled => true;

    /// <summary>For each window the index of its largest value, as a number.</summary>
    public override int IndexBytes => Windows.Output.Length * sizeof(float);

    public override BackwardUse InputUse => BackwardUse.None;

    public override BackwardUse OutputUse => BackwardUse.Tile;

    public override void Forward(in ForwardContext context, int part, int worker) => context.Kernels.Run(new MaxPoolForward
    {
        Pool = Windows, X = context.X.At(Input, part), Y = context.X.At(Output, part),
        ArgMax = MemoryMarshal.Cast<byte, float>(context.X.Indices(this, part)),
    });

    public override void Backward(in BackwardContext context, int part, int worker)
    {
        if (context.Dx.Has(Input))
            context.Kernels.Run(new MaxPoolBackward
            {
                Pool = Windows, ArgMax = MemoryMarshal.Cast<byte, float>(context.X.Indices(this, part)), Y = context.X.At(Output, part),
                Dy = context.Dx.At(Output, part), Dx = context.Dx.At(Input, part), ReluMask = Input.HasRelu,
            });
    }

    public override void AddTo(SinglePlanBuilder single) => AddTo(single, Input, Output, layer.Size);

    /// <summary>Adds max pooling from one tensor to another.</summary>
    public static void AddTo(SinglePlanBuilder single, PlanTensor input, PlanTensor output, int size)
    {
        (int from, Plane plane) = single[input];
        int every = single.NewBuffer(plane.Length), length = Padded(plane.Length);
        single.Extend(from, length + (size - 1) * (plane.Row + 1));
        (int to, Plane target) = single.Allocate(output);
        single.Add(new Single(plane, target, size, length, (from, every, to)));
    }

    /// <summary>Max pooling of a single example: computed for a window at every pixel, and read where windows begin.</summary>
    private sealed class Single(Plane source, Plane target, int size, int length, (int From, int Every, int To) ends) : SingleStep
    {
        private readonly int[] _offsets = [.. from row in Enumerable.Range(0, size)
                                              from column in Enumerable.Range(0, size)
                                              select source.At(0, row, column)];

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Run(SingleBuffers buffers)
        {
            Span<float> every = buffers[ends.Every][..length], y = buffers[ends.To];
            buffers.Kernels.Run(new SlidingMax { X = buffers[ends.From], Offsets = _offsets, Y = every });
            for (int channel = 0; channel < target.Channels; channel++)
                for (int row = 0; row < target.Rows; row++)
                {
                    Span<float> line = y.Slice(target.At(channel, row, 0), target.Columns);
                    ReadOnlySpan<float> windows = every[source.At(channel, row * size, 0)..];
                    for (int column = 0; column < line.Length; column++) line[column] = windows[column * size];
                }
        }
    }
}

/// <summary>The mean of every window.</summary>
internal sealed class AveragePoolOperation(AveragePool layer, PlanTensor input, PlanTensor output) : Operation(layer.Name, input, output)
{
    /// <summary>The windows.</summary>
    public PoolShape Windows { get; } = new(input.Layout, output.Layout, layer.Size, layer.Size);

    public override bool IsTiled => true;

    public override BackwardUse InputUse => Input.HasRelu ? BackwardUse.Tile : BackwardUse.None;

    public override void Forward(in ForwardContext context, int part, int worker) =>
        context.Kernels.Run(new AveragePoolForward { Pool = Windows, X = context.X.At(Input, part), Y = context.X.At(Output, part) });

    public override void Backward(in BackwardContext context, int part, int worker)
    {
        if (context.Dx.Has(Input))
            context.Kernels.Run(new AveragePoolBackward
            {
                Pool = Windows, Dy = context.Dx.At(Output, part), ReluMask = context.X.ReluMask(Input, part), Dx = context.Dx.At(Input, part),
            });
    }

    public override void AddTo(SinglePlanBuilder single)
    {
        (int from, Plane plane) = single[Input];
        (int to, Plane target) = single.Allocate(Output);
        single.Add(new SingleAverage(plane, target, (layer.Size, layer.Size), from, to));
    }
}

/// <summary>The mean of every channel, as features.</summary>
internal sealed class GlobalAverageOperation(GlobalAveragePool layer, PlanTensor input, PlanTensor output)
    : Operation(layer.Name, input, output)
{
    public override bool IsTiled => true;

    public override BackwardUse InputUse => Input.HasRelu ? BackwardUse.Tile : BackwardUse.None;

    public override void Forward(in ForwardContext context, int part, int worker)
    {
        int images = context.Tiles.ImageTilesPerTile;
        context.Kernels.Run(new GlobalAverageForward
        {
            Layout = Input.Layout, X = context.X.At(Input, part), Y = context.X.At(Output, part / images), Lanes = context.Tiles.Lanes,
            LaneGroup = part % images,
        });
    }

    public override void Backward(in BackwardContext context, int part, int worker)
    {
        if (!context.Dx.Has(Input)) return;
        int images = context.Tiles.ImageTilesPerTile;
        context.Kernels.Run(new GlobalAverageBackward
        {
            Layout = Input.Layout, Dy = context.Dx.At(Output, part / images), Lanes = context.Tiles.Lanes, LaneGroup = part % images,
            ReluMask = context.X.ReluMask(Input, part), Dx = context.Dx.At(Input, part),
        });
    }

    public override void AddTo(SinglePlanBuilder single)
    {
        (int from, Plane plane) = single[Input];
        int to = single.Allocate(Output).Buffer;
        single.Add(new SingleAverage(plane, new(plane.Channels, 1, 1, 1, 1), (plane.Rows, plane.Columns), from, to));
    }
}

/// <summary>Average pooling of a single example: the values of a window are added from +0, row by row, then divided by their number.</summary>
internal sealed class SingleAverage(Plane source, Plane target, (int Rows, int Columns) window, int from, int to) : SingleStep
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(SingleBuffers buffers)
    {
        ReadOnlySpan<float> x = buffers[from];
        Span<float> y = buffers[to];
        for (int channel = 0; channel < target.Channels; channel++)
            for (int row = 0; row < target.Rows; row++)
                for (int column = 0; column < target.Columns; column++)
                {
                    float sum = 0;
                    for (int i = 0; i < window.Rows; i++)
                        for (int j = 0; j < window.Columns; j++)
                            sum += x[source.At(channel, row * window.Rows + i, column * window.Columns + j)];
                    y[target.At(channel, row, column)] = sum / (window.Rows * window.Columns);
                }
    }
}
