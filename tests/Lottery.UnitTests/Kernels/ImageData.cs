using CsCheck;
using Lottery.Kernels;

namespace Lottery.UnitTests.Kernels;

/// <summary>Images that kernels stumble over: odd sizes, several channels, and borders that no kernel may read or write.</summary>
internal static class ImageData
{
    public static Gen<ImageLayout> Layouts { get; } = Gen.Select(
        Gen.Int[1, 4], Gen.Int[1, 7], Gen.Int[1, 7], Gen.Int[0, 2],
        (channels, rows, columns, border) => new ImageLayout(channels, rows, columns, border));

    /// <summary>Random pixels; a border and a guard of what no pixel is.</summary>
    public static float[] Image(this CaseData data, in ImageLayout layout)
    {
        float[] values = data.Values(layout.Length), image = CaseData.Target(layout.Length);
        foreach (int index in Indices(layout)) image[index] = values[index];
        return image;
    }

    /// <summary>A ReLU mask, empty where a case has none.</summary>
    public static float[] Mask(this CaseData data, in ImageLayout layout, bool masked) => masked ? data.Image(layout) : [];

    /// <summary>The index of every value of every pixel.</summary>
    public static IEnumerable<int> Indices(ImageLayout layout) =>
        from channel in Enumerable.Range(0, layout.Channels)
        from pixel in Enumerable.Range(0, layout.Pixels)
        from lane in Enumerable.Range(0, 16)
        select layout.Offset(channel, pixel / layout.Columns, pixel % layout.Columns) + lane;

    /// <summary>What a buffer holds that no kernel has written to.</summary>
    public static (double Value, double Slack)[] Untouched(int length) =>
        [.. CaseData.Target(length).Select(value => ((double)value, 0.0))];

    /// <summary>A buffer that only pixels were written to.</summary>
    public static (double Value, double Slack)[] Expected(ImageLayout layout, Func<int, (double Value, double Slack)> pixel)
    {
        (double, double)[] expected = Untouched(layout.Length);
        foreach (int index in Indices(layout)) expected[index] = pixel(index);
        return expected;
    }
}
