using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Lottery.Studies.Identity;

namespace Lottery.Report.Charts;

/// <summary>A figure as the pages' script reads it: arrays of numbers with seven digits, null where there is none.</summary>
public static class FigureJson
{
    /// <summary>Escapes &lt;, &gt;, &amp; and quotes, so that no text in a page can end the script that it stands in.</summary>
    private static readonly JsonSerializerOptions Safe = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>One line of JSON that may stand in a page.</summary>
    public static string Of(Figure figure) => new JsonObject
    {
        ["key"] = figure.Key,
        ["title"] = figure.Title,
        ["x"] = Of(figure.X),
        ["y"] = Of(figure.Y),
        ["steps"] = figure.Steps,
        ["panels"] = figure.Panels,
        ["series"] = figure.Series,
        ["first"] = figure.First,
        ["frames"] = Array(figure.Frames, frame => new JsonObject
        {
            ["label"] = frame.Label,
            ["panels"] = Array(frame.Panels, panel => new JsonObject
            {
                ["label"] = panel.Label,
                ["marks"] = Array(panel.Marks, Of),
            }),
        }),
    }.ToJsonString(Safe);

    private static JsonNode Of(Axis axis) => new JsonObject
    {
        ["label"] = axis.Label,
        ["form"] = KebabCase.Of(axis.Form),
        ["kind"] = KebabCase.Of(axis.Kind),
        ["reversed"] = axis.Reversed,
        ["ticks"] = Numbers(axis.Ticks),
        ["tickLabels"] = Array(axis.Ticks, tick => JsonValue.Create(Charts.Numbers.Tick(tick, axis.Form))),
        ["range"] = axis.Range is { } range ? Numbers([range.Low, range.High]) : null,
    };

    private static JsonNode Of(Mark mark)
    {
        JsonObject json = mark switch
        {
            Line line => Intervals("line", line.Points, spot => (spot.Y, spot.Low, spot.High, spot.Count)),
            Bars bars => Intervals("bars", bars.Items, bar => (bar.Value, bar.Low, bar.High, bar.Count)),
            Dots dots => new() { ["kind"] = "dots", ["y"] = Numbers(dots.Points.Select(dot => dot.Y)) },
            Heat heat => new()
            {
                ["kind"] = "heat",
                ["rows"] = Array(heat.Rows, name => JsonValue.Create(name)),
                ["columns"] = Array(heat.Columns, name => JsonValue.Create(name)),
                ["z"] = Array(heat.Values, row => Numbers(row)),
                ["form"] = KebabCase.Of(heat.Form),
                ["range"] = Numbers([heat.Low, heat.High]),
            },
            _ => throw new InvalidOperationException("A mark that no page can draw."),
        };
        if (mark is Line dotted) json["dotted"] = dotted.Dotted;
        json["name"] = mark.Name;
        json["slot"] = mark.Slot;
        json["x"] = mark switch
        {
            Line line => Numbers(line.Points.Select(spot => spot.X)),
            Bars bars => Array(bars.Items, bar => JsonValue.Create(bar.Category)),
            Dots dots => Numbers(dots.Points.Select(dot => dot.X)),
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
