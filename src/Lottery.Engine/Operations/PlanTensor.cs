using Lottery.Kernels;
using Lottery.Networks;

namespace Lottery.Operations;

/// <summary>
/// A tensor between two operations. Features lie as <c>[feature][lane]</c> in tiles of at most 64 lanes; images as
/// <c>[channel][row + border][column + border][16 lanes]</c> in tiles of 16, the border always zero.
/// </summary>
/// <param name="index">Its index among the plan's tensors.</param>
/// <param name="shape">Its shape in the network.</param>
/// <param name="live">The channels or features that are computed, ascending: all but the dead ones.</param>
/// <param name="border">Rows and columns of zeros around each channel.</param>
internal sealed class PlanTensor(int index, Shape shape, int[] live, int border)
{
    /// <summary>Its index among the plan's tensors.</summary>
    public int Index { get; } = index;

    /// <summary>Its shape in the network.</summary>
    public Shape Shape { get; } = shape;

    /// <summary>The channels or features that are computed, ascending: all but the dead ones.</summary>
    public int[] Live { get; } = live;

    /// <summary>True if the operation that writes it ends with a ReLU: whoever writes its gradient zeroes it where the tensor is not above zero.</summary>
    public bool HasRelu { get; init; }

    /// <summary>The index of the earlier tensor that holds the same values; null if this tensor has values of its own.</summary>
    public int? ValuesOf { get; init; }

    /// <summary>The index of the later tensor that holds the same gradient; null if this tensor has a gradient of its own.</summary>
    public int? GradientOf { get; init; }

    /// <summary>The memory layout of a tile, for images.</summary>
    public ImageLayout Layout => new(Live.Length, Shape.Height, Shape.Width, border);

    /// <summary>Rows of a feature tile: the live features, rounded up to a multiple of 16.</summary>
    public int Rows => Operation.Padded(Live.Length);

    /// <summary>Values of one tile.</summary>
    /// <param name="lanes">Lanes of a feature tile.</param>
    public int TileLength(int lanes) => Shape.IsFlat ? Rows * lanes : Layout.Length;
}
