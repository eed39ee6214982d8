namespace Lottery.Data;

/// <summary>The shape of an image; bytes are ordered by channel, row and column.</summary>
public readonly record struct ImageShape(int Channels, int Height, int Width)
{
    /// <summary>Bytes in one image.</summary>
    public int Features => Channels * Height * Width;

    /// <summary><c>28×28</c>, or <c>3×32×32</c> if there are several channels.</summary>
    public override string ToString() => Channels == 1 ? $"{Height}×{Width}" : $"{Channels}×{Height}×{Width}";
}
