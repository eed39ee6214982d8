using System.Runtime.InteropServices;
using Lottery.Cuda.Driver;
using Lottery.Cuda.Plans;
using Lottery.Kernels.Sparse;
using Lottery.Operations;
using Lottery.Plans;
using Lottery.Specifications;

namespace Lottery.Cuda.Training;

/// <summary>
/// Many steps of one small network in one block (Kernels/block.cu), so that as many trainings run side by side as the card has
/// multiprocessors, and none waits for another between steps. The bits are those of a step as a graph.
/// </summary>
internal sealed class BlockTraining : IDisposable
{
    private const int Lanes = 64, Threads = 512, NoRow = 0xffff, Bias = 0xffff;

    private readonly CudaPlan _plan;
    private readonly DeviceExamples _examples;
    private readonly ulong _orders, _layers, _inputs, _inputRows;
    private readonly ulong[] _moments;
    private readonly bool _isAdam, _isShared;
    private readonly StepTable _table;
    private readonly List<DeviceMemory> _owned = [];

    /// <summary>The steps of a training, for which it must be <see cref="Fits"/>.</summary>
    /// <param name="device">Where.</param>
    /// <param name="commands">The queue that writes tables.</param>
    /// <param name="plan">The network.</param>
    /// <param name="examples">The examples.</param>
    /// <param name="orders">The address of the orders that rows point into.</param>
    /// <param name="optimizer">The rule.</param>
    /// <param name="moments">The address of each moment: two of Adam, one of SGD.</param>
    /// <param name="table">The steps.</param>
    public BlockTraining(
        IDevice device, ICommands commands, CudaPlan plan, DeviceExamples examples, ulong orders, Optimizer optimizer, ulong[] moments, StepTable table)
    {
        (_plan, _examples, _orders, _moments, _table, _isAdam) = (plan, examples, orders, moments, table, optimizer is not Sgd);
        CompiledPlan compiled = plan.Plan;
        _isShared = SharedBytes(compiled, withWeights: true) <= device.SharedBytes;
        var layers = new List<Layer>();
        var inputs = new ushort[compiled.Layout.Length];
        foreach (SparseLinearOperation operation in compiled.Operations.Cast<SparseLinearOperation>())
        {
            SparseMatrix matrix = operation.Table;
            for (int k = 0; k < matrix.Kept; k++) inputs[operation.Offset + k] = (ushort)matrix.KeptInputs[k];
            ReadOnlySpan<int> rows = matrix.InputRows;
            var columnRows = new ushort[rows.Length];
            for (int i = 0; i < rows.Length; i++) columnRows[i] = (ushort)rows[i];
            layers.Add(new(
                Put<int>(matrix.SegmentsByRow()), Put<uint>(Entries(operation)), Put(matrix.InputOrder), Put(matrix.InputStarts), Put<ushort>(columnRows),
                Put(matrix.InputIndices), matrix.Rows, matrix.Inputs, matrix.ByOutput.Tiles, operation.Offset, operation.Length,
                operation.Parameters[1].Start, operation.Output.HasRelu ? 1 : 0, 0));
        }
        _layers = Put<Layer>(layers.ToArray());
        _inputs = Put<ushort>(inputs);
        _inputRows = Put<int>(compiled.InputRows);

        ulong Put<T>(ReadOnlySpan<T> values) where T : unmanaged
        {
            DeviceMemory memory = device.Allocate(commands, values);
            _owned.Add(memory);
            return memory.Address;
        }
    }

