using Lottery.Kernels;
using Lottery.Operations;

namespace Lottery.Cuda.Operations;

/// <summary>An operation on images, a warp a pixel (Kernels/image.cu).</summary>
internal abstract class CudaImageOperation<T>(T of) : CudaOperationOf<T>(of) where T : Operation
{
    private const int Threads = 256, Warp = 32;

    /// <summary>Runs a kernel with a warp for each of so many pixels of every image tile.</summary>
    protected static void PerPixel(in CudaPass pass, string kernel, int pixels, params ReadOnlySpan<Argument> arguments) =>
        pass.Run($"image/{kernel}", (CudaPass.Blocks((long)pixels * Warp, Threads), pass.X.ImageTiles, 1), Threads, 0, arguments);

    /// <summary>Pixels of all channels.</summary>
    protected static int Pixels(ImageLayout layout) => layout.Channels * layout.Pixels;
}
