using System.Text.Json.Nodes;

namespace Lottery.SystemTests.Cli;

public sealed class RunsCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string[] _ids;

    public RunsCommandTests()
    {
        TinyImages.Write(_folder["tiny"]);
        CommandLineRun run = CommandLineRun.Of("find", "--network", "mlp:20-8-3", "--data", _folder["tiny"], "--validation", "100",
            "--levels", "1", "--steps", "20", "--controls", "reinit", "--store", _folder["store"], "--json");
        _ids = [.. run.Json["runs"]!.AsArray().Select(id => (string)id!)];
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void List_has_every_field_and_its_parents()
    {
        JsonArray runs = Runs("list", "--json").Json.AsArray();
        string[] fields =
        [
            "id", "parent", "studies", "network", "data", "seed", "level", "density", "criterion", "mask1", "mask0", "control", "status",
            "steps", "early_stop_step", "accuracy", "final_accuracy", "seconds", "evaluation_seconds", "total_seconds",
        ];
        Assert.All(runs, run => Assert.Empty(fields.Except(run!.AsObject().Select(field => field.Key))));
        Assert.Equal(_ids.Order(), runs.Select(run => (string?)run!["id"]).Order());
        Assert.Equal([null, _ids[0], _ids[0]], runs.OrderBy(run => Array.IndexOf(_ids, (string?)run!["id"])).Select(run => (string?)run!["parent"]));
        Assert.All(runs, run => Assert.Equal(("tiny", "mlp:20-8-3"), ((string?)run!["data"], (string?)run["network"])));
    }

    [Fact]
    public void List_is_a_table_for_people()
    {
        string[] lines = Runs("list").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(1 + _ids.Length, lines.Length);
        Assert.StartsWith("id          network     data  seed  level  density  control", lines[0]);
        Assert.StartsWith(_ids[0][..10], lines[1]);
    }

    [Fact]
    public void List_fits_a_screen()
    {
        var runs = new Lottery.Studies.Store.RunStore(_folder["store"]).List();
        string[] lines = [.. Lottery.Cli.Commands.RunsListCommand.Lines(runs, 80)];
        Assert.StartsWith("all runs: network mlp:20-8-3 · data tiny · seed 0 · criterion large-final", lines[0]);
        Assert.StartsWith("id          level  density  control  accuracy", lines[Array.IndexOf(lines, "") + 1]);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public void List_filters_sorts_limits_and_chooses()
    {
        string[] Ids(params string[] options) => [.. Runs(["list", "--json", .. options]).Json.AsArray().Select(run => (string)run!["id"]!)];
        Assert.Equal([_ids[0]], Ids("--where", "level=0"));
        Assert.Equal([_ids[2]], Ids("--where", "density<100%", "--where", "control=reinit"));
        Assert.Equal(_ids.Order(StringComparer.Ordinal), Ids("--sort", "id"));
        Assert.Equal(_ids.OrderDescending(StringComparer.Ordinal).Take(2), Ids("--sort", "id:desc", "--limit", "2"));
        Assert.Equal(["level", "id"], Runs("list", "--json", "--columns", "level,id").Json[0]!.AsObject().Select(field => field.Key));
        Assert.Equal("level  mask-1 action  rescaled\n    1  rewind\n", Runs("list", "--columns", "level,mask1,rescale", "--where", "control=ticket").Output);
        CommandLineRun none = Runs("list", "--where", "level=9");
        Assert.Equal((0, ""), (none.ExitCode, none.Output));
        Assert.StartsWith("None of the 3 finished runs in ", none.Error);
    }

    [Fact]
    public void Show_finds_a_run_by_the_beginning_of_its_id()
    {
        CommandLineRun run = Runs("show", _ids[1][..12]);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains(_ids[1], run.Output);
        Assert.Contains("large-final, rewind, zero", run.Output);
        Assert.Equal(_ids[1], (string?)Runs("show", _ids[1], "--json").Json["id"]);
        Assert.Equal(2, Runs("show", "xyz").ExitCode);
    }

    [Fact]
    public void Show_says_what_masking_did()
    {
        Assert.Contains("at step 0", Runs("show", _ids[1]).Output);
        Assert.Matches(@"training had moved [\d.]+ % \([\d.]+ %\) towards 0, made [\d.]+ % \([\d.]+ %\) smaller, and left ", Runs("show", _ids[1]).Output);
        Assert.DoesNotContain("towards 0", Runs("show", _ids[0]).Output);
        Assert.DoesNotContain("towards 0", Runs("show", _ids[2]).Output);
    }

    [Fact]
    public void Masking_sums_up_the_tickets()
    {
        JsonNode row = Assert.Single(Runs("masking", "--json").Json.AsArray())!;
        JsonNode figures = Runs("show", _ids[1], "--json").Json["results"]!;
        Assert.Equal((double)figures["initial-accuracy"]!, (double)row["initial_accuracy"]!["mean"]!);
        JsonNode layer = figures["masking"]!["fc1.weight"]!;
        foreach (string measure in (string[])["towards", "decreased", "nearer"])
        {
            JsonNode measured = row["layers"]!["fc1.weight"]![measure]!;
            Assert.Equal((double)layer[$"pruned-{measure}"]! / (double)layer["pruned"]!, (double)measured["pruned"]!["mean"]!);
            Assert.Equal((double)layer[$"candidates-{measure}"]! / (double)layer["candidates"]!, (double)measured["all"]!["mean"]!);
            Assert.Equal((double)measured["all"]!["mean"]!, (double)measured["random_mask"]!["mean"]!, 1e-12);
        }
        string[] lines = Runs("masking").Output.Split('\n');
        Assert.StartsWith(" density  training      pruned  all   random mask  difference  at step 0", lines[0]);
        Assert.Matches("^  81.5 %  towards 0 .* 40.0$", lines[1]);
        Assert.Equal("lottery: None of these runs is of level 9: there are level 1.\n", Runs("masking", "--level", "9").Error);
        Assert.Contains("One replicate", lines[^2]);
    }

    [Fact]
    public void Masking_of_nothing_is_told()
    {
        Assert.StartsWith("lottery: ", CommandLineRun.Of("runs", "masking", "--store", _folder["none"]).Error);
        Assert.Contains("has no study called 'none'", Runs("masking", "none").Error);
    }

    [Fact]
    public void Compare_prints_the_overlap_of_masks_signs_distances_and_units()
    {
        CommandLineRun run = Runs("compare");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Signs: ", run.Output);
        Assert.Contains("Distances: ", run.Output);
        Assert.Contains("Kept weights of each unit", run.Output);
        JsonNode section = Assert.Single(Runs("compare", "--json").Json.AsArray())!;
        // One search with one seed and the control reinit, which has the ticket's mask: no pair of masks.
        Assert.Empty(section["overlaps"]!.AsArray());
        Assert.Equal(3, section["movement"]!.AsArray().Count);
        JsonNode overlap = Assert.Single(Runs("compare", _ids[1], _ids[2], "--json").Json[0]!["overlaps"]!.AsArray())!;
        Assert.Equal(1, (double)overlap["all"]!["mean"]!);
        Assert.Contains("--level x: give the numbers of pruned levels", Runs("compare", "--level", "x").Error);
        Assert.Contains("has no level 7", Runs("compare", "--level", "7").Error);
        Assert.Contains("runs that are named by id have one each", Runs("compare", _ids[1], "--level", "1").Error);
    }

    [Fact]
    public void Diff_names_what_differs_and_the_first_stage()
    {
        CommandLineRun control = Runs("diff", _ids[1], _ids[2]);
        Assert.Matches($"^specification +{_ids[1][..10]} +{_ids[2][..10]}\ncontrol +none +reinit\n", control.Output);
        Assert.EndsWith("\n\nFirst stage that differs: initial weights.\n", control.Output);
        JsonNode level = Runs("diff", _ids[0], _ids[1], "--json").Json;
        Assert.Equal("mask", (string)level["first_stage"]!);
        Dictionary<string, JsonNode> fields = level["specification"]!.AsArray().ToDictionary(one => (string)one!["field"]!, one => one!);
        Assert.Empty(((string[])["level", "parent", "prune.criterion"]).Except(fields.Keys));
        Assert.Null(fields["prune.criterion"]["a"]);
        Assert.Equal(new CommandLineRun(0, "The specifications are equal.\n\nThe results of every stage are bit-identical.\n", ""), Runs("diff", _ids[1], _ids[1]));
    }

    [Fact]
    public void Export_writes_what_other_programs_read()
    {
        CommandLineRun run = Runs("export", _ids[1], "--to", _folder["out"]);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            ["best.safetensors", "final.safetensors", "initial.safetensors", "mask.safetensors", "metrics.csv", "run.json"],
            Directory.GetFiles(_folder["out"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(2, CommandLineRun.Of("runs", "export", _ids[1], "--to", _folder["tiny"], "--store", _folder["store"]).ExitCode);
    }

    [Fact]
    public void Verify_names_what_is_damaged_and_fails()
    {
        Assert.Equal(new CommandLineRun(0, "3 runs are unchanged.\n", ""), Runs("verify"));
        string file = Directory.GetFiles(_folder["store"], "metrics.parquet", SearchOption.AllDirectories).First(path => path.Contains(_ids[1], StringComparison.Ordinal));
        File.AppendAllText(file, "x");
        CommandLineRun run = Runs("verify");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(file, run.Output);
        Assert.StartsWith("lottery: 1 of 3 runs is damaged", run.Error);
        Assert.Equal(0, Runs("verify", _ids[0]).ExitCode);
        JsonArray checks = Runs("verify", "--json").Json.AsArray();
        Assert.Equal([0, 0, 1], checks.Select(check => check!["problems"]!.AsArray().Count).Order());
    }

    [Fact]
    public void Removing_keeps_what_others_come_from()
    {
        Assert.Equal(2, Runs("rm", _ids[1]).ExitCode);
        Assert.Equal(new CommandLineRun(0, "2 runs were removed.\n", ""), Runs("rm", _ids[1], _ids[2]));
        Assert.Equal([_ids[0]], Runs("list", "--json").Json.AsArray().Select(run => (string?)run!["id"]));
    }

    [Fact]
    public void Collecting_frees_what_crashes_left()
    {
        Assert.Equal("0 B freed.\n", Runs("gc").Output);
        File.WriteAllBytes(Path.Combine(_folder["store"], "index.bin.tmp"), new byte[1234]);
        Assert.Equal(1234, (int)Runs("gc", "--json").Json["freed_bytes"]!);
    }

    private CommandLineRun Runs(params string[] arguments) => CommandLineRun.Of(["runs", .. arguments, "--store", _folder["store"]]);
}
