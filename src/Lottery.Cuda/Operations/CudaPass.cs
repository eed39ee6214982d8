using System.Runtime.InteropServices;
using Lottery.Cuda.Driver;
using Lottery.Operations;

namespace Lottery.Cuda.Operations;

/// <summary>What every operation of a forward or backward pass works with.</summary>
internal readonly struct CudaPass
{
    /// <summary>The queue that receives the launches.</summary>
    public required ICommands Commands { get; init; }

    /// <summary>The values of every tensor.</summary>
    public required CudaBuffers X { get; init; }

    /// <summary>The gradient of every tensor; null in a pass that has no backward part.</summary>
    public CudaBuffers? Dx { get; init; }

    /// <summary>The address of the parameters of every operation, each operation's at its <see cref="Operation.Offset"/>.</summary>
    public required ulong Parameters { get; init; }

    /// <summary>The address of the parameters' gradient, laid out likewise.</summary>
    public ulong Gradient { get; init; }

    /// <summary>True if normalizations use the batch's own statistics and dropout drops.</summary>
    public bool Training { get; init; }

    /// <summary>The address of the cursor, which holds the address of the step's row.</summary>
    public ulong StepRow { get; init; }

    /// <summary>How the examples are divided into tiles.</summary>
    public BatchTiles Tiles => X.Tiles;

    /// <summary>The parameters of an operation.</summary>
    public ulong ParametersOf(Operation operation) => Parameters + 4 * (ulong)operation.Offset;

    /// <summary>The gradient of an operation's parameters.</summary>
    public ulong GradientOf(Operation operation) => Gradient + 4 * (ulong)operation.Offset;

    /// <summary>False for the network's input.</summary>
    public bool HasGradient(PlanTensor tensor) => Dx!.Has(tensor);

    /// <summary>A tensor's values if it ends with a ReLU, otherwise 0: where they are not above zero, its gradient is zero.</summary>
    public ulong ReluMask(PlanTensor tensor) => tensor.HasRelu ? X[tensor] : 0;

    /// <summary>Runs a kernel, unless its grid is empty.</summary>
    /// <param name="kernel">Its family and name.</param>
    /// <param name="grid">Blocks.</param>
    /// <param name="threads">Threads of a block.</param>
    /// <param name="shared">Bytes of shared memory of a block.</param>
    /// <param name="arguments">The arguments.</param>
    public void Run(string kernel, (int X, int Y, int Z) grid, int threads, int shared, params ReadOnlySpan<Argument> arguments)
    {
        if (grid.X == 0 || grid.Y == 0 || grid.Z == 0) return;
        var bits = new ulong[arguments.Length];
        for (int i = 0; i < bits.Length; i++) bits[i] = arguments[i].Bits;
        Commands.Run(new(kernel, grid.X, grid.Y, grid.Z, threads, shared, ImmutableCollectionsMarshal.AsImmutableArray(bits)));
    }

    /// <summary>Runs a kernel with a thread for each value of a tensor.</summary>
    /// <param name="kernel">Its family and name.</param>
    /// <param name="tensor">The tensor.</param>
    /// <param name="arguments">The arguments.</param>
    public void PerValue(string kernel, PlanTensor tensor, params ReadOnlySpan<Argument> arguments)
    {
        const int threads = 256;
        Run(kernel, (Blocks(X.Length(tensor), threads), 1, 1), threads, 0, arguments);
    }

    /// <summary>Blocks of so many threads that there is one for each of <paramref name="count"/>.</summary>
    public static int Blocks(long count, int threads) => checked((int)((count + threads - 1) / threads));
}

/// <summary>An argument of a kernel.</summary>
/// <param name="Bits">Eight bytes: an address, or an integer's or a number's bits in the lower ones.</param>
internal readonly record struct Argument(ulong Bits)
{
    public static implicit operator Argument(ulong address) => new(address);

    public static implicit operator Argument(int value) => new(Launch.Argument(value));

    public static implicit operator Argument(long value) => new((ulong)value);

    public static implicit operator Argument(float value) => new(Launch.Argument(value));

    public static implicit operator Argument(bool value) => new(value ? 1u : 0);
}
