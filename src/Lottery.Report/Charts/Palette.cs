using ScottPlot;

namespace Lottery.Report.Charts;

/// <summary>
/// The colours and markers of image files, equal to those of <c>page.css</c> in light mode: distinguishable with colour
/// vision deficiencies, and dark enough for thin lines.
/// </summary>
internal static class Palette
{
    private static readonly string[] s_slots =
        ["#0b61a8", "#c4500a", "#00796b", "#a8327f", "#7a6a00", "#5b4bb5", "#2f7fb8", "#8a3b12"];

    private static readonly MarkerShape[] s_shapes =
    [
        MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledDiamond, MarkerShape.FilledTriangleUp,
        MarkerShape.Eks, MarkerShape.Asterisk, MarkerShape.Cross, MarkerShape.FilledTriangleDown,
    ];

    private static readonly Color[] s_heat = [.. new[] { "#f4f2ec", "#9cc3dc", "#2f78b0", "#0a2f57" }.Select(Color.FromHex)];

    /// <summary>Text and lines.</summary>
    public static Color Ink { get; } = Color.FromHex("#1d2129");

    /// <summary>Ticks and axis labels.</summary>
    public static Color Soft { get; } = Color.FromHex("#555c68");

    /// <summary>Grid lines.</summary>
    public static Color Grid { get; } = Color.FromHex("#ebe9e3");

    /// <summary>The colour of a slot; grey for <see cref="Mark.Neutral"/>.</summary>
    public static Color Of(int slot) => Color.FromHex(slot < 0 ? "#6b7280" : s_slots[slot % s_slots.Length]);

    /// <summary>The marker of a slot; hollow for slots beyond the last colour.</summary>
    public static MarkerShape Marker(int slot)
    {
        MarkerShape shape = s_shapes[Math.Max(0, slot) % s_shapes.Length];
        return slot < s_slots.Length ? shape : shape switch
        {
            MarkerShape.FilledCircle => MarkerShape.OpenCircle,
            MarkerShape.FilledSquare => MarkerShape.OpenSquare,
            MarkerShape.FilledDiamond => MarkerShape.OpenDiamond,
            MarkerShape.FilledTriangleUp => MarkerShape.OpenTriangleUp,
            MarkerShape.FilledTriangleDown => MarkerShape.OpenTriangleDown,
            _ => shape,
        };
    }

    /// <summary>The width of a slot's line, in pixels. No line is dashed: Skia's SVG canvas cannot write dashes.</summary>
    public static float Width(int slot) => slot < 0 || slot >= s_slots.Length ? 1 : 1.8f;

    /// <summary>The colour scale of heat maps, light to dark.</summary>
    internal sealed class HeatColormap : IColormap
    {
        public string Name => "light to dark";

        public Color GetColor(double position)
        {
            double at = Math.Clamp(position, 0, 1) * (s_heat.Length - 1);
            int from = Math.Min((int)at, s_heat.Length - 2);
            return s_heat[from].InterpolateRgb(s_heat[from + 1], at - from);
        }
    }
}
