using System.Text.Json.Nodes;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;

namespace Lottery.UnitTests.Cli;

/// <summary>The commands that look after a store: what they count, what they advise, and what they refuse.</summary>
public sealed class StoreCommandsTests : IDisposable
{
    private static readonly RunSpecification Dense = MadeUp.Dense(), Ticket = MadeUp.Next(Dense), Reinit = MadeUp.Next(Ticket, Control.Reinit);

    private readonly TemporaryFolder _folder = new();
    private readonly RunStore _store;

    public StoreCommandsTests()
    {
        _store = new(_folder["store"]);
        foreach (RunSpecification run in new[] { Dense, Ticket, Reinit }) MadeUp.Keep(_store, run);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Verify_counts_a_run_once_and_advises_what_works()
    {
        Assert.Equal(new CommandLineRun(0, "3 runs are unchanged.\n", ""), Line("runs verify"));
        // What lists can read, and what they cannot.
        File.AppendAllText(FileOf(Ticket, "tensors.bin"), "x");
        CommandLineRun run = Line("runs verify");
        string command = $"lottery runs rm {RunIdentity.Short(RunIdentity.Of(Ticket))} --with-descendants";
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"lottery: 1 of 3 runs is damaged; `{command}", run.Error, StringComparison.Ordinal);
        Assert.EndsWith("` removes it and the 1 run that comes from it, so that it can be trained again.\n", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));

