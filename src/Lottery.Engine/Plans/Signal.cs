using Lottery.Networks;

namespace Lottery.Plans;

/// <summary>
/// What flows from one layer to the next. Plain units lie as <c>[unit][lane]</c> in tiles of at most 64 lanes; images as
/// <c>[channel][row + border][column + border][16 lanes]</c> in tiles of 16, the border always zero.
/// </summary>
/// <param name="index">Its place among the plan's signals.</param>
/// <param name="shape">Its shape in the network.</param>
/// <param name="present">The channels or units that are present, ascending.</param>
/// <param name="border">Zeros around each channel.</param>
internal sealed class Signal(int index, Shape shape, int[] present, int border)
{
    /// <summary>Its place among the plan's signals.</summary>
    public int Index { get; } = index;

    /// <summary>Its shape in the network.</summary>
    public Shape Shape { get; } = shape;

    /// <summary>The channels or units that are present, ascending.</summary>
    public int[] Present { get; } = present;

    /// <summary>True where the layer that makes it ends with a ReLU: who sends a gradient back stops it where the signal is not above zero.</summary>
    public bool Rectified { get; init; }

    /// <summary>The earlier signal whose values these are, where this is only another name for them.</summary>
    public int? ValuesOf { get; init; }

    /// <summary>The later signal whose gradient is this one's too.</summary>
    public int? GradientOf { get; init; }

    /// <summary>How a tile of it lies, where it is an image.</summary>
    public Kernels.ImageLayout Layout => new(Present.Length, Shape.Height, Shape.Width, border);

    /// <summary>Units of a tile, with room for whole sixteens.</summary>
    public int Rows => LayerPlan.Padded(Present.Length);

    /// <summary>Values of one of its tiles.</summary>
    /// <param name="lanes">Lanes of a tile of plain units.</param>
    public int TileLength(int lanes) => Shape.IsFlat ? Rows * lanes : Layout.Length;
}
