using System.Collections.Immutable;
using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Lottery.Cli.Options;
using Lottery.Cli.Output;
using Lottery.Cli.Searches;
using Lottery.Cli.Studies;
using Lottery.Report.Pages;
using Lottery.Report.Sections;
using Lottery.Report.Tables;
using Lottery.Studies.Store;

namespace Lottery.Cli.Commands;

/// <summary>Writes a report: one HTML page, Markdown, or every chart as a file.</summary>
internal sealed class ReportCommand : StoreCommand
{
    private readonly Argument<string[]> _what = new("STUDY|RUN")
    {
        Description = "Studies by name or file, runs by id; without one, everything in the store.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "The file to write; for csv, svg and png the folder. [default: report.html, report.md, charts]",
        HelpName = "FILE",
    };

    private readonly ChoiceOption<string> _format = new(
        "--format", "An HTML page, Markdown, or every chart as a separate file.",
        ("html", "html"), ("md", "md"), ("csv", "csv"), ("svg", "svg"), ("png", "png"));

    private readonly Option<string?> _by = new("--by")
    {
        Description = "Compare runs that differ in these settings, whether they are a study or not: columns of `lottery runs list`, as in lr,batch.",
        HelpName = "SETTING,…",
    };

    public ReportCommand(Terminal terminal) : base("report", "Write a report with tables and charts into one file.",
        "lottery report -o report.html", terminal)
    {
        Add(_what);
        Add(_output);
        Add(_format);
        Add(_by);
    }

    protected override int Run(ParseResult parsed)
    {
        RunReport report = Report(Open(parsed), parsed.GetValue(_what) ?? [], parsed.GetValue(_by));
        string format = _format.Of(parsed);
        IReadOnlyList<string> files = Write(report, format, parsed.GetValue(_output));
        if (parsed.GetValue(Common.Json)) Write(new JsonObject { ["files"] = Json.Array(files) });
        else if (files.Count == 1) Terminal.WriteLine($"{files[0]} · {NumberFormat.Size(new FileInfo(files[0]).Length)}");
        else Write(files);
        return 0;
    }

    private RunReport Report(RunStore store, IReadOnlyList<string> names, string? by)
    {
        var selection = new ReportSelection(store);
        ImmutableArray<ReportSection> sections = selection.Sections(names, ReportSelection.Settings(by));
        var report = RunReport.Create(store, sections, selection.Notes, run => WorkEstimate.MultiplyAdds(run, tested: 0));
        foreach (string note in report.Notes) Terminal.Say(note);
        return report;
    }

    private static IReadOnlyList<string> Write(RunReport report, string format, string? output)
    {
        if (format is not ("html" or "md"))
            return OutputFile.WriteAll(output ?? "charts", report.WriteCharts(Enum.Parse<ChartFormat>(format, ignoreCase: true)));
        string path = output ?? $"report.{format}";
        OutputFile.Write(path, Encoding.UTF8.GetBytes(format == "md" ? report.WriteMarkdown() : report.WriteHtml()));
        return [path];
    }
}
