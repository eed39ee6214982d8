using System.CommandLine;
using Lottery.Cli.Options;
using Lottery.Cli.Studies;
using Lottery.Report.Sections;
using Lottery.Report.Tables;
using Lottery.Studies.Store;

namespace Lottery.Cli.Commands;

/// <summary>Whether masking moved weights the way training had.</summary>
internal sealed class RunsMaskingCommand : StoreCommand
{
    private readonly Argument<string?> _study = new("STUDY")
    {
        Description = "A study's name in the store; all runs where none is given.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public RunsMaskingCommand(Terminal terminal)
        : base("masking", "Show how far masking alone does what training does, by what differs and density.",
            "lottery runs masking criteria", terminal) => Add(_study);

    protected override int Run(ParseResult parsed)
    {
        RunStore store = Open(parsed);
        HashSet<string>? ids = parsed.GetValue(_study) is { } name ? [.. StoredStudy.Ids(store, name)] : null;
        StoredRun[] runs =
        [
            .. store.List().Where(run => run.Level > 0 && run.Ticket is null && ids?.Contains(run.Id) != false)
                .Select(run => StoredRun.Read(store, run)).Where(run => run.Document.Metrics.Pruning.Masking is not null),
        ];
        if (runs.Length == 0)
            throw new UserException($"{store.Paths.Root} has no run {(ids is null ? "" : "of that study ")}whose mask a score "
                + "has cut: `lottery find` makes some.");
        MaskingTable table = Table(runs);
        if (parsed.GetValue(Common.Json)) Write(TableJson.Write(table));
        else Write(TableText.Lines(table));
        return 0;
    }

    private static MaskingTable Table(StoredRun[] runs)
    {
        var cells = ConditionGroups.Create(runs);
        return MaskingTable.Create(cells.Axes, cells.Groups.Select(cell => new MaskingGroup(cell.Values, [.. cell.Runs.Select(Masked)])));
    }

    private static MaskedRun Masked(StoredRun run)
    {
        RunMetrics metrics = run.Document.Metrics;
        return new(run.Record.Level, run.Record.Density, metrics.Training.InitialAccuracy ?? double.NaN, metrics.Pruning.Masking!);
    }
}
