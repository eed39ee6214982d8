using System.Collections.Immutable;

namespace Lottery.Cuda.Driver;

/// <summary>A kernel with its grid and arguments.</summary>
/// <param name="Kernel">"family/name", as in "update/adam".</param>
/// <param name="GridX">Blocks across.</param>
/// <param name="GridY">Blocks down.</param>
/// <param name="GridZ">Blocks behind each other.</param>
/// <param name="Threads">Threads of a block: a multiple of 32.</param>
/// <param name="Shared">Bytes of shared memory of a block.</param>
/// <param name="Arguments">Eight bytes each: an address, an integer's or a number's bits in the lower ones (<see cref="Argument(int)"/>).</param>
internal readonly record struct Launch(string Kernel, int GridX, int GridY, int GridZ, int Threads, int Shared, ImmutableArray<ulong> Arguments)
{
    /// <summary>Blocks in one row, without shared memory.</summary>
    public Launch(string kernel, int blocks, int threads, params ImmutableArray<ulong> arguments)
        : this(kernel, blocks, 1, 1, threads, 0, arguments)
    {
    }

    /// <summary>The module of the kernel.</summary>
    public string Family => Kernel[..Kernel.IndexOf('/', StringComparison.Ordinal)];

    /// <summary>The kernel's name in its module.</summary>
    public string Name => Kernel[(Kernel.IndexOf('/', StringComparison.Ordinal) + 1)..];

    /// <summary>An integer as an argument.</summary>
    public static ulong Argument(int value) => (uint)value;

    /// <summary>A single-precision number as an argument.</summary>
    public static ulong Argument(float value) => BitConverter.SingleToUInt32Bits(value);

    /// <summary>A double-precision number as an argument.</summary>
    public static ulong Argument(double value) => BitConverter.DoubleToUInt64Bits(value);
}
