using System.Runtime.InteropServices;
using Lottery.Cuda.Driver;
using Lottery.Cuda.Plans;
using Lottery.Data;
using Lottery.Kernels.Sparse;
using Lottery.Operations;
using Lottery.Plans;
using Lottery.Specifications;

namespace Lottery.Cuda.Training;

/// <summary>
/// Many steps of one small network in one block (Kernels/block.cu), so that as many trainings run side by side as the card has
/// multiprocessors, in launches that they share (<see cref="BlockFleet"/>). The bits are those of a step as a graph.
/// </summary>
internal sealed class BlockTraining : IDisposable
{
    /// <summary>Threads of a block.</summary>
    public const int Threads = 512;

    private const int Lanes = 64, NoRow = 0xffff, Bias = 0xffff;

    /// <summary>Values from row to row where a layer is dense or the weights are not in shared memory.</summary>
    private const int Distance = 68;

    private readonly IDevice _device;
    private readonly CudaPlan _plan;
    private readonly ulong _trained, _layers, _inputs, _inputRows, _training;
    private readonly ulong[] _moments;
    private readonly bool _isAdam, _isShared;
    private readonly List<DeviceMemory> _owned = [];

    /// <summary>The steps of a training, for which it must be <see cref="Fits"/>.</summary>
    /// <param name="device">Where.</param>
    /// <param name="commands">The queue that writes tables.</param>
    /// <param name="plan">The network.</param>
    /// <param name="examples">The examples.</param>
    /// <param name="orders">The address of the orders that rows point into.</param>
    /// <param name="optimizer">The rule.</param>
    /// <param name="moments">The address of each moment: two of Adam, one of SGD.</param>
    /// <param name="trained">The address of a bit for each value (<see cref="ParameterLayout.Trained"/>); 0 if all are trained.</param>
    /// <param name="table">The steps.</param>
    public BlockTraining(
        IDevice device, ICommands commands, CudaPlan plan, DeviceExamples examples, ulong orders, Optimizer optimizer, ulong[] moments, ulong trained,
        StepTable table)
    {
        (_device, _plan, _moments, _trained, _isAdam) = (device, plan, moments, trained, optimizer is not Sgd);
        CompiledPlan compiled = plan.Plan;
        _isShared = HoldsWeights(device.SharedBytes, compiled);
        var layers = new List<Layer>();
        var inputs = new ushort[compiled.Layout.Length];
        foreach (Operation operation in compiled.Operations)
            layers.Add(operation is SparseLinearOperation sparse ? Sparse(sparse) : Dense((DenseLinearOperation)operation));
        _layers = Put<Layer>(layers.ToArray());
        _inputs = Put<ushort>(inputs);
        _inputRows = Put<int>(compiled.InputRows);
        _training = Of(commands, examples, orders, table);

        Layer Sparse(SparseLinearOperation operation)
        {
            SparseMatrix matrix = operation.Table;
            for (int k = 0; k < matrix.Kept; k++) inputs[operation.Offset + k] = (ushort)matrix.KeptInputs[k];
            ReadOnlySpan<int> rows = matrix.InputRows;
            var columnRows = new ushort[rows.Length];
            for (int i = 0; i < rows.Length; i++) columnRows[i] = (ushort)rows[i];
            return Of(operation, matrix.Rows, matrix.Inputs, dense: 0) with
            {
                Segments = Put<int>(matrix.SegmentsByRow()), Entries = Put<uint>(Array.ConvertAll(operation.RowsAndInputs(), Entry)),
                Order = Put(matrix.InputOrder), Starts = Put(matrix.InputStarts), ColumnRows = Put<ushort>(columnRows),
                Places = Put(matrix.InputIndices), Parts = matrix.ByOutput.Tiles,
            };
        }

        Layer Dense(DenseLinearOperation operation)
        {
            int outputs = operation.Layer.Outputs;
            var biases = new (int Row, int Input)[Operation.Padded(outputs)];
            for (int i = 0; i < biases.Length; i++) biases[i] = (i < outputs ? i : -1, -1);
            return Of(operation, Operation.Padded(outputs), Operation.Padded(operation.Layer.Inputs), operation.Layer.Inputs) with { Entries = Put<uint>(Array.ConvertAll(biases, Entry)) };
        }

        ulong Put<T>(ReadOnlySpan<T> values) where T : unmanaged
        {
            DeviceMemory memory = device.Allocate(commands, values);
            _owned.Add(memory);
            return memory.Address;
        }
    }

