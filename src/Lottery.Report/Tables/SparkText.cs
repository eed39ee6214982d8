namespace Lottery.Report.Tables;

/// <summary>A curve in one line of text.</summary>
internal static class SparkText
{
    private const string Blocks = "▁▂▃▄▅▆▇█";

    /// <summary>The curve of <paramref name="values"/> in at most so many letters, from the smallest to the largest value.</summary>
    public static string Of(IReadOnlyList<double> values, int width)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        if (finite.Length < 2) return "";
        double low = finite.Min(), span = finite.Max() - low;
        int letters = Math.Min(width, finite.Length);
        return string.Concat(Enumerable.Range(0, letters)
            .Select(i => finite[(int)Math.Round((double)i * (finite.Length - 1) / Math.Max(1, letters - 1))])
            .Select(value => Blocks[span == 0 ? 0 : (int)Math.Round((Blocks.Length - 1) * (value - low) / span)]));
    }
}
