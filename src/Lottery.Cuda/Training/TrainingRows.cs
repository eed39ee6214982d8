using Lottery.Cuda.Driver;
using Lottery.Numerics;
using Lottery.Operations;
using Lottery.Plans;
using Lottery.Training;

namespace Lottery.Cuda.Training;

/// <summary>
/// Fills a step table for the steps of a training, and keeps the orders that they go by on the device: those of two epochs, one after
/// the other. The keys of a row are those of the dropout layers, then of the layers with scores, both in the plan's order.
/// </summary>
internal sealed class TrainingRows : IDisposable
{
    private readonly TrainingTask _task;
    private readonly EpochOrders _orders;
    private readonly DropoutOperation[] _dropouts;
    private readonly ScoredLayer[] _scored;
    private readonly (uint Key0, uint Key1)[] _keys;
    private readonly DeviceMemory _lying;
    private readonly int[] _epochs = [-1, -1];

    /// <summary>The rows of a training.</summary>
    /// <param name="device">Where.</param>
    /// <param name="task">The training.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="orders">Its orders.</param>
    public TrainingRows(IDevice device, TrainingTask task, CompiledPlan plan, EpochOrders orders)
    {
        (_task, _orders) = (task, orders);
        _dropouts = [.. plan.Operations.OfType<DropoutOperation>()];
        _scored = task.Supermask is null ? [] : [.. plan.Layout.Rows.Where(row => row.Parameter.Prunable).Select(row => new ScoredLayer(row))];
        _keys = new (uint, uint)[_dropouts.Length + _scored.Length];
        _lying = device.Allocate(2L * sizeof(int) * task.Data.Training.Length);
    }

    /// <summary>Keys of a row.</summary>
    public int Keys => _keys.Length;

    /// <summary>The address of the orders, which kernels are given.</summary>
    public ulong Orders => _lying.Address;

    /// <summary>The index of the first layer with scores among the keys.</summary>
    public int FirstScored => _dropouts.Length;

    /// <summary>The keys of a sample of the mask outside training; they are valid until the next call.</summary>
    /// <param name="use">What it is sampled for.</param>
    /// <param name="number">Which sample.</param>
    public ReadOnlySpan<(uint Key0, uint Key1)> Sample(string use, int number)
    {
        for (int i = 0; i < _scored.Length; i++) _keys[FirstScored + i] = _scored[i].Stream(_task.Seed, use, number).Key;
        return _keys;
    }

    /// <summary>Fills a table with the steps from <paramref name="step"/> on, and loads it.</summary>
    /// <param name="table">The table, with <see cref="Keys"/>.</param>
    /// <param name="commands">The queue.</param>
    /// <param name="step">The first step.</param>
    /// <param name="most">The most steps, at least 1.</param>
    /// <returns>The number of steps: fewer where the table is full, or a third epoch begins.</returns>
    public int Fill(StepTable table, ICommands commands, int step, int most)
    {
        table.Clear();
        int first = _orders.EpochOf(step), count = Math.Min(most, table.Capacity);
        for (int i = 0; i < count && _orders.EpochOf(step + i) <= first + 1; i++) Add(table, commands, step + i);
        table.Load(commands);
        return table.Count;
    }

    private void Add(StepTable table, ICommands commands, int step)
    {
        int epoch = _orders.EpochOf(step), batch = _task.Training.Batch, length = _task.Data.Training.Length, count = step - _task.FirstStep + 1;
        if (_epochs[epoch % 2] != epoch)
        {
            commands.Write(_lying.Address + (ulong)(epoch % 2) * sizeof(int) * (ulong)length, _orders.Order(epoch));
            _epochs[epoch % 2] = epoch;
        }
        (RandomStream crop, RandomStream flip) = Augmenter.Streams(_orders.Seed, epoch);
        for (int i = 0; i < _dropouts.Length; i++) _keys[i] = _dropouts[i].Stream(_task.Seed, _task.FirstStep + count).Key;
        table.Add(
            new()
            {
                First = (long)(epoch % 2) * length + (long)(step % _orders.Batches) * batch, Count = batch, Crop = crop.Key, Flip = flip.Key,
                Update = OptimizerConstants.Of(_task.Training.Optimizer, count, _task.Training.FactorAt(step)),
            },
            Sample("step", step));
    }

    /// <inheritdoc/>
    public void Dispose() => _lying.Dispose();
}
