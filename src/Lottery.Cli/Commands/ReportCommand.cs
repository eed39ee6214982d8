using System.Collections.Immutable;
using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Lottery.Cli.Options;
using Lottery.Cli.Reports;
using Lottery.Cli.Searches;
using Lottery.Report.Pages;
using Lottery.Report.Sections;
using Lottery.Report.Tables;
using Lottery.Studies.Store;

namespace Lottery.Cli.Commands;

/// <summary>What was found, as a page in one file, as text, or as files for papers.</summary>
internal sealed class ReportCommand : StoreCommand
{
    private readonly Argument<string[]> _what = new("STUDY|RUN")
    {
        Description = "Studies by name or file, runs by id; everything in the store without any.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "The file to write; for csv, svg and png the folder. [default: report.html, report.md, charts]",
        HelpName = "FILE",
    };

    private readonly ChoiceOption<string> _format = new(
        "--format", "A page, a text, or every chart as a file of its own.",
        ("html", "html"), ("md", "md"), ("csv", "csv"), ("svg", "svg"), ("png", "png"));

    public ReportCommand(Terminal terminal) : base("report", "Write what was found, with charts, into one file.",
        "lottery report -o report.html", terminal)
    {
        Add(_what);
        Add(_output);
        Add(_format);
    }

    protected override int Run(ParseResult parsed)
    {
        ReportDocument report = Report(Open(parsed), parsed.GetValue(_what) ?? []);
        string format = _format.Of(parsed);
        IReadOnlyList<string> files = Write(report, format, parsed.GetValue(_output));
        if (parsed.GetValue(Common.Json)) Write(new JsonObject { ["files"] = Json.Array(files) });
        else if (files.Count == 1) Terminal.WriteLine($"{files[0]} · {NumberFormat.Size(new FileInfo(files[0]).Length)}");
        else Write(files);
        return 0;
    }

    private ReportDocument Report(RunStore store, IReadOnlyList<string> names)
    {
        var selection = new ReportSelection(store);
        ImmutableArray<ReportSection> sections = selection.Sections(names);
        var details = new RunDetails(store);
        ImmutableArray<SectionContent> drawn =
            [.. sections.Select(section => SectionContent.Of(section, details, run => WorkEstimate.MultiplyAdds(run, tested: 0)))];
        ImmutableArray<string> notes = [.. selection.Notes, .. details.Problems.Select(problem => $"A chart lacks a run: {problem}")];
        foreach (string note in notes) Terminal.Say(note);
        return new()
        {
            Title = sections.Length == 1 ? sections[0].Name : $"{string.Join(", ", sections.Select(section => section.Runs.First().Record.Network).Distinct())}: {sections.Length} sets of runs",
            Store = store.Paths.Root,
            Version = Versions.Lottery,
            Written = DateTimeOffset.UtcNow,
            Notes = notes,
            Sections = drawn,
        };
    }

    private static IReadOnlyList<string> Write(ReportDocument report, string format, string? output)
    {
        if (format is not ("html" or "md"))
            return ReportOutput.WriteAll(output ?? "charts", ChartFiles.Of(report, Enum.Parse<ChartFormat>(format, ignoreCase: true)));
        string path = output ?? $"report.{format}";
        ReportOutput.Write(path, Encoding.UTF8.GetBytes(format == "md" ? MarkdownReport.Write(report) : ReportPage.Write(report)));
        return [path];
    }
}
