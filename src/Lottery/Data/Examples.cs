using Lottery.Networks;

namespace Lottery.Data;

/// <summary>Images as bytes, one after the other, and their labels.</summary>
/// <param name="Pixels"><c>[count, features]</c>, 0–255.</param>
/// <param name="Labels"><c>[count]</c>, each below the number of classes.</param>
/// <param name="Features">Bytes in one image.</param>
public sealed record Examples(ReadOnlyMemory<byte> Pixels, ReadOnlyMemory<byte> Labels, int Features)
{
    /// <summary>The number of examples.</summary>
    public int Count => Labels.Length;

    /// <summary>The layout of an image; one row of features by default.</summary>
    public ImageShape Shape { get; init; } = new(1, 1, Features);

    /// <summary>The scaling of bytes to a network's input.</summary>
    public PixelScale Scale { get; init; } = PixelScale.Unit;
}
