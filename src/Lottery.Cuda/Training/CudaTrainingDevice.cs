using Lottery.Cuda.Driver;
using Lottery.Cuda.Plans;
using Lottery.Data;
using Lottery.Kernels;
using Lottery.Plans;
using Lottery.Training;

namespace Lottery.Cuda.Training;

/// <summary>
/// A card: trainings that it has kernels and memory for run on it, side by side, each on a stream of its own; the others, and all after the
/// card has failed, on the processor.
/// </summary>
/// <param name="device">The card, which is disposed of with this.</param>
internal sealed class CudaTrainingDevice(IDevice device) : ITrainingDevice, IDisposable
{
    private readonly DeviceData _data = new(device);
    private readonly object _gate = new();
    private int _active;

    /// <summary>Receives why a training runs on the processor instead, in one sentence.</summary>
    public Action<string> Say { get; init; } = static _ => { };

    /// <summary>
    /// Begins a training; where others have the card's memory, this waits until one of them ends.
    /// </summary>
    /// <inheritdoc/>
    public ITrainingEngine Begin(TrainingTask task, EpochOrders orders, int threads)
    {
        string? obstacle = null;
        lock (_gate)
            while (obstacle is null)
            {
                if (TryBegin(task, orders, ref obstacle) is { } engine) return engine;
                if (obstacle is null) Monitor.Wait(_gate);
            }
        Say(obstacle);
        return CpuDevice.Default.Begin(task, orders, threads);
    }

    /// <inheritdoc/>
    public void Dispose() => device.Dispose();

    /// <summary>An engine; null if there is an obstacle, or for lack of memory that others will give back.</summary>
    private CudaEngine? TryBegin(TrainingTask task, EpochOrders orders, ref string? obstacle)
    {
        if (device.Failure is { } failure)
        {
            obstacle = $"{failure.Message} Runs go on from their checkpoints on the processor.";
            return null;
        }
        var plan = new CompiledPlan(
            task.Mask.Network, task.Mask, KernelRegistry.Kernels, task.HasFrozen, zeros: ZeroInputs.ShareOf(task.Data.Dataset.Train));
        obstacle = CudaPlan.Obstacle(plan);
        if (obstacle is not null)
        {
            plan.Dispose();
            return null;
        }
        try
        {
            var engine = new CudaEngine(task, plan, orders, device, _data) { Ended = End };
            _active++;
            return engine;
        }
        catch (DeviceException fault)
        {
            bool waits = fault.Fault == DeviceFault.OutOfMemory && _active > 0;
            obstacle = waits ? null : $"{fault.Message} This run is trained by the processor.";
            return null;
        }
    }

    private void End()
    {
        lock (_gate)
        {
            _active--;
            Monitor.PulseAll(_gate);
        }
    }
}
