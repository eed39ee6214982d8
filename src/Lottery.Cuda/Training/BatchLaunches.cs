using Lottery.Cuda.Driver;
using Lottery.Cuda.Operations;
using Lottery.Operations;
using Lottery.Plans;
using Lottery.Specifications;

namespace Lottery.Cuda.Training;

/// <summary>What comes before a plan's forward pass and after it: the batch in the layout of its input, and the loss of its output.</summary>
internal sealed class BatchLaunches : IDisposable
{
    private readonly CompiledPlan _plan;
    private readonly CudaBuffers _x;
    private readonly DeviceMemory _rows;

    /// <summary>The launches for a plan's batches.</summary>
    /// <param name="device">Where.</param>
    /// <param name="commands">The queue that writes tables.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="x">The values of its tensors.</param>
    public BatchLaunches(IDevice device, ICommands commands, CompiledPlan plan, CudaBuffers x)
    {
        (_plan, _x) = (plan, x);
        _rows = device.Allocate<int>(commands, plan.InputRows);
    }

    private BatchTiles Tiles => _x.Tiles;

    /// <summary>Assembles the batch of the cursor's row.</summary>
    /// <param name="examples">The examples.</param>
    /// <param name="order">The address of the order that the row points into.</param>
    /// <param name="cursor">The address of the cursor.</param>
    /// <param name="augment">What is done to images.</param>
    /// <param name="rowStride">Bytes from the row of one tile to that of the next; 0 where the whole batch has one row.</param>
    public Launch Assemble(DeviceExamples examples, ulong order, ulong cursor, Augmentation augment = Augmentation.None, int rowStride = 0)
    {
        PlanTensor input = _plan.Input;
        bool isFlat = input.Shape.IsFlat;
        int lanes = isFlat ? Tiles.Lanes : CudaBuffers.ImageLanes, positions = isFlat ? Tiles.Tiles * lanes : _x.ImageTiles * lanes;
        int flags = (augment.HasFlag(Augmentation.Crop) ? 1 : 0) | (augment.HasFlag(Augmentation.Flip) ? 2 : 0);
        return new(
            examples.AreNumeric ? "elementwise/assemble_values" : "elementwise/assemble_bytes",
            (examples.Features + 31) / 32, (positions + 31) / 32, 1, 256, 32 * 16 + 32 * 33 * (examples.AreNumeric ? 4 : 1),
            [
                examples.Values, Launch.Argument(examples.Features), order, _rows.Address, examples.Scale, Launch.Argument(examples.Channels),
                _x[input], (ulong)(_x.TileLength(input) / lanes), Launch.Argument(lanes), Launch.Argument(Tiles.Lanes),
                Launch.Argument(Tiles.ExamplesPerTile), Launch.Argument(positions), Launch.Argument(examples.Shape.Height),
                Launch.Argument(examples.Shape.Width), Launch.Argument(flags), Launch.Argument(rowStride), cursor,
            ]);
    }

    /// <summary>The output's scores become their gradient; the sum of the losses goes to the row's place.</summary>
    /// <param name="examples">The examples.</param>
    /// <param name="order">The address of the order.</param>
    /// <param name="table">Receives the loss.</param>
    /// <param name="count">The examples of every batch.</param>
    public Launch Softmax(DeviceExamples examples, ulong order, StepTable table, int count) => new(
        "elementwise/softmax", 1, 1, 1, 64 * Math.Min(Tiles.Tiles, 8), SharedBytes * Math.Min(Tiles.Tiles, 8),
        [
            _x[_plan.Output], Launch.Argument(_plan.Output.Rows), examples.Labels, order, Launch.Argument(_plan.Network.Outputs),
            Launch.Argument(Tiles.Lanes), Launch.Argument(Tiles.ExamplesPerTile), Launch.Argument(Tiles.Tiles), Launch.Argument(1f / count),
            table.Losses, table.Cursor,
        ]);

    /// <summary>Of each tile of 64 lanes, which has a row of its own: the sum of its losses, and how many examples are right, to its row's places.</summary>
    /// <param name="examples">The examples.</param>
    /// <param name="order">The address of the order.</param>
    /// <param name="table">Receives both.</param>
    public Launch Evaluate(DeviceExamples examples, ulong order, StepTable table) => new(
        "elementwise/evaluate", Tiles.Tiles, 1, 1, 64, SharedBytes,
        [
            _x[_plan.Output], Launch.Argument(_plan.Output.Rows), examples.Labels, order, Launch.Argument(_plan.Network.Outputs), Launch.Argument(Tiles.Lanes),
            table.Losses, table.Correct, Launch.Argument(table.Stride), table.Cursor,
        ]);

    /// <summary>Of a tile: two doubles, and three floats a lane.</summary>
    private const int SharedBytes = 2 * 8 + 64 * 3 * 4;

    /// <inheritdoc/>
    public void Dispose() => _rows.Dispose();
}
