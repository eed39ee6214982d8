using Lottery.Cuda.Driver;
using Lottery.Cuda.Operations;
using Lottery.Cuda.Plans;
using Lottery.Data;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Operations;
using Lottery.Plans;
using Lottery.Specifications;
using Lottery.Training;

namespace Lottery.Cuda.Training;

/// <summary>
/// A network in training on a card. A step is one recorded graph on a stream of its own, or many steps of a small network are the work of one
/// block, in launches that trainings share; between steps nothing is copied to the processor but losses, once for many steps.
/// </summary>
internal sealed class CudaEngine : ITrainingEngine
{
    /// <summary>Steps whose constants lie on the card at once.</summary>
    internal const int MostSteps = 128;

    /// <summary>Batches of an evaluation whose sums lie on the card at once.</summary>
    internal const int MostBatches = 1024;

    /// <summary>Batches that are evaluated at once: a batch of 64 leaves much of a card idle.</summary>
    internal const int MostTiles = 8;

    /// <summary>Blocks that share an evaluation of a small network: few, so that many trainings' evaluations run side by side.</summary>
    internal const int EvaluationBlocks = 8;

    private readonly TrainingTask _task;
    private readonly DeviceData _data;
    private readonly CompiledPlan _plan;
    private readonly TrainedState _state;
    private readonly ICommands _commands;
    private readonly BlockQueue? _queue;
    private readonly CudaPlan _card;
    private readonly TrainingRows _rows;
    private readonly StepTable _steps, _batches;
    private readonly BatchLaunches _training, _evaluation;
    private readonly DeviceExamples _examples;
    private readonly UpdateLaunches _update;
    private readonly SupermaskLaunches? _supermask;
    private readonly DeviceMemory _best, _found;
    private readonly DeviceMemory[] _moments;
    private readonly DeviceMemory? _scores, _frozen;
    private readonly BlockTraining? _block;
    private readonly IGraph? _step;
    private readonly int _tiles;
    private readonly Dictionary<Examples, EvaluatedExamples> _evaluated = new(ReferenceEqualityComparer.Instance);
    private readonly List<IDisposable> _owned = [];
    private readonly double[] _losses = new double[MostBatches];
    private readonly int[] _correct = new int[MostBatches];
    private bool _isDisposed;

