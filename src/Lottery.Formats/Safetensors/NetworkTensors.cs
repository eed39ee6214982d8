using System.Collections.Immutable;
using Lottery.Networks;

namespace Lottery.Formats.Safetensors;

/// <summary>Weights and masks as tensors in full shape, named and shaped as PyTorch does it.</summary>
public static class NetworkTensors
{
    /// <summary>A tensor for each parameter.</summary>
    public static ImmutableArray<Tensor> Of(Weights weights) =>
        [.. weights.Network.Parameters.Select((parameter, p) => Tensor.Of(parameter.Name, parameter.Shape, weights[p]))];

    /// <summary>A Boolean tensor for each prunable parameter, under the weights' names.</summary>
    public static ImmutableArray<Tensor> Of(Mask mask) =>
    [
        .. mask.Network.Parameters.Index().Where(parameter => parameter.Item.Prunable).Select(parameter =>
            new Tensor(parameter.Item.Name, TensorType.Bool, parameter.Item.Shape, mask[parameter.Index]!.ToBytes())),
    ];
}
