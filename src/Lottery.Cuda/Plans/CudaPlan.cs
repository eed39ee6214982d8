using System.Collections.Immutable;
using Lottery.Cuda.Driver;
using Lottery.Cuda.Operations;
using Lottery.Plans;

namespace Lottery.Cuda.Plans;

/// <summary>
/// A compiled plan on a device: parameters laid out as the plan's, an operation for each of the plan's, and the tensors of a batch in training
/// and of one in evaluation. It launches kernels and knows nothing of what a step is made of besides.
/// </summary>
internal sealed class CudaPlan : IDisposable
{
    private readonly ImmutableArray<CudaOperation> _operations;
    private readonly JoinedLaunches _joined;
    private readonly List<IDisposable> _owned = [];

    /// <summary>Puts a plan on a device; its parameters are zero until <see cref="Upload"/>.</summary>
    /// <param name="device">Where.</param>
    /// <param name="commands">The queue that writes tables.</param>
    /// <param name="plan">The plan, which must have no <see cref="Obstacle"/>.</param>
    /// <param name="batch">Examples of a training batch.</param>
    /// <param name="evaluated">The most examples of a batch that is evaluated.</param>
    /// <exception cref="DeviceException">The device has too little memory.</exception>
    public CudaPlan(IDevice device, ICommands commands, CompiledPlan plan, int batch, int evaluated)
    {
        Plan = plan;
        try
        {
            Parameters = Own(device.Allocate(sizeof(float) * (long)Math.Max(plan.Layout.Length, 1))).Address;
            Gradient = Own(device.Allocate(sizeof(float) * (long)Math.Max(plan.Layout.Length, 1))).Address;
            X = Own(CudaBuffers.OfValues(device, plan, batch));
            Dx = Own(CudaBuffers.OfGradients(device, plan, X));
            Evaluated = Own(CudaBuffers.OfForward(device, plan, evaluated));
            _operations = CudaOperations.Of(plan);
            foreach (CudaOperation operation in _operations) Own(operation).Load(device, commands, X);
            _joined = Own(new JoinedLaunches(device, commands, _operations.AsSpan()));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The plan.</summary>
    public CompiledPlan Plan { get; }

    /// <summary>The address of the parameters.</summary>
    public ulong Parameters { get; }

    /// <summary>The address of the gradient of a training batch, zero for what is not trained.</summary>
    public ulong Gradient { get; }

    /// <summary>The values of a training batch.</summary>
    public CudaBuffers X { get; }

    /// <summary>The gradients of a training batch; that of the output lies where its values do.</summary>
    public CudaBuffers Dx { get; }

    /// <summary>The values of a batch that is evaluated.</summary>
    public CudaBuffers Evaluated { get; }

    /// <summary>Why a plan cannot run on a card, as a sentence; null if it can.</summary>
    public static string? Obstacle(CompiledPlan plan) => CudaOperations.Obstacle(plan);

    /// <summary>Bytes of the device that a plan needs.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="batch">Examples of a training batch.</param>
    /// <param name="evaluated">The most examples of a batch that is evaluated.</param>
    public static long Bytes(CompiledPlan plan, int batch, int evaluated)
    {
        using var device = new CountingDevice();
        using ICommands commands = device.NewStream();
        using var measured = new CudaPlan(device, commands, plan, batch, evaluated);
        return device.Bytes;
    }

    /// <summary>Sets the parameters to the plan's values.</summary>
    public void Upload(ICommands commands) => commands.Write<float>(Parameters, Plan.Values.Span);

    /// <summary>Sets the plan's values to the parameters.</summary>
    public void Download(ICommands commands) => commands.Read(Parameters, Plan.Values.Span);

    /// <summary>From the input of a training batch to the scores of its classes.</summary>
    /// <param name="commands">The queue.</param>
    /// <param name="stepRow">The address of the cursor.</param>
    public void Forward(ICommands commands, ulong stepRow) => Forward(Training(commands, stepRow));

    /// <summary>From the gradient of the scores, which lies where they did, to that of the parameters.</summary>
    /// <param name="commands">The queue.</param>
    /// <param name="stepRow">The address of the cursor.</param>
    public void Backward(ICommands commands, ulong stepRow)
    {
        CudaPass pass = Training(commands, stepRow);
        for (int i = _operations.Length - 1; i >= 0; i--) _operations[i].Backward(pass);
        _joined.Add(pass);
    }

    /// <summary>From the input of a batch that is evaluated to the scores of its classes.</summary>
    public void Evaluate(ICommands commands) =>
        Forward(new CudaPass { Commands = commands, X = Evaluated, Parameters = Parameters });

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable owned in _owned) owned.Dispose();
        _owned.Clear();
    }

    private void Forward(in CudaPass pass)
    {
        _joined.Spread(pass);
        foreach (CudaOperation operation in _operations) operation.Forward(pass);
    }

    private CudaPass Training(ICommands commands, ulong stepRow) => new()
    {
        Commands = commands, X = X, Dx = Dx, Parameters = Parameters, Gradient = Gradient, Training = true, StepRow = stepRow,
    };

    private T Own<T>(T owned) where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }
}
