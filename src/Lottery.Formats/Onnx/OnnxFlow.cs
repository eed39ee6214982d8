using Lottery.Networks;

namespace Lottery.Formats.Onnx;

/// <summary>What stands between two steps.</summary>
/// <param name="Shape">The shape, channels first.</param>
internal sealed record OnnxFlow(Shape Shape)
{
    /// <summary>True if the model has the image's channels last here.</summary>
    public bool IsLast { get; init; }

    /// <summary>The image whose values stand here with channels last, as features; null if they stand with channels first.</summary>
    public Shape? Flattened { get; init; }

    /// <summary>The features of the network's input that stand here; null for all.</summary>
    public long[]? Selected { get; init; }

    /// <summary>The lengths in the model, without the batch.</summary>
    public long[] Dims { get; init; } = Shape.IsFlat ? [Shape.Channels] : [Shape.Channels, Shape.Height, Shape.Width];
}
