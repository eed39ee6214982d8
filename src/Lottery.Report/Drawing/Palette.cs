using System.Collections.Immutable;
using Lottery.Report.Charts;

namespace Lottery.Report.Drawing;

/// <summary>
/// Colours, markers and dashes of the slots. Conditions differ in all three, so that an image can be read with a colour
/// vision deficiency and in black and white.
/// </summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Slots">The colours of the slots; further slots begin again, with hollow markers.</param>
/// <param name="Neutral">The colour of what others are compared with.</param>
/// <param name="Heat">The colour scale of heat maps, light to dark.</param>
internal sealed record Palette(string Name, ImmutableArray<Rgb> Slots, Rgb Neutral, ImmutableArray<Rgb> Heat)
{
    private const string Blues = "#f4f2ec #9cc3dc #2f78b0 #0a2f57";

    /// <summary>Lengths of dashes and gaps, in widths of the line; the first is a solid line. <see cref="Mark.Neutral"/> is dotted.</summary>
    private static readonly double[]?[] s_dashes = [null, [5, 2.2], [7, 2, 1.4, 2], [2.6, 1.6], [9, 3]];

    private static readonly double[] s_dotted = [1.2, 1.6];

    /// <summary>All palettes, the default first: that of <c>page.css</c> in light mode.</summary>
    public static ImmutableArray<Palette> All { get; } =
    [
        Create("ten", "#0b61a8 #c4500a #003b34 #f860aa #9b1157 #b29668 #0804aa #a567ff #473e11 #288b82", "#6b7280", Blues),
        Create("okabe-ito", "#0072b2 #d55e00 #009e73 #cc79a7 #e69f00 #56b4e9 #000000", "#7f7f7f", Blues),
        Create("tol-muted", "#332288 #cc6677 #117733 #88ccee #882255 #44aa99 #999933 #aa4499 #ddcc77", "#7f7f7f", Blues),
        Create("grey", "#000000 #6e6e6e #3a3a3a #969696", "#7f7f7f", "#ffffff #bdbdbd #6b6b6b #000000"),
    ];

    /// <summary>Text and lines.</summary>
    public static Rgb Ink { get; } = Rgb.Parse("#1d2129");

    /// <summary>Ticks and axis labels.</summary>
    public static Rgb Soft { get; } = Rgb.Parse("#454b56");

    /// <summary>Grid lines.</summary>
    public static Rgb Grid { get; } = Rgb.Parse("#e4e2dc");

    /// <summary>The palette called <paramref name="name"/>.</summary>
    /// <exception cref="UserException">There is none; the names are listed.</exception>
    public static Palette Find(string name) => All.FirstOrDefault(palette => palette.Name == name)
        ?? throw new UserException($"There is no palette called '{name}'; use one of {string.Join(", ", All.Select(palette => palette.Name))}.");

    /// <summary>How a slot is drawn.</summary>
    /// <param name="slot">From 0, or <see cref="Mark.Neutral"/>.</param>
    public SlotStyle Of(int slot) => slot < 0
        ? new(Neutral, MarkerShape.Circle, IsHollow: false, s_dotted)
        : new(Slots[slot % Slots.Length], (MarkerShape)(slot % ShapeCount), slot / ShapeCount % 2 == 1,
            s_dashes[(slot + slot / s_dashes.Length / 2) % s_dashes.Length]);

    /// <summary>The colour of a position (0–1) on the scale of heat maps.</summary>
    public Rgb HeatAt(double position)
    {
        double at = Math.Clamp(position, 0, 1) * (Heat.Length - 1);
        int from = Math.Min((int)at, Heat.Length - 2);
        return Heat[from].Mix(Heat[from + 1], at - from);
    }

    private static int ShapeCount { get; } = Enum.GetValues<MarkerShape>().Length;

    private static Palette Create(string name, string slots, string neutral, string heat) => new(name, Colours(slots), Rgb.Parse(neutral), Colours(heat));

    private static ImmutableArray<Rgb> Colours(string list) => [.. list.Split(' ').Select(Rgb.Parse)];
}

/// <summary>How the marks of a slot are drawn.</summary>
/// <param name="Colour">The colour.</param>
/// <param name="Shape">The shape of the markers.</param>
/// <param name="IsHollow">True if markers are white with an outline.</param>
/// <param name="Dash">Lengths of dashes and gaps, in widths of the line; null for a solid line.</param>
internal sealed record SlotStyle(Rgb Colour, MarkerShape Shape, bool IsHollow, IReadOnlyList<double>? Dash)
{
    /// <summary>The stroke of a line.</summary>
    public Stroke Line(double width) => new(Colour, width, Dash is null ? null : [.. Dash.Select(length => length * width)]);
}
