using System.CommandLine;
using System.Text.Json.Nodes;
using Lottery.Cli.Options;
using Lottery.Report.Sections;
using Lottery.Report.Tables;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;

namespace Lottery.Cli.Commands;

/// <summary>Where two runs part: in what was asked, and in what came of it.</summary>
internal sealed class RunsDiffCommand : StoreCommand
{
    private const string Nothing = "–";

    private readonly Argument<string> _left = new("A") { Description = "An id, or the beginning of one." };
    private readonly Argument<string> _right = new("B") { Description = "Another." };

    public RunsDiffCommand(Terminal terminal) : base("diff", "Show what differs in two runs' specifications, and the first stage in which they part.",
        "lottery runs diff 3f2a 91c0", terminal)
    {
        Add(_left);
        Add(_right);
    }

    protected override int Run(ParseResult parsed)
    {
        RunStore store = Open(parsed);
        RunDocument left = store.Show(parsed.GetValue(_left)!), right = store.Show(parsed.GetValue(_right)!);
        (string Field, string? Left, string? Right)[] differences = [.. Differences(left, right)];
        string? stage = Divergence.FirstStage(left.Hashes, right.Hashes);
        if (parsed.GetValue(Common.Json)) Write(Document(left, right, differences, stage));
        else Write(Lines(left, right, differences, stage));
        return 0;
    }

    private static IEnumerable<(string, string?, string?)> Differences(RunDocument left, RunDocument right)
    {
        SortedDictionary<string, string> a = StoredRun.FieldsOf(left.Specification), b = StoredRun.FieldsOf(right.Specification);
        return from field in a.Keys.Union(b.Keys).Order(StringComparer.Ordinal)
               let values = (Left: a.GetValueOrDefault(field), Right: b.GetValueOrDefault(field))
               where values.Left != values.Right
               select (field, values.Left, values.Right);
    }

    private static IEnumerable<string> Lines(
        RunDocument left, RunDocument right, (string Field, string? Left, string? Right)[] differences, string? stage)
    {
        string[][] rows = [.. differences.Select(one => new[] { one.Field, Told(one.Left), Told(one.Right) })];
        if (rows.Length == 0) yield return "The specifications are the same.";
        else
            foreach (string line in TextGrid.Lines([["specification", RunIdentity.Short(left.Id), RunIdentity.Short(right.Id)], .. rows]))
                yield return line;
        yield return "";
        yield return stage is null ? "Every stage has the same bits." : $"The first stage in which they part: {stage}.";
    }

    private static JsonObject Document(
        RunDocument left, RunDocument right, (string Field, string? Left, string? Right)[] differences, string? stage) => new()
    {
        ["a"] = left.Id,
        ["b"] = right.Id,
        ["specification"] = new JsonArray([.. differences.Select(one =>
            new JsonObject { ["field"] = one.Field, ["a"] = one.Left, ["b"] = one.Right })]),
        ["first_stage"] = stage,
    };

    private static string Told(string? value) => value is null ? Nothing : value.Length == 64 ? RunIdentity.Short(value) : value;
}
