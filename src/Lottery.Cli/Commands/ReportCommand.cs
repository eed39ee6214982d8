using System.Collections.Immutable;
using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Lottery.Cli.Options;
using Lottery.Cli.Output;
using Lottery.Cli.Searches;
using Lottery.Report.Pages;
using Lottery.Report.Sections;
using Lottery.Report.Tables;
using Lottery.Studies.Files;
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

    public ReportCommand(Terminal terminal) : base("report", "Write a report with tables and charts into one file.",
        "lottery report -o report.html", terminal)
    {
        Add(_what);
        Add(_output);
        Add(_format);
    }

    protected override int Run(ParseResult parsed)
    {
        RunReport report = Report(Open(parsed), parsed.GetValue(_what) ?? []);
        string format = _format.Of(parsed);
        IReadOnlyList<string> files = Write(report, format, parsed.GetValue(_output));
        if (parsed.GetValue(Common.Json)) Write(new JsonObject { ["files"] = Json.Array(files) });
        else if (files.Count == 1) Terminal.WriteLine($"{files[0]} · {NumberFormat.Size(new FileInfo(files[0]).Length)}");
        else Write(files);
        return 0;
    }

    private RunReport Report(RunStore store, IReadOnlyList<string> names)
    {
        var selection = new ReportSelection(store);
        ImmutableArray<ReportSection> sections = selection.Sections(names);
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

/// <summary>The runs of a report, selected by the arguments of the command line.</summary>
internal sealed class ReportSelection
{
    private const int ShortestPrefix = 4;

    private readonly RunStore _store;
    private readonly SectionReader _reader;
    private readonly ImmutableArray<RunSummary> _all;

    public ReportSelection(RunStore store)
    {
        (_store, _reader, _all) = (store, new(store), store.List());
        if (_all.IsEmpty)
            throw new UserException($"There are no finished runs in {store.Paths.Root}, so there is nothing to report; "
                + "`lottery quickstart` creates some.");
    }

    /// <summary>A sentence for each kind of run that the report leaves out.</summary>
    public IEnumerable<string> Notes
    {
        get
        {
            int underway = _store.ListActive().Length;
            if (underway > 0) yield return $"{NumberFormat.Count(underway)} {(underway == 1 ? "run is" : "runs are")} not finished yet and not in this report.";
        }
    }

    /// <summary>The report's sections: one for each named study, and one for each network, data and training among the other runs.</summary>
    /// <param name="names">Names or files of studies, and beginnings of ids; without one, everything in the store.</param>
    /// <exception cref="UserException">A name matches no study and no run, or none that is finished.</exception>
    public ImmutableArray<ReportSection> Sections(IReadOnlyList<string> names)
    {
        var sections = ImmutableArray.CreateBuilder<ReportSection>();
        var runs = new List<string>();
        foreach (string name in names.Distinct())
        {
            if (StudyNamed(name) is { } study) sections.AddRange(_reader.Read(Finished(study), study));
            else runs.AddRange(WithAncestors(Resolve(name)));
        }
        if (names.Count == 0) runs.AddRange(_all.Select(run => run.Id));
        sections.AddRange(_reader.Read(runs));
        if (sections.Count > 0) return sections.ToImmutable();
        throw new UserException($"None of the runs in {_store.Paths.Root} can be read; `lottery runs verify` names what is damaged.");
    }

    private string? StudyNamed(string name)
    {
        bool isFile = Path.GetExtension(name) is ".yaml" or ".yml";
        string study = isFile ? Study.Read(name, new()).Name! : name;
        if (_store.StudyNames.Contains(study)) return study;
        return isFile ? throw new UserException($"{_store.Paths.Root} has no run of {study}: `lottery study run {name}` trains its runs.") : null;
    }

    private IEnumerable<string> Finished(string study)
    {
        HashSet<string> finished = [.. _all.Select(run => run.Id)];
        string[] ids = [.. _store.Study(study).Where(finished.Contains)];
        return ids.Length > 0 ? ids
            : throw new UserException($"No run of {study} is finished yet: `lottery study run FILE` with its file trains them.");
    }

    private string Resolve(string name)
    {
        bool isId = name.Length >= ShortestPrefix && name.All(char.IsAsciiHexDigit);
        if (isId && (_all.Any(run => run.Id.StartsWith(name, StringComparison.OrdinalIgnoreCase)) || _store.StudyNames.IsEmpty))
            return _store.Resolve(name);
        string ending = Suggestion.Nearest(name, _store.StudyNames) is { } nearest ? $"did you mean '{nearest}'?"
            : _store.StudyNames.IsEmpty ? "it has no studies; `lottery runs list` shows the ids of its runs."
            : $"its studies are {string.Join(", ", _store.StudyNames)}, and `lottery runs list` shows the ids of its runs.";
        throw new UserException($"{_store.Paths.Root} has no study called '{name}' and no run whose id begins with it; {ending}");
    }

    /// <summary>A run and its ancestors: the runs that its mask was pruned from.</summary>
    private IEnumerable<string> WithAncestors(string id)
    {
        for (RunSummary? run = _all.FirstOrDefault(one => one.Id == id); run is not null; run = _all.FirstOrDefault(one => one.Id == (run.Ticket ?? run.Parent)))
            yield return run.Id;
    }
}
