using Lottery.Cuda.Driver;
using Lottery.Cuda.Operations;
using Lottery.Kernels;
using Lottery.Operations;

namespace Lottery.UnitTests.Cuda;

/// <summary>Tensors from the engine's layout to a card's and back: images lie in tiles of 16 lanes here and of 32 there.</summary>
internal static class CardTensors
{
    /// <summary>Writes the values of a tensor.</summary>
    public static void Write(ICommands commands, CudaBuffers to, PlanTensor tensor, TensorBuffers from)
    {
        float[] values = commands.Read<float>(to[tensor], checked((int)to.Length(tensor)));
        Each(to, tensor, (there, here) => values[there] = from.All(tensor)[here]);
        commands.Write(to[tensor], values);
    }

    /// <summary>The values of a tensor in the engine's layout.</summary>
    public static float[] Read(ICommands commands, CudaBuffers from, PlanTensor tensor)
    {
        float[] values = commands.Read<float>(from[tensor], checked((int)from.Length(tensor)));
        var engine = new float[tensor.TileLength(from.Tiles.Lanes) * (tensor.Shape.IsFlat ? from.Tiles.Tiles : from.Tiles.ImageTiles)];
        Each(from, tensor, (there, here) => engine[here] = values[there]);
        return engine;
    }

    private static void Each(CudaBuffers there, PlanTensor tensor, Action<int, int> each)
    {
        int length = tensor.TileLength(there.Tiles.Lanes), tiles = tensor.Shape.IsFlat ? there.Tiles.Tiles : there.Tiles.ImageTiles;
        for (int tile = 0; tile < tiles; tile++)
            for (int i = 0; i < length; i++)
                each(
                    tensor.Shape.IsFlat
                        ? tile * length + i
                        : tile / 2 * 2 * length + i / ImageLayout.Lanes * CudaBuffers.ImageLanes + tile % 2 * ImageLayout.Lanes + i % ImageLayout.Lanes,
                    tile * length + i);
    }
}
