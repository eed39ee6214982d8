using System.CommandLine;
using System.Text.Json.Nodes;
using Lottery.Cli.Options;
using Lottery.Cli.Output;
using Lottery.Cli.Tables;
using Lottery.Report.Tables;
using Lottery.Studies.Files;
using Lottery.Studies.Store;

namespace Lottery.Cli.Commands;

/// <summary>The studies that there are: files in <c>studies/</c>, and those that a store has runs of.</summary>
internal sealed class StudyListCommand(Terminal terminal)
    : StoreCommand("list", "List the study files in ./studies and the studies in the store.", "lottery study list", terminal)
{
    private const string Folder = "studies";

    protected override int Run(ParseResult parsed)
    {
        RunStore store = Open(parsed);
        Entry[] entries = [.. Entries(store)];
        if (parsed.GetValue(Common.Json)) Write(new JsonArray([.. entries.Select(Json)]));
        else if (entries.Length == 0)
            Terminal.Say($"There are no study files in ./{Folder} and no studies in {store.Paths.Root}.");
        else
            Write(new TextTable(new Column("study"), new("file", ColumnKind.Whole), new("finished", ColumnKind.Number), new("about", ColumnKind.Whole))
                .Add(entries.Select(Cells)));
        return 0;
    }

    private IEnumerable<Entry> Entries(RunStore store)
    {
        HashSet<string> finished = [.. store.List().Select(run => run.Id)];
        Study[] files = [.. Files()];
        var names = files.Select(file => file.Name!).Concat(store.StudyNames).Distinct().Order(StringComparer.Ordinal);
        foreach (string name in names)
        {
            string[] ids = [.. store.Study(name)];
            Study? file = files.FirstOrDefault(file => file.Name == name);
            yield return new(name, file?.Path, file?.About, ids.Length, ids.Count(finished.Contains));
        }
    }

    /// <summary>The files that can be read; errors of the others are printed.</summary>
    private IEnumerable<Study> Files()
    {
        string[] paths = Directory.Exists(Folder) ? Directory.GetFiles(Folder, "*.yaml") : [];
        foreach (string path in paths.Order(StringComparer.Ordinal))
        {
            Study file;
            try
            {
                file = Study.Read(path, new());
            }
            catch (UserException wrong)
            {
                Terminal.Say(wrong.Message);
                continue;
            }
            yield return file;
        }
    }

    private static string[] Cells(Entry entry) =>
    [
        entry.Name, entry.File ?? "–",
        entry.Runs == 0 ? "" : $"{NumberFormat.Count(entry.Finished)} of {NumberFormat.Count(entry.Runs)}",
        entry.About ?? "",
    ];

    private static JsonNode Json(Entry entry) => new JsonObject
    {
        ["study"] = entry.Name,
        ["file"] = entry.File,
        ["about"] = entry.About,
        ["runs"] = entry.Runs,
        ["finished"] = entry.Finished,
    };

    private sealed record Entry(string Name, string? File, string? About, int Runs, int Finished);
}
