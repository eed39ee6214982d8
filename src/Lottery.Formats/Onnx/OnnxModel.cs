using System.Collections.Immutable;
using Lottery.Networks;

namespace Lottery.Formats.Onnx;

/// <summary>A network and its weights from an ONNX model.</summary>
/// <param name="Weights">The values of every parameter; the network is theirs.</param>
/// <param name="Notes">Sentences on what differs from the model, such as a Softmax at the end that is left out.</param>
internal sealed record OnnxModel(Weights Weights, ImmutableArray<string> Notes)
{
    /// <summary>The network.</summary>
    public Network Network => Weights.Network;
}
