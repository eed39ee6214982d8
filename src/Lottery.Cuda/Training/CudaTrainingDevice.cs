using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Lottery.Cuda.Driver;
using Lottery.Cuda.Plans;
using Lottery.Data;
using Lottery.Kernels;
using Lottery.Plans;
using Lottery.Specifications;
using Lottery.Training;

namespace Lottery.Cuda.Training;

/// <summary>
/// A card: trainings that it has kernels and memory for run on it, side by side; the others, a run that failed on
/// it before, and all after the card has failed, on the processor.
/// </summary>
/// <param name="device">The card, which is disposed of with this.</param>
internal sealed class CudaTrainingDevice(IDevice device) : ITrainingDevice, IDisposable
{
    private readonly DeviceData _data = new(device);
    private readonly BlockFleet _fleet = new(device);
    private readonly object _gate = new();
    private readonly Lock _activeGate = new();
    private readonly HashSet<CudaEngine> _active = [];
    private readonly ConditionalWeakTable<RunSpecification, DeviceException> _failed = [];

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

    /// <summary>What the card does now.</summary>
    /// <param name="number">What <c>--device cuda:N</c> calls it.</param>
    public CardUse Look(int number)
    {
        ImmutableArray<RunSpecification> runs;
        lock (_activeGate) runs = [.. _active.Select(engine => engine.Run).OfType<RunSpecification>()];
        try
        {
            return new(device.Name, number, device.Failure is null ? device.TotalBytes - device.FreeBytes : null, device.TotalBytes, device.Utilization, runs);
        }
        catch (DeviceException)
        {
            return new(device.Name, number, null, device.TotalBytes, null, runs);
        }
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
        if (task.Run is { } run && _failed.TryGetValue(run, out DeviceException? before))
        {
            obstacle = $"{before.Message} The run goes on from its checkpoint on the processor.";
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
            var engine = new CudaEngine(task, plan, orders, device, _data, _fleet) { Ended = End };
            lock (_activeGate) _active.Add(engine);
            return engine;
        }
        catch (DeviceException fault)
        {
            bool waits = fault.Fault == DeviceFault.OutOfMemory && _active.Count > 0;
            obstacle = waits ? null : $"{fault.Message} This run is trained by the processor.";
            return null;
        }
    }

    private void End(CudaEngine engine)
    {
        lock (_gate)
        {
            lock (_activeGate) _active.Remove(engine);
            if (engine is { Fault: { } fault, Run: { } run }) _failed.AddOrUpdate(run, fault);
            Monitor.PulseAll(_gate);
        }
    }
}
