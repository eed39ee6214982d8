using System.Globalization;

namespace Lottery.Networks;

/// <summary>The extent of one example between two layers: channels of rows and columns, or plain units.</summary>
/// <param name="Channels">Channels of an image, or units.</param>
/// <param name="Height">Rows; 0 for units.</param>
/// <param name="Width">Columns; 0 for units.</param>
public readonly record struct Shape(int Channels, int Height, int Width)
{
    /// <summary>Values of one example.</summary>
    public int Count => IsFlat ? Channels : checked(Channels * Height * Width);

    /// <summary>True for plain units, which linear layers take.</summary>
    public bool IsFlat => Height == 0;

    /// <summary>Plain units.</summary>
    public static Shape Flat(int units) => new(units, 0, 0);

    /// <summary><c>3x32x32</c>, or <c>784</c> for plain units.</summary>
    public override string ToString() => IsFlat
        ? Channels.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Channels}x{Height}x{Width}");
}
