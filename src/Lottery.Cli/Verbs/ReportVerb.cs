using System.Collections.Immutable;
using System.CommandLine;
using Lottery.Chapters;
using Lottery.Pages;
using Lottery.Studies.Store;

namespace Lottery.Cli.Verbs;

/// <summary>What was found, as a page in one file.</summary>
internal sealed class ReportVerb : StoreVerb
{
    private readonly Argument<string[]> _what = new("STUDY|RUN")
    {
        Description = "Studies by name, runs by id; everything in the store without any.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "The file to write.",
        HelpName = "FILE",
        DefaultValueFactory = _ => "report.html",
    };

    public ReportVerb(Terminal terminal) : base("report", "Write what was found, with figures, into one file.",
        "lottery report -o report.html", terminal)
    {
        Add(_what);
        Add(_output);
    }

    protected override int Run(ParseResult parsed)
    {
        RunStore store = Open(parsed);
        var reader = new ChapterReader(store);
        ImmutableArray<Chapter> chapters = reader.Read(store.List().Select(run => run.Id));
        string path = parsed.GetValue(_output)!;
        File.WriteAllText(path, ReportPage.Write(Path.GetFileName(Path.TrimEndingDirectorySeparator(store.Paths.Root)), chapters, $"lottery {Versions.Lottery}"));
        Terminal.Say($"{path} written.");
        return 0;
    }
}
