using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Operations;

/// <summary>
/// A depthwise convolution and the ReLU that follows it, by the kernels of sparse convolutions: of the weights between all
/// channels, those of each channel to itself are kept. With a mask, the kept ones of these.
/// </summary>
/// <remarks>
/// Order of accumulation: bias first, then one fused multiply-add a kept weight, by kernel row and column. Multiply-adds:
/// kept weights × output pixels × lanes, in each of forward, input gradient and weight gradient (at the border up to as many).
/// </remarks>
/// <param name="layer">The layer.</param>
/// <param name="network">Its network.</param>
/// <param name="kept">The layer's mask, <c>[channels, 1, kernel, kernel]</c>; null to store every weight.</param>
/// <param name="input">The tensor that it reads.</param>
/// <param name="output">The tensor that it writes.</param>
internal sealed class DepthwiseConvolutionOperation(
    DepthwiseConvolution layer, Network network, BitSet? kept, PlanTensor input, PlanTensor output)
    : SparseConvolutionOperation(layer, layer.Window, network, kept ?? BitSet.Full(layer.Channels * Area(layer)), (input, output, null),
        (layer.Channels, Area(layer), Area(layer)))
{
    private static int Area(DepthwiseConvolution layer) => layer.Kernel * layer.Kernel;
}
