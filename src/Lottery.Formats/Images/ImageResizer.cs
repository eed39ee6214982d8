namespace Lottery.Formats.Images;

/// <summary>
/// Resizes images: each pixel of the target is a weighted mean of the pixels that it covers, by a triangle as wide as two target
/// pixels (bilinear with antialiasing), first along rows, then along columns. In double precision and a fixed order, so that bytes
/// are the same everywhere.
/// </summary>
internal static class ImageResizer
{
    /// <summary>Resizes the planes of an image.</summary>
    /// <param name="planes"><c>[channels, fromHeight, fromWidth]</c>.</param>
    /// <param name="from">Height and width.</param>
    /// <param name="target"><c>[channels, height, width]</c>.</param>
    /// <param name="to">Height and width of the target.</param>
    public static void Resize(ReadOnlySpan<byte> planes, (int Height, int Width) from, Span<byte> target, (int Height, int Width) to)
    {
        if (from == to)
        {
            planes.CopyTo(target);
            return;
        }
        (int Start, double[] Factors)[] columns = Weights(from.Width, to.Width), rows = Weights(from.Height, to.Height);
        int channels = planes.Length / (from.Height * from.Width);
        var narrowed = new double[from.Height * to.Width];
        for (int channel = 0; channel < channels; channel++)
        {
            ReadOnlySpan<byte> plane = planes.Slice(channel * from.Height * from.Width, from.Height * from.Width);
            for (int y = 0; y < from.Height; y++)
                for (int x = 0; x < to.Width; x++)
                {
                    (int start, double[] factors) = columns[x];
                    double sum = 0;
                    for (int i = 0; i < factors.Length; i++) sum += factors[i] * plane[y * from.Width + start + i];
                    narrowed[y * to.Width + x] = sum;
                }
            for (int y = 0; y < to.Height; y++)
                for (int x = 0; x < to.Width; x++)
                {
                    (int start, double[] factors) = rows[y];
                    double sum = 0;
                    for (int i = 0; i < factors.Length; i++) sum += factors[i] * narrowed[(start + i) * to.Width + x];
                    target[(channel * to.Height + y) * to.Width + x] = (byte)Math.Clamp(Math.Floor(sum + 0.5), 0, 255);
                }
        }
    }

    /// <summary>For each target pixel the first source pixel and the factors from there on, whose sum is 1.</summary>
    private static (int Start, double[] Factors)[] Weights(int from, int to)
    {
        double step = (double)from / to, reach = Math.Max(step, 1);
        var weights = new (int, double[])[to];
        for (int i = 0; i < to; i++)
        {
            double centre = (i + 0.5) * step;
            int start = Math.Max(0, (int)Math.Floor(centre - reach + 0.5)), end = Math.Min(from, (int)Math.Floor(centre + reach + 0.5));
            var factors = new double[end - start];
            double sum = 0;
            for (int j = 0; j < factors.Length; j++) sum += factors[j] = Math.Max(0, 1 - Math.Abs((start + j + 0.5 - centre) / reach));
            for (int j = 0; j < factors.Length; j++) factors[j] /= sum;
            weights[i] = (start, factors);
        }
        return weights;
    }
}
