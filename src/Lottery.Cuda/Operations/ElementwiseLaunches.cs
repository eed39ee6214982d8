using Lottery.Cuda.Driver;

namespace Lottery.Cuda.Operations;

/// <summary>Launches of kernels that go value by value (Kernels/elementwise.cu).</summary>
internal static class ElementwiseLaunches
{
    /// <summary>Threads of a block.</summary>
    public const int Threads = 256;

    /// <summary>Enough blocks for any card; each goes on where the others end.</summary>
    private const int MostBlocks = 2048;

    /// <summary>Blocks for so many values.</summary>
    public static int Blocks(long count) => (int)Math.Clamp((count + Threads - 1) / Threads, 1, MostBlocks);

    /// <summary>y = x where the mask is above 0, else +0.</summary>
    public static Launch Relu(ulong mask, ulong x, ulong y, long count) =>
        new("elementwise/relu", Blocks(count), Threads, mask, x, y, (ulong)count);

    /// <summary>Dropout of values or of their gradient.</summary>
    /// <param name="x">Values.</param>
    /// <param name="mask">What a ReLU computed; or 0.</param>
    /// <param name="y">The result, which may be x.</param>
    /// <param name="count">Values of all tiles of the engine: without the padding half of a last image tile.</param>
    /// <param name="imageRows">Rows of sixteen values in an image tile of the engine; 0 for features.</param>
    /// <param name="rate">The fraction that is dropped.</param>
    /// <param name="key">The layer's index among the dropout layers.</param>
    /// <param name="cursor">The address of the cursor.</param>
    public static Launch Dropout(ulong x, ulong mask, ulong y, long count, long imageRows, double rate, int key, ulong cursor) =>
        new("elementwise/dropout", Blocks((count + 3) / 4), Threads,
            x, mask, y, (ulong)count, (ulong)imageRows, Launch.Argument((float)(rate * (1 << 23))), Launch.Argument((float)(1 / (1 - rate))),
            Launch.Argument(key), cursor);

    /// <summary>Adds to an integer how many values are infinite or not a number.</summary>
    public static Launch CountNotFinite(ulong x, long count, ulong found) =>
        new("elementwise/count_nonfinite", Blocks(count), Threads, x, (ulong)count, found);
}
