using Lottery.Cuda.Driver;
using Lottery.Cuda.Plans;
using Lottery.Data;
using Lottery.Kernels;
using Lottery.Plans;
using Lottery.Training;

namespace Lottery.Cuda.Training;

/// <summary>A card: trainings that it has kernels and memory for run on it, side by side, and the others on the processor.</summary>
/// <param name="device">The card, which is disposed of with this.</param>
internal sealed class CudaTrainingDevice(IDevice device) : ITrainingDevice, IDisposable
{
    private readonly DeviceData _data = new(device);

    /// <summary>The card's name.</summary>
    public string Name => device.Name;

    /// <summary>Receives why a training runs on the processor instead, in one sentence.</summary>
    public Action<string> Say { get; init; } = static _ => { };

    /// <inheritdoc/>
    public ITrainingEngine Begin(TrainingTask task, EpochOrders orders, int threads)
    {
        var plan = new CompiledPlan(
            task.Mask.Network, task.Mask, KernelRegistry.Kernels, task.HasFrozen, zeros: ZeroInputs.ShareOf(task.Data.Dataset.Train));
        string? obstacle = CudaPlan.Obstacle(plan);
        if (obstacle is null)
            try
            {
                return new CudaEngine(task, plan, orders, device, _data);
            }
            catch (DeviceException full) when (full.Fault == DeviceFault.OutOfMemory)
            {
                obstacle = $"{full.Message} This run is trained by the processor.";
            }
        else plan.Dispose();
        Say(obstacle);
        return CpuDevice.Default.Begin(task, orders, threads);
    }

    /// <inheritdoc/>
    public void Dispose() => device.Dispose();
}
