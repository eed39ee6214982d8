using System.Globalization;
using System.Text.Json.Nodes;
using Lottery.Data;
using Lottery.Search;
using Lottery.Studies.Execution;
using Lottery.Studies.Files;
using Lottery.Studies.Store;

namespace Lottery.SystemTests.Cli;

/// <summary>Studies from the command line, on images that a small network learns at once.</summary>
public sealed class StudyCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public StudyCommandTests()
    {
        TinyImages.Write(_folder["tiny"]);
        File.WriteAllText(_folder["study.yaml"],
            $$"""
            study: tiny-study
            about: Two criteria
            network: mlp:20-8-3
            data: { set: {{_folder["tiny"]}}, validation: 100 }
            train: { steps: 60, batch: 20, evaluate: { every: 20 } }
            prune: { levels: 2, rate: { fc: 0.5, output: 0.25 } }
            matrix:
              criterion: [large-final, small-final]
            controls: random-mask
            replicates: 3
            scales:
              quick: { train: { steps: 20 }, replicates: 2 }
            """);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_study_runs_once_and_again_trains_nothing()
    {
        CommandLineRun first = Command("run"), again = Command("run");
        Assert.Equal((0, 0), (first.ExitCode, again.ExitCode));
        // Each seed: one dense run for both criteria, and at each of two levels a ticket and a control for each.
        Assert.Equal(3 * (1 + 2 * 2 * 2), Runs().Count);
        Assert.Contains("[27/27] ", first.Error);
        Assert.EndsWith("27 of 27 runs are there already.\n", again.Error);
        Assert.Equal(Table(first), Table(again));
        Assert.StartsWith("tiny-study · 2 cells × 3 replicates · 27 runs · Two criteria\n", first.Output);
        Assert.Equal(" density  criterion    control", first.Output.Split('\n').First(line => line.StartsWith(" density", StringComparison.Ordinal))[..30]);
    }

    [Fact]
    public void The_tables_numbers_are_those_of_the_store()
    {
        JsonNode end = Assert.Single(Command("run", "--json").Json["sections"]!.AsArray())!;
        Assert.Equal(["name", "metric", "at_step", "runs", "cells", "best", "judged", "finding", "missing"], end.AsObject().Select(member => member.Key));
        Assert.Equal(27, end["runs"]!.AsArray().Select(id => (string)id!).Distinct().Count());
        JsonArray runs = Runs(), cells = end["cells"]!.AsArray();
        Assert.Equal(1 + 2 * 4, cells.Count);
        foreach (JsonNode? cell in cells)
        {
            double[] accuracies = Accuracies(runs, cell!), reference = Accuracies(runs, cells.Single(other =>
                (bool)other!["reference"]! && (int)other["level"]! == (int)cell!["level"]!)!);
            Assert.Equal(3, accuracies.Length);
            Assert.Equal(accuracies.Average(), (double)cell!["accuracy"]!["mean"]!, 1e-12);
            if ((bool)cell["reference"]!) Assert.Null(cell["difference"]);
            else Assert.Equal(accuracies.Zip(reference, (a, b) => a - b).Average(), (double)cell["difference"]!["mean"]!, 1e-12);
            double best = cells.Where(other => (int)other!["level"]! == (int)cell["level"]!).Max(other => (double)other!["accuracy"]!["mean"]!);
            if ((bool)cell["best"]!) Assert.Equal(best, (double)cell["accuracy"]!["mean"]!);
        }
        double judged = (double)end["judged"]!["density"]!;
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"At {100 * judged:0.0} % of the weights, "), (string?)end["finding"], StringComparison.Ordinal);
        Assert.Contains("the reference (criterion large-final) has ", (string?)end["finding"], StringComparison.Ordinal);
    }

    [Fact]
    public void What_failed_is_named_where_and_why()
    {
        File.WriteAllText(_folder["failing.yaml"],
            $$"""
            study: failing
            network: mlp:20-8-3
            data: { set: {{_folder["tiny"]}}, validation: 100 }
            train: { steps: 20, batch: 20 }
            prune: { levels: 1 }
            seed: 7
            replicates: 2
            matrix:
              train.optimizer: [{ sgd: { lr: 0.01 } }, { sgd: { lr: 1e38 } }]
            """);
        const string Place = "train.optimizer { sgd: { lr: 1e38 } }, seed 7, level 0: Training diverged at step ";
        CommandLineRun run = CommandLineRun.Of("study", "run", _folder["failing.yaml"], "--store", _folder["store"]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"lottery: 2 of 8 runs failed, and 2 that come from them were not trained; the first is {Place}", run.Error, StringComparison.Ordinal);
        Assert.Contains("seed 7, level 0 (Training diverged at step ", run.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        foreach (string study in (string[])["failing", _folder["failing.yaml"]])
        {
            JsonNode show = Assert.Single(CommandLineRun.Of("study", "show", study, "--store", _folder["store"], "--json").Json["sections"]!.AsArray())!;
            Assert.Equal((8, 4), ((int)show["missing"]!["planned"]!, (int)show["missing"]!["finished"]!));
            Assert.Equal([(7ul, 0), (8ul, 0)], show["missing"]!["failed"]!.AsArray().Select(one => ((ulong)one!["seed"]!, (int)one["level"]!)).Order());
        }
        CommandLineRun find = CommandLineRun.Of("find", "--network", "mlp:20-8-3", "--data", _folder["tiny"], "--validation", "100", "--levels", "0", "--steps", "20",
            "--optimizer", "sgd", "--lr", "1e38", "--seed", "9", "--store", _folder["store"]);
        Assert.StartsWith("seed 9, level 0: Training diverged at step ", find.Error.Split("lottery: ")[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Planning_trains_nothing_and_counts_equal_runs_once()
    {
        JsonNode plan = Command("plan", "--json").Json;
        Assert.Equal((2, 3, 27, 0), ((int)plan["cells"]!, (int)plan["replicates"]!, (int)plan["runs"]!, (int)plan["finished"]!));
        Assert.True((double)plan["multiply_adds"]! > 27 * 20 * 60 * 40);
        Assert.Equal("1.2e-3", (string?)plan["resolved"]!["train"]!["optimizer"]!["adam"]!["lr"]);
        Assert.False(Directory.Exists(_folder["store"]));
        Assert.Equal(Command("plan").Output, Command("run", "--dry-run").Output);
        Assert.False(Directory.Exists(_folder["store"]));

        Command("run", "--replicates", "2");
        Assert.Contains("2 cells × 3 replicates = 27 runs, equal ones counted once; 18 finished.\nLeft: 9 runs, ", Command("plan").Output);
        Command("run");
        Assert.EndsWith("\nNothing is left to train.\n", Command("plan").Output);
    }

    [Fact]
    public void Scales_and_options_change_what_is_run()
    {
        CommandLineRun run = Command("run", "--scale", "quick", "--set", "prune.levels=1", "--set", "controls=none", "--seed", "5");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal([5, 6], Runs().Select(one => (int)one!["seed"]!).Distinct());
        Assert.All(Runs(), one => Assert.Equal(20, (int)one!["steps"]!));
        Assert.Equal(2 * (1 + 2), Runs().Count);
    }

    [Fact]
    public void Where_controls_are_an_axis_each_cell_shows_one_side()
    {
        CommandLineRun run = Command("run", "--json", "--set", "matrix.controls=[none, reinit]", "--set", "prune.levels=1");
        Assert.Equal((2, $"{_folder["study.yaml"]}:9:11: controls is stated here, but it is also an axis of the matrix; keep one."), (run.ExitCode, run.Refusal));
        File.WriteAllText(_folder["study.yaml"], File.ReadAllText(_folder["study.yaml"]).Replace("controls: random-mask\n", "", StringComparison.Ordinal));
        JsonArray cells = Command("run", "--json", "--set", "matrix.controls=[none, reinit]", "--set", "prune.levels=1").Json["sections"]![0]!["cells"]!.AsArray();
        Assert.Equal(["none", "none", "reinit", "none", "reinit"], cells.Select(cell => (string?)cell!["control"]));
        Assert.Equal(3 * (1 + 2 * 2), Runs().Count);
    }

    [Fact]
    public void A_study_is_listed_and_shown_by_its_name_or_file()
    {
        CommandLineRun run = Command("run");
        JsonNode listed = Assert.Single(CommandLineRun.Of("study", "list", "--json", "--store", _folder["store"]).Json.AsArray(),
            study => (string?)study!["study"] == "tiny-study")!;
        Assert.Equal((27, 27), ((int)listed["runs"]!, (int)listed["finished"]!));
        Assert.All(Runs(), one => Assert.Equal("tiny-study", (string?)Assert.Single(one!["studies"]!.AsArray())));
        Assert.Equal(Table(run), Table(Command("show")));

        JsonNode byFile = Command("show", "--json").Json;
        JsonNode byName = CommandLineRun.Of("study", "show", "tiny-study", "--json", "--store", _folder["store"]).Json;
        Assert.Equal(Means(byFile), Means(byName));
        Assert.Equal(2, CommandLineRun.Of("study", "show", "tiny-study", "--scale", "quick", "--store", _folder["store"]).ExitCode);
        Assert.Contains("did you mean 'tiny-study'?", CommandLineRun.Of("study", "show", "tiny-stdy", "--store", _folder["store"]).Error);
    }

    [Fact]
    public void What_does_not_fit_the_data_is_told_with_its_place()
    {
        Says("--set network=mlp:784-3: network mlp:784-3 takes 784 values, but an image of tiny has 20; use mlp:20-….", "network=mlp:784-3");
        Says("--set data.validation=600: data.validation is 600, but tiny has 600 training examples; hold out fewer, 120 for example.", "data.validation=600");
        Says("--set prune.rewind-to=60: prune.rewind-to is 60, but a training has 60 steps; use an earlier one.", "prune.rewind-to=60");
        Assert.StartsWith("lottery: --set data.set=nothing: ", Command("plan", "--set", "data.set=nothing").Error);
        Assert.False(Directory.Exists(_folder["store"]));

        void Says(string sentence, string set) => Assert.Equal(new CommandLineRun(2, "", $"lottery: {sentence}\n"), Command("run", "--set", set));
    }

    [Fact]
    public void A_study_begins_with_masks_and_may_leave_them_untrained()
    {
        Command("run", "--replicates", "1");
        string ticket = Runs().Where(run => (int)run!["level"]! == 1 && (string?)run["control"] == "none").Select(run => (string)run!["id"]!).First();
        CommandLineRun run = Command("run", "--json", "--set", $"mask={ticket}", "--set", "prune.untrained=true", "--set", "prune.levels=0", "--set", "matrix={ mask1: [rewind, constant] }");
        JsonArray cells = run.Json["sections"]![0]!["cells"]!.AsArray();
        Assert.Equal(["none", "none", "random-mask", "random-mask"], cells.Select(cell => (string)cell!["control"]!).Order());
        Assert.Equal(["constant", "rewind"], cells.Select(cell => (string)cell!["mask1"]!).Distinct().Order());
        Assert.All(cells, cell => Assert.Equal(98 / 184.0, (double)cell!["density"]!));
        Assert.All(Runs().Where(one => one!["initial_mask"] is not null), one => Assert.Equal(0, (int)one!["steps"]!));
        Assert.Equal("lottery: --set mask=none.safetensors: There is no file none.safetensors, and it is not a run's id; name a file with a mask, or a run.\n",
            Command("plan", "--set", "mask=none.safetensors").Error);
        Assert.StartsWith($"lottery: {_folder["study.yaml"]}:6:8: A threshold prunes every one-shot level alike",
            Command("plan", "--set", "prune.untrained=true", "--set", "prune.allocation.threshold=0.1").Error);
    }

    [Fact]
    public void A_study_that_is_edited_while_it_runs_ends_as_it_began()
    {
        string path = _folder["study.yaml"], edited = File.ReadAllText(path).Replace("levels: 2", "levels: 1", StringComparison.Ordinal);
        var store = new RunStore(_folder["store"]);
        void Edit(RunProgress progress) => File.WriteAllText(path, edited);
        var plan = StudyPlan.Create(Study.Read(path, new() { Replicates = 1 }), Dataset.Load, store, progress: new Reporter<RunProgress>(Edit));
        Assert.All(new RunExecutor().Run(plan.Tasks, jobs: 1), outcome => Assert.Equal(RunState.Finished, outcome.State));
        Assert.Equal(edited, File.ReadAllText(path));
        Assert.Equal(plan.Ids.Order(), store.List().Select(run => run.Id).Order());
        Assert.Equal(2, store.List().Max(run => run.Level));
        // The next start reads the file anew, and finds what it needs.
        Assert.Contains("5 of 5 runs are there already.", Command("run", "--replicates", "1").Error);
    }

    [Fact]
    public void One_replicate_claims_nothing_over_seeds() => Assert.Contains(
        "One replicate, so nothing is claimed over seeds: ", Command("run", "--replicates", "1").Output.ReplaceLineEndings(" "));

    private CommandLineRun Command(string name, params string[] options) =>
        CommandLineRun.Of(["study", name, _folder["study.yaml"], "--store", _folder["store"], .. options]);

    private JsonArray Runs() =>
        CommandLineRun.Of("runs", "list", "--json", "--store", _folder["store"]).Json.AsArray();

    private static string Table(CommandLineRun run) => string.Join('\n',
        run.Output.Split('\n').SkipWhile(line => !line.StartsWith(" density", StringComparison.Ordinal)).TakeWhile(line => line.Length > 0));

    private static double[] Accuracies(JsonArray runs, JsonNode cell) =>
    [
        .. runs.Where(run => new[] { "level", "criterion", "control" }.All(key => Text(run![key]) == Text(cell[key])))
            .OrderBy(run => (int)run!["seed"]!).Select(run => (double)run!["accuracy"]!),
    ];

    private static string[] Means(JsonNode end) =>
    [
        .. end["sections"]![0]!["cells"]!.AsArray().Select(cell => string.Create(CultureInfo.InvariantCulture,
            $"{cell!["criterion"]} {cell["control"]} {cell["level"]} {cell["accuracy"]!["mean"]}")).Order(),
    ];

    private static string Text(JsonNode? node) => node?.ToString() ?? "";
}
