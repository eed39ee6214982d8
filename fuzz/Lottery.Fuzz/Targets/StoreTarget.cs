using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lottery.Cli;
using Lottery.Cli.Output;
using Lottery.Fuzz.Stores;
using Lottery.Report.Dashboard;
using Lottery.Studies.Store;

namespace Lottery.Fuzz.Targets;

/// <summary>
/// Stores with odd runs: every command that reads a store and every page must answer, name what is left out, and go on; and every
/// run can be removed.
/// </summary>
internal sealed class StoreTarget : Target
{
    private const int OddRuns = 25, MostShown = 3;

    public override string Name => "store";

    public override int Worth => 150;

    public override Case Draw(Dice dice) => new("store.image", OddStore.Draw(dice, OddRuns));

    public override void Read(Case file, string folder)
    {
        string store = Path.Combine(folder, "store"), output = Path.Combine(folder, "out");
        foreach (string old in (string[])[store, output])
            if (Directory.Exists(old)) Directory.Delete(old, recursive: true);
        FolderImage.Unpack(file.Content, store);
        Directory.CreateDirectory(output);
        // A folder that is no store is refused as a whole.
        RequireStore(store);
        var dice = new Dice(0, Convert.ToHexStringLower(SHA256.HashData(file.Content)));
        string[] ids = ReadAll(store, output, dice);
        string index = Path.Combine(store, "index.bin");
        if (File.Exists(index)) File.WriteAllBytes(index, Damaged(File.ReadAllBytes(index), dice));
        Require(ids.SequenceEqual(ReadAll(store, output, dice)), "a damaged index changes what is listed");
        ShowPages(store, dice);
        RemoveAll(store);
    }

    public override long MostAllocated(Case file) => 8_000_000_000;

    public override TimeSpan Longest(Case file) => TimeSpan.FromSeconds(20);

    private static void RequireStore(string store) => new RunStore(store).RequireExisting();

    /// <summary>Every command that only reads.</summary>
    /// <returns>The ids that are listed.</returns>
    private static string[] ReadAll(string store, string output, Dice dice)
    {
        string[] ids = [.. Json(store, "runs", "list", "--json").AsArray().Select(run => (string)run!["id"]!)];
        string[] folders = [.. Directory.GetDirectories(Path.Combine(store, "runs")).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];
        Answers(store, "runs", "list");
        foreach (string id in folders.Skip(dice.Below(Math.Max(1, folders.Length - MostShown))).Take(MostShown)) Answers(store, "runs", "show", id);
        if (ids.Length > 1)
        {
            Answers(store, "runs", "diff", ids[dice.Below(ids.Length)], ids[dice.Below(ids.Length)]);
            Require(Json(store, "runs", "show", ids[dice.Below(ids.Length)], "--json") is JsonObject, "a listed run cannot be shown");
        }
        Answers(store, "runs", "masking");
        Answers(store, "study", "list");
        Answers(store, "study", "show", "some");
        Require((int)Json(store, "query", "SELECT count(*) AS n FROM runs", "--json")[0]!["n"]! == ids.Length, "a query counts other runs than the list");
        _ = Json(store, "query", "SUMMARIZE metrics", "--json");
        _ = Json(store, "query", "FROM runs JOIN metrics USING (id)", "--json");
        Answers(store, "runs", "verify");
        // The page with its charts takes longer than all else.
        string format = dice.OneIn(3) ? "html" : "md";
        Answers(store, "report", "--format", format, "-o", Path.Combine(output, $"{dice.Bits():x}.{format}"));
        return ids;
    }

    /// <summary>The bytes with some of them changed, and sometimes without their end.</summary>
    private static byte[] Damaged(byte[] bytes, Dice dice)
    {
        for (int changes = bytes.Length == 0 ? 0 : 1 + dice.Below(4); changes > 0; changes--) bytes[dice.Below(bytes.Length)] ^= (byte)(1 << dice.Below(8));
        return dice.OneIn(3) ? bytes[..dice.Below(bytes.Length + 1)] : bytes;
    }

