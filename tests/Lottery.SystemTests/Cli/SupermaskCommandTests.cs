using System.Text.Json.Nodes;

namespace Lottery.SystemTests.Cli;

/// <summary>Learned supermasks from the command line, on images that a small network tells apart at once.</summary>
public sealed class SupermaskCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SupermaskCommandTests() => TinyImages.Write(_folder["tiny"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_search_ends_with_one_document()
    {
        CommandLineRun run = Find("--supermask signed-constant --rescale --steps 60 --replicates 3 --json");
        Assert.Equal((0, "name metric at_step runs cells best judged finding missing"), (run.ExitCode, string.Join(' ', run.Json.AsObject().Select(member => member.Key))));
        Assert.Equal(3, run.Json["runs"]!.AsArray().Select(id => (string)id!).Distinct().Count());
        JsonNode cell = Assert.Single(run.Json["cells"]!.AsArray())!;
        Assert.Equal(("signed-constant", true, 0), ((string?)cell["supermask"], (bool)cell["rescale"]!, (int)cell["level"]!));
        Assert.Equal(3, (int)cell["accuracy"]!["n"]!);
        Assert.InRange((double)cell["accuracy"]!["mean"]!, 0.6, 1);
        Assert.InRange((double)cell["thresholded_accuracy"]!["mean"]!, 0.6, 1);
        JsonArray runs = List();
        Assert.All(runs, one => Assert.Equal(("signed-constant", true), ((string?)one!["supermask"], (bool)one["rescale"]!)));
        Assert.Equal(runs.Average(one => (double)one!["density"]!), (double)cell["density"]!, 1e-12);
        Assert.Equal(runs.Average(one => (double)one!["thresholded_accuracy"]!), (double)cell["thresholded_accuracy"]!["mean"]!, 1e-12);
        Assert.Equal(run.Output, Find("--supermask signed-constant --rescale --steps 60 --replicates 3 --jobs 2 --json").Output);
    }

    [Fact]
    public void On_paper_it_leaves_title_table_finding_and_what_is_next()
    {
        CommandLineRun run = Find("--supermask initial --steps 60 --replicates 2");
        string[] lines = run.Output.Split('\n');
        Assert.Equal("tiny · mlp:20-8-3 (184 weights) · supermask of initial weights × 2 replicates · Sgd 1e2, 60 steps of 20", lines[0]);
        Assert.Equal(" density  accuracy (sampled)", lines[2][..28]);
        Assert.Contains(lines, line => line.StartsWith("No weight was trained: masks sampled by their learned probabilities", StringComparison.Ordinal));
        Assert.Contains("[2/2] seed ", run.Error);
        Assert.Contains("supermask of initial weights", run.Error);
        string id = (string)List()[0]!["id"]!;
        Assert.Contains("initial weights", Run("runs", "show", id).Output);
        Assert.Equal("2 runs are unchanged.\n", Run("runs", "verify").Output);
        Assert.Equal(0, Run("runs", "export", id, "--to", _folder["export"]).ExitCode);
    }

    [Fact]
    public void The_papers_training_counts_unless_another_is_given()
    {
        Find("--supermask initial --steps 3", batch: false);
        Find("--supermask initial --steps 3 --lr 7 --momentum 0.5 --batch 30");
        Find("--supermask initial --steps 3 --optimizer adam --batch 40");
        JsonNode[] trainings = [.. List().Select(run =>
            Run("runs", "show", (string)run!["id"]!, "--json").Json["specification"]!["training"]!).OrderByDescending(one => (int)one["batch"]!)];
        Assert.Equal([250, 40, 30], trainings.Select(training => (int)training["batch"]!));
        Assert.Equal((100, 0.9), Sgd(trainings[0]));
        Assert.Equal((7, 0.5), Sgd(trainings[2]));
        Assert.Equal(0.0012, (double)trainings[1]["optimizer"]!["adam"]!["learning-rate"]!);

        static (double, double) Sgd(JsonNode training) => ((double)training["optimizer"]!["sgd"]!["learning-rate"]!,
            (double)training["optimizer"]!["sgd"]!["momentum"]!);
    }

    [Theory]
    [InlineData("--supermask inital", "--supermask cannot be 'inital'; did you mean 'initial'?")]
    [InlineData("--supermask initial --levels 2", "--supermask and --levels are both given; where a mask is learned nothing is pruned, so leave one out.")]
    [InlineData("--supermask initial --criterion random", "--supermask and --criterion are both given; where a mask is learned nothing is pruned, so leave one out.")]
    [InlineData("--levels 1 --rescale", "--rescale is given without --supermask; add --supermask, or leave --rescale out.")]
    [InlineData("--replicates 2", "--levels is missing; add it, or learn a mask with --supermask.")]
    public void What_contradicts_itself_is_told_before_anything_is_learned(string options, string sentence)
    {
        CommandLineRun run = Find($"--steps 3 {options}");
        Assert.Equal((2, "", $"lottery: {sentence}\n"), (run.ExitCode, run.Output, run.Error));
        Assert.False(Directory.Exists(_folder["store"]));
    }

    [Fact]
    public void A_study_compares_masks_whatever_they_keep()
    {
        Write("matrix:\n  supermask.weights: [initial, signed-constant]\n  supermask.rescale: [false, true]");
        CommandLineRun run = Run("study", "run", _folder["study.yaml"], "--json");
        Assert.Equal((0, 8), (run.ExitCode, run.Json["sections"]![0]!["runs"]!.AsArray().Count));
        JsonArray cells = run.Json["sections"]![0]!["cells"]!.AsArray();
        Assert.Equal([false, true, false, true], cells.Select(cell => (bool)cell!["rescale"]!));
        Assert.Equal([true, false, false, false], cells.Select(cell => (bool)cell!["reference"]!));
        Assert.All(cells.Skip(1), cell => Assert.Equal(2, (int)cell!["difference"]!["n"]!));
        Assert.StartsWith("Of the learned supermasks, the reference (weights of the supermask initial, not rescaled) has ", (string?)run.Json["sections"]![0]!["finding"]);
        Assert.Contains("density is that of the thresholded mask", Run("study", "run", _folder["study.yaml"]).Output);
        CommandLineRun stored = Run("study", "show", "tiny-masks");
        Assert.Contains("signed-constant", stored.Output);
        string plan = Run("study", "plan", _folder["study.yaml"]).Output;
        Assert.DoesNotContain("criterion", plan);
        Assert.Contains("0.9", plan);
    }

    [Theory]
    [InlineData("supermask: { weights: initial }\nprune: { levels: 2 }", "6:1: prune has no meaning in a study with supermask, where masks are learned and nothing is pruned; leave one out.")]
    [InlineData("supermask: { weights: initial }\nmatrix: { criterion: [random] }", "6:11: criterion has no meaning in a study with supermask, where masks are learned and nothing is pruned; leave one out.")]
    [InlineData("supermask: { weights: inital }", "5:23: supermask.weights cannot be 'inital'; did you mean 'initial'?")]
    [InlineData("supermask: { rescale: yes }", "5:23: supermask.rescale is 'yes', but must be true or false.")]
    [InlineData("supermask: { scale: true }", "5:14: there is no key 'scale' in supermask; did you mean 'rescale'?")]
    [InlineData("replicates: 2", "1:1: the study has no prune; add it, or supermask.")]
    [InlineData("prune: { scope: layer }", "5:8: prune has no levels; add it.")]
    public void A_study_is_read_strictly(string keys, string sentence)
    {
        Write(keys);
        CommandLineRun run = Run("study", "plan", _folder["study.yaml"]);
        Assert.Equal((2, $"lottery: {_folder["study.yaml"]}:{sentence}\n"), (run.ExitCode, run.Error));
    }

    private void Write(string keys) => File.WriteAllText(_folder["study.yaml"],
        $$"""
        study: tiny-masks
        network: mlp:20-8-3
        data: { set: {{_folder["tiny"]}}, validation: 100 }
        train: { steps: 40, batch: 20, evaluate: { every: 20 } }
        {{keys}}
        replicates: 2
        """.Replace("replicates: 2\nreplicates: 2", "replicates: 2", StringComparison.Ordinal));

    private CommandLineRun Find(string options, bool batch = true)
    {
        string[] given = options.Split(' ');
        string[] size = batch && !given.Contains("--batch") ? ["--batch", "20"] : [];
        return CommandLineRun.Of(
        [
            "find", "--data", _folder["tiny"], "--store", _folder["store"], "--network", "mlp:20-8-3", "--validation", "100",
            "--evaluate", "20", .. size, .. given,
        ]);
    }

    private CommandLineRun Run(params string[] arguments) => CommandLineRun.Of([.. arguments, "--store", _folder["store"]]);

    private JsonArray List() => Run("runs", "list", "--json").Json.AsArray();
}