        File.WriteAllText(FileOf(Dense, "run.json"), "{");
        run = Line("runs verify");
        Assert.StartsWith("lottery: 2 of 3 runs are damaged; ", run.Error, StringComparison.Ordinal);
        string[] lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("Of 1 run only the files were checked", lines[2], StringComparison.Ordinal);
        Assert.Equal(lines.Distinct(), lines);
        string advised = run.Error.Split('`')[1]["lottery ".Length..];
        Assert.Contains($"--store {_folder["store"]}", advised, StringComparison.Ordinal);
        Assert.Equal(0, CommandLineRun.OfLine(advised).ExitCode);
    }

    [Fact]
    public void Damaged_files_beside_the_runs_are_in_the_document_that_programs_read()
    {
        _store.AddToStudy("some", [RunIdentity.Of(Dense)]);
        string file = _store.Paths.Study("some");
        File.WriteAllText(file, File.ReadAllText(file).Replace("parts", "party", StringComparison.Ordinal));
        CommandLineRun run = Line("runs verify --json");
        Assert.Equal(1, run.ExitCode);
        JsonObject[] checks = [.. JsonNode.Parse(run.Output)!.AsArray().Select(check => check!.AsObject())];
        Assert.Equal(4, checks.Length);
        Assert.All(checks, check => Assert.Equal(["id", "file", "problems", "removed", "unchecked"], check.Select(member => member.Key)));
        Assert.Equal((null, file), ((string?)checks[3]["id"], (string?)checks[3]["file"]));
        Assert.Contains("is damaged", (string?)Assert.Single(checks[3]["problems"]!.AsArray()), StringComparison.Ordinal);
        Assert.DoesNotContain(file, run.Error, StringComparison.Ordinal);
        Assert.Contains(file, Line("runs verify").Error, StringComparison.Ordinal);
        Assert.Equal(3, JsonNode.Parse(Line($"runs verify {RunIdentity.Of(Dense)} {RunIdentity.Of(Ticket)} {RunIdentity.Of(Reinit)} --json").Output)!.AsArray().Count);
    }

    [Fact]
    public void A_run_that_no_list_has_is_removed()
    {
        File.Delete(FileOf(Dense, "run.json"));
        string id = RunIdentity.Of(Dense);
        CommandLineRun list = Line("runs list --json");
        Assert.Equal((0, "[]\n"), (list.ExitCode, list.Output));
        Assert.Contains($"lottery runs rm {RunIdentity.Short(id)}", list.Error, StringComparison.Ordinal);
        Assert.Equal(new CommandLineRun(0, "1 run was removed.\n", ""), Line($"runs rm {id[..10]}"));
    }

    [Fact]
    public void A_study_is_removed_by_its_name()
    {
        _store.AddToStudy("some", new[] { Dense, Ticket }.Select(RunIdentity.Of));
        JsonNode kept = Line("runs rm --study some --json").Json;
        Assert.Equal((0, 2), (kept["removed"]!.AsArray().Count, kept["kept"]!.AsArray().Count));
        Assert.Contains("has no study called 'some'", Line("runs rm --study some").Error, StringComparison.Ordinal);
        Assert.Contains("give ids, or --study NAME", Line("runs rm").Error, StringComparison.Ordinal);
        Assert.Contains("give one of them", Line("runs rm abc --study some").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Leftovers_are_discarded_and_counted()
    {
        RunSpecification left = MadeUp.Dense(7);
        using (IRunSession session = _store.Begin(left, CancellationToken.None)) session.Save(MadeUp.Checkpoint(left, 100));
        Assert.Contains("give ids, or --all", Line("runs discard").Error, StringComparison.Ordinal);
        Assert.StartsWith("1 unfinished run was discarded, ", Line($"runs discard {RunIdentity.Of(left)[..10]}").Output, StringComparison.Ordinal);
        Assert.Equal("0 unfinished runs were discarded, 0 B freed.\n", Line("runs discard --all").Output);
        using IRunSession running = _store.Begin(left, CancellationToken.None);
        CommandLineRun refused = Line($"runs discard {RunIdentity.Of(left)[..10]}");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("is being trained", refused.Error, StringComparison.Ordinal);
        Assert.Single(Line("runs discard --all --json").Json["running"]!.AsArray());
    }

    [Theory]
    [InlineData("runs list")]
    [InlineData("runs show aaaa")]
    [InlineData("runs verify")]
    [InlineData("runs masking")]
    [InlineData("runs gc")]
    [InlineData("runs discard --all")]
    [InlineData("runs rm aaaa")]
    [InlineData("study list")]
    [InlineData("study show some")]
    [InlineData("query FROM+runs")]
    [InlineData("report")]
    public void A_store_that_is_not_there_is_an_error(string command)
    {
        File.WriteAllText(_folder["file"], "x");
        Directory.CreateDirectory(_folder["foreign"]);
        File.WriteAllText(_folder["foreign/thesis.tex"], "x");
        foreach (string name in (string[])["none", "file", "foreign"])
        {
            CommandLineRun run = CommandLineRun.Of([.. command.Split(' ').Select(word => word.Replace('+', ' ')), "--store", _folder[name]]);
            Assert.Equal((2, ""), (run.ExitCode, run.Output));
            Assert.StartsWith($"lottery: {_folder[name]} is not a store: ", Assert.Single(run.Error.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
        }
        Assert.False(Path.Exists(_folder["none"]));
        Assert.Single(Directory.EnumerateFileSystemEntries(_folder["foreign"]));
    }

    [Fact]
    public void What_is_not_finite_is_null_for_programs()
    {
        JsonNode run = CommandLineRun.Of("runs", "show", RunIdentity.Of(Dense), "--json", "--store", _folder["store"]).Json;
        Assert.True(run["results"]!.AsObject().ContainsKey("final-loss"));
        Assert.Null(run["results"]!["final-loss"]);
        CommandLineRun summary = CommandLineRun.Of("query", "SUMMARIZE metrics", "--json", "--store", _folder["store"]);
        Assert.Equal((0, ""), (summary.ExitCode, summary.Error));
        Assert.Equal(3 * 4 - 3L, CommandLineRun.Of("query", "SELECT count(training_loss) AS n FROM metrics", "--json", "--store", _folder["store"]).Json[0]!["n"]!.GetValue<long>());
    }

    private string FileOf(RunSpecification run, string name) => Path.Combine(_store.Paths.Run(RunIdentity.Of(run)), name);

    private CommandLineRun Line(string line) => CommandLineRun.OfLine($"{line} --store {_folder["store"]}");
}
