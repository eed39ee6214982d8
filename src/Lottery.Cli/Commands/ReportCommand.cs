using System.Collections.Immutable;
using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Lottery.Cli.Options;
using Lottery.Cli.Output;
using Lottery.Cli.Studies;
using Lottery.Report.Drawing;
using Lottery.Report.Pages;
using Lottery.Report.Sections;
using Lottery.Report.Tables;
using Lottery.Studies.Execution;
using Lottery.Studies.Store;

namespace Lottery.Cli.Commands;

/// <summary>Writes a report: one HTML page, Markdown, LaTeX tables, or every chart as a file.</summary>
internal sealed class ReportCommand : StoreCommand
{
    private readonly Argument<string[]> _what = new("STUDY|RUN")
    {
        Description = "Studies by name or file, runs by id; without one, everything in the store.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly OutputOption _output =
        new("The file to write, which ends in .html, .md or .tex; for files of charts the folder. [default: report.html, charts]");

    private readonly ChoiceOption<string> _format = new(
        "--format", "An HTML page, Markdown, LaTeX tables, or every chart as a separate file.",
        [.. ReportFormat.Documents.Concat(ReportFormat.Charts).Select(format => (format, format))]);

    private readonly Option<double> _width = Values.Parsed<double>(
        "--width", "LENGTH", "The width of svg, png and pdf files: in, cm, mm, pt or px.", "a length with its unit, as in 3.25in, 8cm, 234pt or 312px",
        Length.TryParse, ChartStyle.StandardWidth);

    private readonly Option<double> _fontSize = Values.Parsed<double>(
        "--font-size", "PT", "The size of their text, in points.", "a size in points, as in 8", Length.TrySize, new ChartStyle().FontSize);

    private readonly ChoiceOption<string> _palette = new(
        "--palette", "Their colours; all can be told apart with a colour vision deficiency and, by markers and dashes, in black and white.",
        [.. ChartStyle.Palettes.Select(name => (name, name))]);

    private readonly Option<bool> _title = new("--title") { Description = "Draw the charts' titles into them." };

    private readonly Option<string?> _by = new("--by")
    {
        Description = "Compare runs that differ in these settings, whether they are a study or not: columns of `lottery runs list`, as in lr,batch.",
        HelpName = "SETTING,…",
    };

    private readonly Option<bool> _compare = new("--compare")
    {
        Description = "Compare masks and weights, too: overlap, signs, distances, connections of units. It reads the weights of runs, at most 8 levels and 5 seeds of each.",
    };

    private readonly ComparisonOptions _comparison = new();

    public ReportCommand(Terminal terminal) : base("report", "Write a report with tables and charts into one file.",
        "lottery report -o report.html", terminal)
    {
        Add(_what);
        foreach (Option option in _output.All) Add(option);
        Add(_format);
        Add(_by);
        Add(_compare);
        foreach (Option option in (Option[])[.. _comparison.All, .. ImageOptions]) Add(option);
    }

    private Option[] ImageOptions => [_width, _fontSize, _palette, _title];

    protected override int Run(ParseResult parsed)
    {
        string stated = _format.Of(parsed), format = ReportFormat.Find(Common.IsGiven(_format, parsed) ? stated : null, _output.ValueOf(parsed));
        bool charts = ReportFormat.Charts.Contains(format);
        if (format == "tex" && parsed.GetValue(_compare))
            throw new UserException("--compare adds charts, and tables to Markdown; a LaTeX file has neither. Write an .html or .md file, or --format pdf for the charts.");
        ChartStyle style = Style(parsed, format);
        string output = charts ? _output.ValueOf(parsed) ?? "charts" : _output.FileOf(parsed, $"report.{format}");
        if (charts) OutputFile.RequireFolder(output, _output.Name);
        var left = new List<string>();
        ComparisonSettings settings = _comparison.Read(parsed);
        RunReport report = Report(Open(parsed, left.Add), left, parsed.GetValue(_what) ?? [], parsed.GetValue(_by), settings, parsed.GetValue(_compare));
        IReadOnlyList<string> files = charts ? _output.WriteAll(parsed, output, report.WriteCharts(Enum.Parse<ChartFormat>(format, ignoreCase: true), style))
            : Write(report, format, output);
        if (parsed.GetValue(Common.Json)) Write(new JsonObject { ["files"] = Json.Array(files) });
        else if (files.Count == 1) Terminal.WriteLine($"{files[0]} · {NumberFormat.Size(new FileInfo(files[0]).Length)}");
        else Write(files);
        return 0;
    }

    /// <summary>The report, which names the runs that are left out because they cannot be read.</summary>
    private RunReport Report(RunStore store, List<string> left, IReadOnlyList<string> names, string? by, ComparisonSettings settings, bool compares)
    {
        var selection = new ReportSelection(store, settings);
        ImmutableArray<ReportSection> sections = selection.Sections(names, ReportSelection.Settings(by));
        var report = RunReport.Create(store, sections, [.. left.Distinct(), .. selection.Notes], run => WorkEstimate.MultiplyAdds(run, tested: 0), compares: compares);
        foreach (string note in report.Notes) Terminal.Say(note);
        return report;
    }

    private ChartStyle Style(ParseResult parsed, string format)
    {
        if (format is not ("svg" or "png" or "pdf") && ImageOptions.FirstOrDefault(option => Common.IsGiven(option, parsed)) is { } image)
            throw new UserException($"{image.Name} is for images of charts: add --format svg, png or pdf.");
        var style = new ChartStyle
        {
            Width = parsed.GetValue(_width), FontSize = parsed.GetValue(_fontSize), Palette = _palette.Of(parsed), HasTitle = parsed.GetValue(_title),
        };
        style.Check();
        return style;
    }

    private IReadOnlyList<string> Write(RunReport report, string format, string path)
    {
        string text = format switch { "md" => report.WriteMarkdown(), "tex" => report.WriteLatex(), _ => report.WriteHtml() };
        _output.Write(path, Encoding.UTF8.GetBytes(text));
        return [path];
    }
}