    /// <summary>
    /// True if a training can run in a block: every layer stores its kept weights alone and is fully connected, a batch has 49 to 64
    /// examples of bytes that are all scaled alike, and the values between layers fit into a multiprocessor's shared memory.
    /// </summary>
    /// <param name="device">Where.</param>
    /// <param name="plan">The network.</param>
    /// <param name="batch">Examples of a batch.</param>
    /// <param name="examples">The examples.</param>
    /// <param name="augment">What is done to images.</param>
    public static bool Fits(IDevice device, CompiledPlan plan, int batch, DeviceExamples examples, Augmentation augment)
    {
        var tiles = new BatchTiles(batch);
        return plan.Operations.All(one => one is SparseLinearOperation { Table: { Rows: < NoRow, Inputs: < Bias } })
            && tiles is { Tiles: 1, Lanes: Lanes } && !examples.AreNumeric && examples.Channels == 1 && augment == Augmentation.None
            && SharedBytes(plan, withWeights: false) <= device.SharedBytes;
    }

    /// <summary>Trains the next steps of the table, as many as its cursor has before it, and moves the cursor on.</summary>
    public Launch Train(int steps) => Run("train", 1,
    [
        .. Network(_examples, _orders), _plan.Parameters, _plan.Gradient, _moments[0], _moments[^1], _inputs, _table.Losses, _table.Cursor,
        Launch.Argument(_table.Stride), Launch.Argument(steps), Launch.Argument(_isAdam ? 1 : 0),
    ]);

    /// <summary>Evaluates batches of at most 64 examples: the loss and the right ones of each to its row's places. The cursor stays.</summary>
    /// <param name="examples">Examples of the same kind.</param>
    /// <param name="order">The address of the order that rows point into.</param>
    /// <param name="table">The batches.</param>
    /// <param name="blocks">Blocks that share the work.</param>
    public Launch Evaluate(DeviceExamples examples, ulong order, StepTable table, int blocks) => Run("evaluate", Math.Clamp(blocks, 1, Math.Max(table.Count, 1)),
    [
        .. Network(examples, order), _plan.Parameters, _inputs, table.Losses, table.Correct, table.Cursor, Launch.Argument(table.Stride),
        Launch.Argument(table.Count),
    ]);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (DeviceMemory memory in _owned) memory.Dispose();
        _owned.Clear();
    }

    private Launch Run(string kernel, int blocks, ReadOnlySpan<ulong> arguments) => new(
        $"block/{kernel}_{(_isShared ? "shared" : "global")}", blocks, 1, 1, Threads, SharedBytes(_plan.Plan, _isShared), [.. arguments]);

    private ReadOnlySpan<ulong> Network(DeviceExamples examples, ulong order)
    {
        CompiledPlan plan = _plan.Plan;
        return new ulong[]
        {
            _layers, Launch.Argument(plan.Operations.Length), Launch.Argument(plan.Input.Live.Length), Launch.Argument(plan.Layout.Length),
            Launch.Argument(plan.Network.Outputs), examples.Values, examples.Labels, order, _inputRows, examples.Scale, Launch.Argument(examples.Features),
        };
    }

    /// <summary>What the loss is made of, the bytes of the input, each layer's output, and with them the weights and their inputs.</summary>
    private static int SharedBytes(CompiledPlan plan, bool withWeights)
    {
        long bytes = 3L * sizeof(float) * Lanes + (long)Lanes * plan.Input.Live.Length
            + sizeof(float) * (long)Lanes * plan.Operations.Sum(one => ((SparseLinearOperation)one).Table.Rows)
            + (withWeights ? (sizeof(float) + sizeof(ushort)) * (long)plan.Layout.Length : 0);
        return (int)Math.Min(bytes, int.MaxValue);
    }

    /// <summary>For each parameter its row and, in the upper half, its input.</summary>
    private static uint[] Entries(SparseLinearOperation operation)
    {
        (int Row, int Input)[] of = operation.RowsAndInputs();
        return Array.ConvertAll(of, one => (uint)(one.Row < 0 ? NoRow : one.Row) | (uint)(one.Input < 0 ? Bias : one.Input) << 16);
    }

    /// <summary>The struct of the same name in Kernels/block.cu.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Layer(
        ulong Segments, ulong Entries, ulong Order, ulong Starts, ulong ColumnRows, ulong Places, int Rows, int Inputs, int Parts, int Offset, int Length,
        int Bias, int Relu, int Unused);
}