    private static void ShowPages(string folder, Dice dice)
    {
        var store = new RunStore(folder);
        var watcher = new StoreWatcher(store);
        StoreSnapshot now = watcher.Now();
        var commands = new StoreCommands("lottery", folder);
        var findings = new Findings(store, () => { });
        Show("overview", () => OverviewPage.Create(now, commands, findings.Get(now, [.. RunGroup.Of(now)]), new(null, null)));
        foreach (string filter in (string[])["", "density<50% seed>=1", "accuracy>0.5 network=mlp:6-4-2", "\u0000", "level="])
            Show("runs", () => RunsPage.Create(now, new(filter, dice.Of("", "accuracy", "-ended", "seed", "nothing"), dice.Of("", "lr,kept", "nothing"), dice.Below(3))));
        foreach (string id in now.Runs.Select(run => run.Id).Concat(now.Underway.Select(run => run.Id)).Skip(dice.Below(10)).Take(MostShown))
            Show("run", () => RunPage.Create(now, store, commands, id));
        Show("compare", () => ComparePage.Create(now, store, [.. now.Runs.Select(run => run.Id).Skip(dice.Below(10)).Take(MostShown)]));
        var charts = new ChartsPage(store, commands);
        foreach (string group in (string[])["", "study=some", "network=mlp:6-4-2&data=x"]) Show("charts", () => charts.Create(now, group, CancellationToken.None));
    }

    /// <summary>What an address shows; a run that cannot be read is a page that says so.</summary>
    private static void Show(string page, Func<DashboardPage?> create)
    {
        try
        {
            _ = create()?.Write("/" + page, "store", "0.0.0");
        }
        catch (UserException)
        {
            // The page says why.
        }
        catch (Exception fault)
        {
            throw new FindingException($"the page {page} fails: {fault}");
        }
    }

    private static void RemoveAll(string store)
    {
        string runs = Path.Combine(store, "runs");
        foreach (string id in Directory.GetDirectories(runs).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal))
            if (Directory.Exists(Path.Combine(runs, id)))
                Require(Answers(store, "runs", "rm", id, "--with-descendants") == 0, $"the run {id} cannot be removed");
        Require(Json(store, "runs", "list", "--json").AsArray().Count == 0 && Directory.GetDirectories(runs).Length == 0, "runs are left that were removed");
        Require(Answers(store, "runs", "discard", "--all") == 0 && Answers(store, "runs", "gc") == 0, "leftovers cannot be removed");
    }

    /// <summary>The document that a command writes; it must succeed.</summary>
    private static JsonNode Json(string store, params string[] arguments)
    {
        Require(Answers(store, out string text, arguments) == 0, $"{string.Join(' ', arguments)} does not answer");
        try
        {
            return JsonNode.Parse(text)!;
        }
        catch (JsonException wrong)
        {
            throw new FindingException($"{string.Join(' ', arguments)} writes no JSON: {wrong.Message}");
        }
    }

    private static int Answers(string store, params string[] arguments) => Answers(store, out _, arguments);

    /// <summary>Runs a command; a fault of the program is a finding.</summary>
    /// <returns>Its exit code.</returns>
    private static int Answers(string store, out string text, params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        using var terminal = new Terminal(output, error);
        int exitCode = CommandLine.Run([.. arguments, "--store", store, "--debug"], terminal);
        text = output.ToString();
        string said = error.ToString();
        Require(!said.Contains("This is a bug in lottery", StringComparison.Ordinal), $"{string.Join(' ', arguments)}: {said[Math.Max(0, said.IndexOf("This is a bug", StringComparison.Ordinal))..]}");
        Require(!(text + said).Any(letter => char.IsControl(letter) && letter is not ('\n' or '\t')), $"{string.Join(' ', arguments)} prints control characters");
        return exitCode;
    }
}
