using System.Collections.Immutable;
using System.CommandLine;
using Lottery.Cli.Options;
using Lottery.Cli.Output;
using Lottery.Cli.Studies;
using Lottery.Report.Tables;
using Lottery.Studies.Store;

namespace Lottery.Cli.Commands;

/// <summary>What the store has of a study.</summary>
internal sealed class StudyShowCommand : StoreCommand
{
    private readonly Argument<string> _study = new("STUDY") { Description = "A study's name in the store, or its YAML file." };
    private readonly StudyOptions _options = new();

    public StudyShowCommand(Terminal terminal) : base("show", "Print the table of what the store has of a study.",
        "lottery study show criteria", terminal)
    {
        Add(_study);
        foreach (Option option in _options.All) Add(option);
    }

    protected override int Run(ParseResult parsed)
    {
        string study = parsed.GetValue(_study)!;
        RunStore store = Open(parsed);
        (ImmutableArray<string> ids, StudyTable table) =
            IsFile(study) ? OfFile(study, parsed, store) : OfStore(study, parsed, store);
        if (parsed.GetValue(Common.Json)) Write(TableJson.Write(ids, table));
        else Write(StudySummary.Lines(table, Terminal.Width));
        return 0;
    }

    private static bool IsFile(string study) =>
        File.Exists(study) || Path.GetExtension(study) is ".yaml" or ".yml" || study.AsSpan().IndexOfAny('/', '\\') >= 0;

    private (ImmutableArray<string>, StudyTable) OfFile(string path, ParseResult parsed, RunStore store)
    {
        var work = new StudyWork(_options.Read(path, parsed), store);
        return (work.Plan.Ids, work.Table());
    }

    private (ImmutableArray<string>, StudyTable) OfStore(string name, ParseResult parsed, RunStore store)
    {
        if (_options.AreGiven(parsed))
            throw new UserException(
                $"Scales and other values are a file's, and '{name}' is the name of a study in the store: name its file.");
        ImmutableArray<string> ids = StoredStudy.Ids(store, name);
        return (ids, StoredStudy.Table(store, name, ids));
    }
}