    /// <summary>
    /// True if a training can run in a block: every layer is fully connected, a batch has at most 64 examples of bytes that are all scaled
    /// alike, and the values between layers fit into a multiprocessor's shared memory.
    /// </summary>
    /// <param name="sharedBytes">The most bytes of shared memory that a block can have.</param>
    /// <param name="plan">The network.</param>
    /// <param name="batch">Examples of a batch.</param>
    /// <param name="examples">The examples.</param>
    /// <param name="augment">What is done to images.</param>
    public static bool Fits(int sharedBytes, CompiledPlan plan, int batch, Examples examples, Augmentation augment)
    {
        var tiles = new BatchTiles(batch);
        return plan.Operations.All(one => one is SparseLinearOperation { Table: { Rows: < NoRow, Inputs: < Bias } } or DenseLinearOperation { Layer.Outputs: < NoRow })
            && tiles.Tiles == 1 && !examples.AreNumeric && examples.Scale.Channels == 1 && augment == Augmentation.None
            && SharedBytes(plan, withWeights: false) <= sharedBytes;
    }

    /// <summary>True if the weights of a training that <see cref="Fits"/> lie in shared memory, too.</summary>
    public static bool HoldsWeights(int sharedBytes, CompiledPlan plan) =>
        plan.Operations.All(one => one is SparseLinearOperation) && SharedBytes(plan, withWeights: true) <= sharedBytes;

    /// <summary>Trains the next steps of the table, as many as its cursor has before it, and moves the cursor on.</summary>
    public BlockWork Train(int steps) => Work("train", _training, steps, 1);

    /// <summary>What a kernel is given: this network, with some examples, an order that a table's rows point into, and that table.</summary>
    /// <returns>Its address, for <see cref="Evaluate"/>.</returns>
    public ulong Of(ICommands commands, DeviceExamples examples, ulong order, StepTable table)
    {
        CompiledPlan plan = _plan.Plan;
        DeviceMemory memory = _device.Allocate<Training>(commands,
        [
            new(
                _layers, plan.Operations.Length, plan.Input.Live.Length, plan.Layout.Length, plan.Network.Outputs, examples.Values, examples.Labels, order,
                _inputRows, examples.Scale, _plan.Parameters, _moments[0], _moments[^1], _trained, _plan.Gradient, _inputs, table.Losses, table.Correct,
                table.Cursor, examples.Features, _isAdam ? 1 : 0, table.Stride),
        ]);
        _owned.Add(memory);
        return memory.Address;
    }

    /// <summary>Evaluates batches of at most 64 examples: the loss and the right ones of each to its row's places. The cursor stays.</summary>
    /// <param name="of">What the kernel is given (<see cref="Of(ICommands, DeviceExamples, ulong, StepTable)"/>).</param>
    /// <param name="batches">Rows of the table.</param>
    /// <param name="blocks">Blocks that share the work.</param>
    public BlockWork Evaluate(ulong of, int batches, int blocks) => Work("evaluate", of, batches, Math.Clamp(blocks, 1, Math.Max(batches, 1)));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (DeviceMemory memory in _owned) memory.Dispose();
        _owned.Clear();
    }

    private BlockWork Work(string kernel, ulong of, int count, int blocks) =>
        new($"block/{kernel}_{(_isShared ? "shared" : "global")}", SharedBytes(_plan.Plan, _isShared), of, count, blocks);

    /// <summary>What the loss is made of, the bytes of the input, each layer's output, and with them the weights and their inputs.</summary>
    private static int SharedBytes(CompiledPlan plan, bool withWeights)
    {
        long rows = plan.Operations.Sum(one => (long)Operation.Padded(one.Output.Live.Length));
        long bytes = 3L * sizeof(float) * Lanes + (long)Lanes * plan.Input.Live.Length + sizeof(float) * rows * (withWeights ? Lanes : Distance)
            + (withWeights ? (sizeof(float) + sizeof(ushort)) * (long)plan.Layout.Length : 0);
        return (int)Math.Min(bytes, int.MaxValue);
    }

    private static Layer Of(Operation operation, int rows, int inputs, int dense) =>
        new(0, 0, 0, 0, 0, 0, rows, inputs, 0, operation.Offset, operation.Length, operation.Parameters[1].Start, operation.Output.HasRelu ? 1 : 0, dense);

    /// <summary>A parameter's row and, in the upper half, its input.</summary>
    private static uint Entry((int Row, int Input) of) => (uint)(of.Row < 0 ? NoRow : of.Row) | (uint)(of.Input < 0 ? Bias : of.Input) << 16;

    /// <summary>The struct of the same name in Kernels/block.cu.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Layer(
        ulong Segments, ulong Entries, ulong Order, ulong Starts, ulong ColumnRows, ulong Places, int Rows, int Inputs, int Parts, int Offset, int Length,
        int Bias, int Relu, int Dense);

    /// <summary>The struct of the same name in Kernels/block.cu.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Training(
        ulong Layers, int Count, int Rows, int Parameters, int Classes, ulong Values, ulong Labels, ulong Order, ulong InputRows, ulong Scale, ulong Weights,
        ulong First, ulong Second, ulong Trained, ulong Gradient, ulong Inputs, ulong Losses, ulong Correct, ulong Cursor, int Features, int Adam, int Stride);
}
