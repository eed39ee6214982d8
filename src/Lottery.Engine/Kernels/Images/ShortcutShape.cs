namespace Lottery.Kernels;

/// <summary>An image taken over into another: every <paramref name="Stride"/>-th pixel, its channels among others.</summary>
/// <param name="Input">The image that is taken over.</param>
/// <param name="Output">What it becomes: ⌈rows ÷ stride⌉ × ⌈columns ÷ stride⌉ pixels.</param>
/// <param name="Stride">Pixels of the input to a pixel of the output; the first is taken.</param>
internal readonly record struct ShortcutShape(ImageLayout Input, ImageLayout Output, int Stride)
{
    /// <summary>Whether the two images belong to this stride.</summary>
    public bool Fits => Stride > 0 && Output.Rows == (Input.Rows - 1) / Stride + 1 && Output.Columns == (Input.Columns - 1) / Stride + 1;

    /// <summary>Whether every input channel has an output channel of its own, −1 standing for none.</summary>
    public bool Takes(ReadOnlySpan<int> targets)
    {
        int last = -1;
        foreach (int target in targets)
        {
            if (target == -1) continue;
            if (target <= last || target >= Output.Channels) return false;
            last = target;
        }
        return targets.Length == Input.Channels;
    }
}
