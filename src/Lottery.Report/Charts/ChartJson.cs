using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Lottery.Studies.Identity;

namespace Lottery.Report.Charts;

/// <summary>A chart as <c>charts.js</c> reads it: arrays of numbers with seven significant digits, null where there is none.</summary>
internal static class ChartJson
{
    /// <summary>Escapes &lt;, &gt;, &amp; and quotes, so that no text can end the script element that contains it.</summary>
    private static readonly JsonSerializerOptions Safe = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>One line of JSON that is safe inside a script element.</summary>
    public static string Write(Chart chart) => new JsonObject
    {
        ["key"] = chart.Key,
        ["title"] = chart.Title,
        ["x"] = Write(chart.X),
        ["y"] = Write(chart.Y),
        ["steps"] = chart.Steps,
        ["panels"] = chart.Panels,
        ["series"] = chart.Series,
        ["first"] = chart.First,
        ["frames"] = Array(chart.Frames, frame => new JsonObject
        {
            ["label"] = frame.Label,
            ["panels"] = Array(frame.Panels, Write),
        }),
    }.ToJsonString(Safe);

    private static JsonNode Write(ChartAxis axis) => new JsonObject
    {
        ["label"] = axis.Label,
        ["format"] = KebabCase.Of(axis.Format),
        ["kind"] = KebabCase.Of(axis.Kind),
        ["reversed"] = axis.Reversed,
        ["range"] = axis.Range is { } range ? Numbers([range.Low, range.High]) : null,
    };

    /// <summary>An enlarged panel has a range and no marks: they are those of the first panel.</summary>
    private static JsonNode Write(ChartPanel panel)
    {
        var json = new JsonObject { ["label"] = panel.Label, ["marks"] = panel.Zoom is null ? Array(panel.Marks, Write) : [] };
        if (panel.Zoom is { } zoom) json["zoom"] = Numbers([zoom.Low, zoom.High]);
        if (panel.Enlarged is { } enlarged) json["enlarged"] = Numbers([enlarged.Low, enlarged.High]);
        return json;
    }

    private static JsonNode Write(Mark mark)
    {
        JsonObject json = mark switch
        {
            LineMark line => Intervals("line", line.Points, point => (point.Y, point.Low, point.High, point.Count)),
            BarMark bars => Intervals("bars", bars.Items, bar => (bar.Value, bar.Low, bar.High, bar.Count)),
            PointMark dots => new() { ["kind"] = "dots", ["y"] = Numbers(dots.Points.Select(dot => dot.Y)) },
            HeatMapMark heat => new()
            {
                ["kind"] = "heat",
                ["rows"] = Array(heat.Rows, name => JsonValue.Create(name)),
                ["columns"] = Array(heat.Columns, name => JsonValue.Create(name)),
                ["z"] = Array(heat.Values, row => Numbers(row)),
                ["format"] = KebabCase.Of(heat.Format),
                ["range"] = Numbers([heat.Low, heat.High]),
            },
            _ => throw new InvalidOperationException("A mark that charts.js cannot draw."),
        };
        if (mark is LineMark { HasMarkers: var markers }) json["markers"] = markers;
        json["name"] = mark.Name;
        json["slot"] = mark.Slot;
        json["x"] = mark switch
        {
            LineMark line => Numbers(line.Points.Select(point => point.X)),
            BarMark bars => Array(bars.Items, bar => JsonValue.Create(bar.Category)),
            PointMark dots => Numbers(dots.Points.Select(dot => dot.X)),
            _ => null,
        };
        return json;
    }

    private static JsonObject Intervals<T>(
        string kind, ImmutableArray<T> items, Func<T, (double Y, double Low, double High, int Count)> of) => new()
    {
        ["kind"] = kind,
        ["y"] = Numbers(items.Select(item => of(item).Y)),
        ["low"] = Numbers(items.Select(item => of(item).Low)),
        ["high"] = Numbers(items.Select(item => of(item).High)),
        ["n"] = Numbers(items.Select(item => (double)of(item).Count)),
    };

    private static JsonArray Array<T>(IEnumerable<T> items, Func<T, JsonNode?> write) => new([.. items.Select(write)]);

    private static JsonArray Numbers(IEnumerable<double> values) => Array(values, Number);

    private static JsonNode? Number(double value) => !double.IsFinite(value) ? null
        : value == Math.Floor(value) && Math.Abs(value) < 1e15 ? JsonValue.Create((long)value)
        : JsonValue.Create(Rounded(value));

    private static double Rounded(double value)
    {
        int digits = 7 - (int)Math.Ceiling(Math.Log10(Math.Abs(value)));
        return digits is >= 0 and <= 15 ? Math.Round(value, digits) : value;
    }
}