    /// <summary>A training at its first step.</summary>
    /// <param name="task">The training.</param>
    /// <param name="plan">Its plan, which the engine disposes of, and which has no obstacle for a card (<see cref="CudaPlan.Obstacle"/>).</param>
    /// <param name="orders">Which examples each step trains on.</param>
    /// <param name="device">The card.</param>
    /// <param name="data">The examples on the card.</param>
    /// <param name="fleet">What trains small networks.</param>
    /// <exception cref="DeviceException">The card has too little memory, or cannot be used.</exception>
    public CudaEngine(TrainingTask task, CompiledPlan plan, EpochOrders orders, IDevice device, DeviceData data, BlockFleet fleet)
    {
        (_task, _data, _plan) = (task, data, plan);
        try
        {
            _state = Own(new TrainedState(task, plan));
            if (task.Supermask is null && BlockTraining.Fits(device.SharedBytes, plan, task.Training.Batch, task.Data.Dataset.Train, task.Data.Specification.Augment))
                _commands = _queue = Own(fleet.NewQueue());
            else _commands = Own(device.NewStream());
            int most = Math.Max(task.Data.Validation.Length, task.Data.Dataset.Test.Count);
            _tiles = 1;
            while (_tiles < MostTiles && _tiles * BatchTiles.MaxLanes < most) _tiles *= 2;
            _card = Own(new CudaPlan(device, _commands, plan, task.Training.Batch, _tiles * BatchTiles.MaxLanes));
            _rows = Own(new TrainingRows(device, task, plan, orders));
            (_steps, _batches) = (Own(new StepTable(device, _rows.Keys, MostSteps)), Own(new StepTable(device, _rows.Keys, MostBatches)));
            (_training, _evaluation) = (Own(new BatchLaunches(device, _commands, plan, _card.X)), Own(new BatchLaunches(device, _commands, plan, _card.Evaluated)));
            _examples = Own(data.Take(task.Data.Dataset.Train));
            _best = Own(device.Allocate(Bytes));
            _found = Own(device.Allocate(sizeof(int)));
            _moments = [.. _state.Parametrization.Moments.Select(_ => Own(device.Allocate(Bytes)))];
            if (task.Supermask is { } supermask)
            {
                (_scores, _frozen) = (Own(device.Allocate(Bytes)), Own(device.Allocate(Bytes)));
                _supermask = Own(new SupermaskLaunches(device, _commands, plan.Layout, supermask.Rescale, _rows.FirstScored));
            }
            ulong[] moments = [.. _moments.Select(moment => moment.Address)];
            ulong bits = TrainedBits(device);
            _update = new(task.Training.Optimizer, Trained, moments, _card.Gradient, bits, _steps.Cursor);
            _card.Upload(_commands);
            if (_frozen is not null) _commands.Write<float>(_frozen.Address, plan.Values.Span);
            Upload();
            if (_queue is null) _step = Own(_commands.Record(Step));
            else _block = Own(new BlockTraining(device, _commands, _card, _examples, _rows.Orders, task.Training.Optimizer, moments, bits, _steps));
            // Now, so that no later step can fail for lack of memory.
            foreach (Examples examples in (Examples[])[task.Data.Dataset.Train, task.Data.Dataset.Test])
                _evaluated[examples] = Own(new EvaluatedExamples(this, examples));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Called when the engine has given back what it had of the card.</summary>
    public Action<CudaEngine> Ended { get; init; } = static _ => { };

    /// <summary>The first error of the card in this training; null while all is well.</summary>
    public DeviceException? Fault { get; private set; }

    /// <summary>The run that is trained; null for a training that is no run.</summary>
    public RunSpecification? Run => _task.Run;

    private ulong Trained => _scores?.Address ?? _card.Parameters;

    private long Bytes => sizeof(float) * (long)Math.Max(_plan.Values.Length, 1);

    /// <inheritdoc/>
    public int Train(int step, Span<double> losses)
    {
        try
        {
            return Steps(step, losses);
        }
        catch (DeviceException fault) when (Note(fault))
        {
            throw;
        }
    }

    private int Steps(int step, Span<double> losses)
    {
        int steps = _rows.Fill(_steps, _commands, step, losses.Length);
        if (_block is not null) _queue!.Run(_block.Train(steps));
        for (int i = 0; _step is not null && i < steps; i++) _step.Launch();
        _steps.ReadLosses(_commands, losses[..steps]);
        foreach (ref double loss in losses[..steps]) loss /= _task.Training.Batch;
        return steps;
    }

    /// <inheritdoc/>
    public Evaluation Evaluate(int step)
    {
        Sample("look", step);
        TestMetrics metrics = Measure(_task.Data.Dataset.Train, _task.Data.Validation.Span);
        var evaluation = new Evaluation(step, metrics.Loss, metrics.Accuracy, double.NaN);
        if (_state.Parametrization is not SupermaskParametrization supermask) return evaluation;
        _commands.Read(Trained, supermask.Trained.Span);
        return evaluation with { Kept = supermask.Kept() };
    }

    /// <inheritdoc/>
    public (TestMetrics Metrics, TestMetrics? Thresholded) Test(Examples examples, ReadOnlySpan<int> indices) =>
        _supermask is null ? (Measure(examples, indices), null) : SupermaskTest.Run(new Sampled(this), examples, indices);

    /// <inheritdoc/>
    public int CountNotFinite()
    {
        _commands.Fill(_found.Address, 0, 1);
        _commands.Run(ElementwiseLaunches.CountNotFinite(Trained, _plan.Values.Length, _found.Address));
        return _commands.Read<int>(_found.Address, 1)[0];
    }

    /// <inheritdoc/>
    public void KeepBest() => _commands.Copy(_best.Address, Trained, Bytes);

    /// <inheritdoc/>
    public bool ReturnToBest()
    {
        Download();
        if (!_state.ReturnToBest()) return false;
        _commands.Copy(Trained, _best.Address, Bytes);
        return true;
    }

    /// <inheritdoc/>
    public Weights Save()
    {
        _card.Download(_commands);
        return _plan.Save();
    }

    /// <inheritdoc/>
    public TrainedResult Result()
    {
        Download();
        return _state.Result();
    }

    /// <inheritdoc/>
    public Checkpoint Store(Checkpoint checkpoint)
    {
        Download();
        return _state.Store(checkpoint);
    }

    /// <inheritdoc/>
    public void Restore(Checkpoint checkpoint)
    {
        _state.Restore(checkpoint);
        Upload();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        for (int i = _owned.Count - 1; i >= 0; i--) _owned[i].Dispose();
        _plan.Dispose();
        Ended(this);
    }

    /// <summary>One training step.</summary>
    private void Step(ICommands commands)
    {
        _supermask?.Sample(commands, Trained, _frozen!.Address, _card.Parameters, _steps.Cursor);
        commands.Run(_training.Assemble(_examples, _rows.Orders, _steps.Cursor, _task.Data.Specification.Augment));
        _card.Forward(commands, _steps.Cursor);
        commands.Run(_training.Softmax(_examples, _rows.Orders, _steps, _task.Training.Batch));
        _card.Backward(commands, _steps.Cursor);
        if (_supermask is null) commands.Run(_update.Move(0, _plan.Layout.Length));
        else _supermask.Move(commands, _update, _card.Gradient, Trained, _frozen!.Address, _card.Parameters);
        commands.Run(_steps.Advance);
    }

    /// <summary>Sets the plan's weights to a sample of the mask, where one is learned.</summary>
    private void Sample(string use, int number)
    {
        if (_supermask is null) return;
        _batches.Clear();
        _batches.Add(new(), _rows.Sample(use, number));
        _batches.Load(_commands);
        _supermask.Sample(_commands, Trained, _frozen!.Address, _card.Parameters, _batches.Cursor);
    }

    /// <summary>Loss and accuracy over some examples, in the order of the processor's evaluator.</summary>
    private TestMetrics Measure(Examples examples, ReadOnlySpan<int> indices)
    {
        EvaluatedExamples evaluated = _evaluated[examples];
        (double loss, int correct) = (0, 0);
        try
        {
            for (int start = 0; start < indices.Length; start += MostBatches * BatchTiles.MaxLanes)
                evaluated.Add(indices.Slice(start, Math.Min(MostBatches * BatchTiles.MaxLanes, indices.Length - start)), ref loss, ref correct);
        }
        catch (DeviceException fault) when (Note(fault))
        {
            throw;
        }
        return new(loss / indices.Length, (double)correct / indices.Length);
    }

    /// <summary>Keeps the first error, for those who begin the training again.</summary>
    /// <returns>False, so that it goes on.</returns>
    private bool Note(DeviceException fault)
    {
        Fault ??= fault;
        return false;
    }

    private void Upload()
    {
        _commands.Write<float>(Trained, _state.Parametrization.Trained.Span);
        _commands.Write<float>(_best.Address, _state.Best.Span);
        foreach ((DeviceMemory memory, AlignedBuffer<float> moment) in _moments.Zip(_state.Parametrization.Moments)) _commands.Write<float>(memory.Address, moment.Span);
    }

    private void Download()
    {
        _commands.Read(Trained, _state.Parametrization.Trained.Span);
        _commands.Read(_best.Address, _state.Best.Span);
        foreach ((DeviceMemory memory, AlignedBuffer<float> moment) in _moments.Zip(_state.Parametrization.Moments)) _commands.Read(memory.Address, moment.Span);
    }

    /// <summary>The address of a bit for each value, or 0 where all are trained.</summary>
    private ulong TrainedBits(IDevice device)
    {
        if (_supermask is not null || _plan.Layout.AreAllTrained) return 0;
        using AlignedBuffer<ushort> bits = _plan.Layout.Trained(_task.Mask);
        return Own(device.Allocate<ushort>(_commands, bits.Span)).Address;
    }

    private T Own<T>(T owned) where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    private readonly struct Sampled(CudaEngine engine) : ISampledMask
    {
        public void Sample(int number) => engine.Sample("test", number);

        public void Threshold() => engine._supermask!.Threshold(engine._commands, engine.Trained, engine._frozen!.Address, engine._card.Parameters);

        public TestMetrics Measure(Examples examples, ReadOnlySpan<int> indices) => engine.Measure(examples, indices);
    }

    /// <summary>Examples that the network is evaluated on, and the recorded evaluation of a batch of them.</summary>
    private sealed class EvaluatedExamples : IDisposable
    {
        private readonly CudaEngine _engine;
        private readonly DeviceExamples _examples;
        private readonly DeviceMemory _order;
        private readonly IGraph? _batch;
        private readonly ulong _block;
        private readonly (uint, uint)[] _keys;

        public EvaluatedExamples(CudaEngine engine, Examples examples)
        {
            _engine = engine;
            _keys = new (uint, uint)[engine._rows.Keys];
            _examples = engine._data.Take(examples);
            _order = engine._data.Device.Allocate(sizeof(int) * (long)Math.Min(examples.Count, MostBatches * BatchTiles.MaxLanes));
            if (engine._block is { } block)
            {
                _block = block.Of(engine._commands, _examples, _order.Address, engine._batches);
                return;
            }
            _batch = engine._commands.Record(commands =>
            {
                StepTable batches = engine._batches;
                commands.Run(engine._evaluation.Assemble(_examples, _order.Address, batches.Cursor, rowStride: batches.Stride));
                engine._card.Evaluate(commands);
                commands.Run(engine._evaluation.Evaluate(_examples, _order.Address, batches));
                commands.Run(batches.AdvanceBy(engine._tiles));
            });
        }

        /// <summary>Adds the losses and the right ones of some examples.</summary>
        public void Add(ReadOnlySpan<int> indices, ref double loss, ref int correct)
        {
            (ICommands commands, StepTable batches) = (_engine._commands, _engine._batches);
            commands.Write(_order.Address, indices);
            batches.Clear();
            for (int start = 0; start < indices.Length; start += BatchTiles.MaxLanes)
                batches.Add(new() { First = start, Count = Math.Min(BatchTiles.MaxLanes, indices.Length - start) }, _keys);
            // Tiles without examples: they add a loss of 0.
            while (batches.Count % _engine._tiles > 0) batches.Add(new(), _keys);
            batches.Load(commands);
            if (_engine._block is { } block) _engine._queue!.Run(block.Evaluate(_block, batches.Count, EvaluationBlocks));
            for (int i = 0; _batch is not null && i < batches.Count; i += _engine._tiles) _batch.Launch();
            batches.ReadLosses(commands, _engine._losses);
            batches.ReadCorrect(commands, _engine._correct);
            for (int i = 0; i < batches.Count; i++) (loss, correct) = (loss + _engine._losses[i], correct + _engine._correct[i]);
        }

        public void Dispose()
        {
            _batch?.Dispose();
            _order.Dispose();
            _examples.Dispose();
        }
    }
}
