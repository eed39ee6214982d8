using Lottery.Cuda.Driver;
using Lottery.Operations;

namespace Lottery.Cuda.Operations;

/// <summary>What a card runs for one operation of a compiled plan, with the same bits.</summary>
/// <param name="of">The operation.</param>
internal abstract class CudaOperation(Operation of) : IDisposable
{
    private readonly List<IDisposable> _owned = [];

    /// <summary>The operation of the compiled plan: its tensors, tables and parameters.</summary>
    public Operation Of { get; } = of;

    /// <summary>How the step's weights come into an order of its own before a pass; null for none. All operations' are one launch.</summary>
    public virtual CudaSpread? Spread => null;

    /// <summary>What is left to add of its gradient after a backward pass; null for nothing. All operations' are one launch.</summary>
    public virtual CudaAddition? Addition => null;

    /// <summary>Makes the tables and buffers that the kernels need. All memory comes from the device, so that a device that counts tells how much it is.</summary>
    /// <param name="device">Where.</param>
    /// <param name="commands">The queue that writes tables.</param>
    /// <param name="buffers">The tensors' values in training.</param>
    public virtual void Load(IDevice device, ICommands commands, CudaBuffers buffers)
    {
    }

    /// <summary>Computes the output from the input.</summary>
    public abstract void Forward(in CudaPass pass);

    /// <summary>
    /// Computes the gradient of the input, unless it has none, and that of the parameters, complete but for its <see cref="Addition"/>, among
    /// <see cref="CudaPass.Gradient"/>.
    /// Gradients are zeroed by ReLUs as in <see cref="Operation.Backward"/>.
    /// </summary>
    public abstract void Backward(in CudaPass pass);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable owned in _owned) owned.Dispose();
        _owned.Clear();
    }

    /// <summary>Something that is disposed of with the operation.</summary>
    protected T Own<T>(T owned) where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    /// <summary>Memory of zeros, freed with the operation.</summary>
    /// <returns>Its address.</returns>
    protected ulong Allocate(IDevice device, long bytes)
    {
        DeviceMemory memory = device.Allocate(Math.Max(bytes, 1));
        _owned.Add(memory);
        return memory.Address;
    }

    /// <summary>A table on the device, freed with the operation.</summary>
    /// <returns>Its address.</returns>
    protected ulong Table<T>(IDevice device, ICommands commands, ReadOnlySpan<T> values) where T : unmanaged
    {
        DeviceMemory memory = device.Allocate(commands, values);
        _owned.Add(memory);
        return memory.Address;
    }
}

/// <summary>The same for one kind of operation.</summary>
/// <param name="of">The operation.</param>
internal abstract class CudaOperationOf<T>(T of) : CudaOperation(of) where T : Operation
{
    /// <inheritdoc cref="CudaOperation.Of"/>
    protected new T Of { get; } = of;
}
