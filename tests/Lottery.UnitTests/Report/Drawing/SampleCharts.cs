using System.Collections.Immutable;
using Lottery.Report.Charts;

namespace Lottery.UnitTests.Report.Drawing;

/// <summary>Charts of every kind, made up: short and long names, few and many conditions, narrow and wide ranges.</summary>
internal static class SampleCharts
{
    public static readonly string[] Names =
    [
        "large-final", "small-init-small-final", "learning rate 0.1, momentum 0.9", "random mask", "magnitude-increase-same-sign, constant-same-sign, zero",
        "movement", "large-init", "large-init-large-final", "reinitialized", "random",
    ];

    /// <summary>Three conditions that differ by a point and one that falls to chance.</summary>
    public static Chart Crushed { get; } = Lines(0, 0, 1) with
    {
        Frames =
        [
            new("",
            [
                new("",
                [
                    .. Enumerable.Range(0, 3).Select(i => new LineMark(Names[i], i, [.. Densities(8, 0.02).Select((x, k) => new ChartPoint(x, 0.97 + 0.001 * i - 0.0005 * k, 0.969 + 0.001 * i - 0.0005 * k, 0.971 + 0.001 * i - 0.0005 * k, 5))])),
                    new LineMark("random mask", 3, [.. Densities(8, 0.02).Select((x, k) => new ChartPoint(x, 0.97 - 0.11 * k, 0.96 - 0.11 * k, 0.98 - 0.11 * k, 5))]),
                ]),
            ]),
        ],
    };

    /// <summary>Charts by their names.</summary>
    public static Dictionary<string, Chart> All { get; } = new()
    {
        ["one line"] = Lines(1, 3, smallest: 0.02),
        ["a short search"] = Lines(2, 2, smallest: 0.641),
        ["a shorter search"] = Lines(1, 2, smallest: 0.95),
        ["three lines"] = Lines(3, 9, smallest: 0.004),
        ["nine lines"] = Lines(9, 12, smallest: 0.001),
        ["one falls"] = Zoom.Add(Crushed),
        ["steps"] = Lines(3, 50, smallest: 0.5) with { X = new("training step", NumberKind.Count) { Range = (0, 50_380) } },
        ["few steps"] = Lines(2, 3, smallest: 0.5) with { X = new("training step", NumberKind.Count) { Range = (0, 1) } },
        ["tiny weights"] = Lines(2, 30, smallest: 0.5) with { X = new("weight", NumberKind.Number) { Range = (-0.00021, 0.00019) } },
        ["histograms"] = Lines(3, 20, smallest: 0.1) with { Frames = [new("21.1 %", [.. new[] { "fc1", "fc2", "fc3", "output" }.Select(layer => new ChartPanel(layer, LineMarks(4, 20, 0.1)))])] },
        ["a matrix"] = Matrix(3, 2),
        ["a large matrix"] = Matrix(9, 9),
        ["a wide matrix"] = Matrix(2, 20),
        ["images"] = Images(6, 28),
        ["one image"] = Images(1, 8),
        ["bars"] = Bars(1, 3),
        ["many bars"] = Bars(2, 10),
        ["dots"] = Dots(),
    };

    public static Chart Lines(int lines, int points, double smallest) => new()
    {
        Key = "lines", Title = "Accuracy as weights are pruned", Text = "Test accuracy.", X = ChartAxis.Density, Y = new("test accuracy", NumberKind.Percent),
        Frames = [new("", [new("", LineMarks(lines, points, smallest))])],
    };

    public static Chart Matrix(int rows, int columns) => new()
    {
        Key = "matrix", Title = "Every combination", Text = "", X = new("mask-1 · mask-0", NumberKind.Count, AxisKind.Names), Y = new("criterion", NumberKind.Count, AxisKind.Names),
        Steps = "weights remaining",
        Frames =
        [
            new("21.1 %",
            [
                new("", [new HeatMapMark("test accuracy", [.. Enumerable.Range(0, columns).Select(c => $"{Names[c % 10]} · {c}")], [.. Enumerable.Range(0, rows).Select(r => Names[r % 10])],
                    [.. Enumerable.Range(0, rows).Select(r => (ImmutableArray<double>)[.. Enumerable.Range(0, columns).Select(c => r == 1 && c == 1 ? double.NaN : 0.5 + 0.02 * r + 0.01 * c)])])
                    { Format = NumberKind.Percent, Low = 0.5, High = 0.9 }]),
            ]),
        ],
    };

    public static Chart Images(int panels, int size) => new()
    {
        Key = "images", Title = "Inputs", Text = "", X = new("column", NumberKind.Count, AxisKind.Pixels), Y = new("row", NumberKind.Count, AxisKind.Pixels),
        Frames =
        [
            new("", [.. Enumerable.Range(0, panels).Select(panel => new ChartPanel(panels == 1 ? "" : $"{50 - panel}.1 %, channel {panel}",
            [
                new HeatMapMark("of the average", [], [], [.. Enumerable.Range(0, size).Select(r => (ImmutableArray<double>)[.. Enumerable.Range(0, size).Select(c => (r * c % 7) / 3.0)])])
                    { Format = NumberKind.Number, Low = 0, High = 2 },
            ]))]),
        ],
    };

    public static Chart Bars(int series, int bars) => new()
    {
        Key = "bars", Title = "Masks without training", Text = "", X = new("condition", NumberKind.Count, AxisKind.Names), Y = new("test accuracy, mean of sampled masks", NumberKind.Percent) { Range = (0, 1) },
        Frames = [new("", [new("", [.. Enumerable.Range(0, series).Select(s => new BarMark(s == 0 ? "here" : "Zhou et al. 2019", s == 0 ? 0 : Mark.Neutral,
            [.. Enumerable.Range(0, bars).Select(b => new BarValue($"{Names[b]} (21.1 %)", 0.1 * b + 0.05, 0.1 * b, Math.Min(1, 0.1 * b + 0.1), 5))]))])])],
    };

    private static Chart Dots() => new()
    {
        Key = "dots", Title = "Which weights a criterion keeps", Text = "", X = new("initial weight", NumberKind.Number), Y = new("weight after training", NumberKind.Number),
        Frames = [new("fc1", [.. Names.Take(5).Select(name => new ChartPanel(name, [Dots("kept", 0), Dots("pruned", 1)]))])],
    };

    private static PointMark Dots(string name, int slot) => new(name, slot, [.. Enumerable.Range(0, 100).Select(i => (0.01 * (i % 10) - 0.05, 0.02 * (i / 10) - 0.1))]);

    private static ImmutableArray<Mark> LineMarks(int lines, int points, double smallest) =>
    [
        .. Enumerable.Range(0, lines).Select(i => new LineMark(Names[i], i,
            [.. Densities(points, smallest).Select((x, k) => new ChartPoint(x, 0.9 - 0.03 * i - 0.02 * k, 0.88 - 0.03 * i - 0.02 * k, 0.92 - 0.03 * i - 0.02 * k, 5))])),
    ];

    private static IEnumerable<double> Densities(int count, double smallest) => Enumerable.Range(0, count).Select(i => Math.Pow(smallest, i / Math.Max(1.0, count - 1)));
}
