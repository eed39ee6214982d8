using System.Text.Json.Nodes;

namespace Lottery.SystemTests.Cli;

public sealed class FindTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public FindTests() => TinyImages.Write(_folder["tiny"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_search_ends_with_one_document()
    {
        CommandLineRun run = Find("--levels 2 --steps 60 --controls random-mask,reinit --replicates 3 --json");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["name", "metric", "at_step", "runs", "cells", "best", "judged", "finding", "missing"], run.Json.AsObject().Select(member => member.Key));
        Assert.Equal(3 * (1 + 2 * 3), Ids(run).Distinct().Count());
        Assert.All(Ids(run), id => Assert.Matches("^[0-9a-f]{64}$", id));
        Assert.Equal(
            [(0, "none"), (1, "none"), (1, "reinit"), (1, "random-mask"), (2, "none"), (2, "reinit"), (2, "random-mask")],
            run.Json["cells"]!.AsArray().Select(cell => ((int)cell!["level"]!, (string?)cell["control"])));
        Assert.All(run.Json["cells"]!.AsArray(), cell =>
        {
            JsonNode accuracy = cell!["accuracy"]!;
            Assert.Equal(3, (int)accuracy["n"]!);
            Assert.InRange((double)accuracy["mean"]!, (double)accuracy["low"]!, (double)accuracy["high"]!);
            Assert.InRange((double)accuracy["mean"]!, 0.4, 1);
        });
        Assert.EndsWith(".", (string?)run.Json["finding"]);
    }

    [Fact]
    public void Densities_are_those_of_exact_counts()
    {
        CommandLineRun run = Find("--levels 2 --steps 5 --rate fc=0.5,output=0.25 --json");
        // 160 weights in fc1, 24 in the output layer: 80 and 18, then 40 and 14 (18 × 0.25 = 4.5 are 4).
        Assert.Equal([1, 98 / 184.0, 54 / 184.0], run.Json["cells"]!.AsArray().Select(cell => (double)cell!["density"]!));
    }

    [Fact]
    public void The_same_search_again_trains_nothing_and_says_the_same()
    {
        CommandLineRun first = Find("--levels 1 --steps 40 --replicates 2 --json"), again = Find("--levels 1 --steps 40 --replicates 2 --json");
        Assert.Equal(first.Output, again.Output);
        Assert.EndsWith("4 of 4 runs are there already.\n", again.Error);
    }

    [Fact]
    public void More_replicates_and_levels_use_what_is_there()
    {
        string[] first = Ids(Find("--levels 1 --steps 40 --json"));
        CommandLineRun more = Find("--levels 2 --steps 40 --replicates 2 --json");
        Assert.Contains("2 of 6 runs are there already.", more.Error);
        Assert.Empty(first.Except(Ids(more)));
    }

    [Fact]
    public void The_number_of_jobs_changes_nothing()
    {
        string one = Find("--levels 2 --steps 40 --replicates 3 --jobs 1 --json", "one").Output;
        Assert.Equal(one, Find("--levels 2 --steps 40 --replicates 3 --jobs 3 --json", "three").Output);
    }

    [Fact]
    public void Replicate_r_has_the_seed_S_plus_r()
    {
        Find("--levels 0 --steps 5 --replicates 3 --seed 7");
        Assert.Equal([7, 8, 9], List().Select(run => (int)run!["seed"]!));
    }

    [Fact]
    public void Epochs_are_whole_passes_over_what_is_trained_on()
    {
        Find("--levels 0 --epochs 3 --batch 64");
        Assert.Equal(3 * (500 / 64), (int)List().Single()!["steps"]!);
    }

    [Fact]
    public void On_paper_it_leaves_title_table_finding_plot_and_what_is_next()
    {
        CommandLineRun run = Find("--levels 2 --steps 60 --controls reinit --replicates 2");
        string[] lines = run.Output.Split('\n');
        Assert.Equal("tiny · mlp:20-8-3 (184 weights) · 2 levels × 2 replicates · Adam 1.2e-3, 60 steps of 20", lines[0]);
        Assert.Equal(" density  control", lines[2][..17]);
        Assert.Matches(@"^ 100\.0 %  dense +\d\d\.\d \[", lines[3]);
        Assert.Contains("(at most 1.0 points lower, 95 %, Holm over 2 densities)", string.Join(' ', lines));
        Assert.Contains("● ticket", run.Output);
        Assert.Matches(@" · 10 runs · store .*\nsee:  lottery report -o report\.html --store .*\nnext: lottery ticket pack [0-9a-f]{10} --data .* --store .*\n$", run.Output);
        Assert.DoesNotContain('\e', run.Output + run.Error);
        Assert.Contains("[10/10] ", run.Error);
    }

    [Fact]
    public void One_replicate_claims_nothing()
    {
        CommandLineRun run = Find("--levels 1 --steps 20 --optimizer sgd --schedule one-shot --scope network --criterion random");
        Assert.Contains("One replicate, so nothing is claimed over seeds", run.Output);
        Assert.Contains("Sgd 1e-1", run.Output);
    }

    [Theory]
    [InlineData("--steps 5 --validation 600", "--validation is 600, but tiny has 600 training examples; hold out fewer, 120 for example.")]
    [InlineData("--steps 5 --batch 501", "--batch is 501, but only 500 examples of tiny are trained on; use a smaller one.")]
    [InlineData("--steps 5 --rewind-to 5", "--rewind-to is 5, but a training has 5 steps; use an earlier one.")]
    [InlineData("--epochs 2147483647 --batch 1", "--epochs is 2147483647, which is more steps than can be counted; use fewer.")]
    [InlineData("--steps 5 --network mlp:784-3", "--network mlp:784-3 takes 784 values, but an image of tiny has 20; use mlp:20-….")]
    [InlineData("--steps 5 --network mlp:20-2", "--network mlp:20-2 has 2 outputs, but tiny has 3 classes; end it with 3.")]
    public void What_does_not_fit_the_data_is_told_before_anything_is_trained(string options, string sentence)
    {
        CommandLineRun run = Find($"--levels 1 {options}");
        Assert.Equal((2, "", $"lottery: {sentence}\n"), (run.ExitCode, run.Output, run.Error));
        Assert.False(Directory.Exists(_folder["store"]));
    }

    [Fact]
    public void A_mask_is_transplanted_to_another_seed_by_its_runs_id_or_its_file()
    {
        string ticket = Ids(Find("--levels 1 --steps 20 --rate fc=0.5,output=0.25 --json"))[1];
        CommandLineRun.Of("runs", "export", ticket, "--to", _folder["out"], "--store", _folder["store"]);
        string again = $"--levels 1 --steps 20 --controls random-mask --seed 7 --json --mask {ticket[..12]}";
        CommandLineRun byRun = Find(again), byFile = Find(again.Replace(ticket[..12], Path.Combine(_folder["out"], "mask.safetensors") + " --split-seed 0", StringComparison.Ordinal));
        Assert.Equal(byRun.Output, byFile.Output);
        Assert.EndsWith("4 of 4 runs are there already.\n", byFile.Error);
        Assert.Contains("of which the initial mask keeps 98)", byRun.Error);
        JsonArray cells = byRun.Json["cells"]!.AsArray();
        Assert.Equal(98 / 184.0, (double)cells[0]!["density"]!);
        Assert.Equal(["none", "random-mask", "none", "random-mask"], cells.Select(cell => (string)cell!["control"]!));
        JsonNode root = List().Single(run => (string)run!["id"]! == Ids(byRun)[0])!;
        Assert.Equal((0, 7, 64), ((int)root["level"]!, (int)root["seed"]!, ((string)root["initial_mask"]!).Length));
        Assert.Contains("initial mask  ", CommandLineRun.Of("runs", "show", Ids(byRun)[0], "--store", _folder["store"]).Output);
        Assert.Equal(0, CommandLineRun.Of("runs", "verify", "--store", _folder["store"]).ExitCode);
    }

    [Fact]
    public void A_mask_is_evaluated_without_training()
    {
        string ticket = Ids(Find("--levels 1 --steps 20 --json"))[1];
        CommandLineRun run = Find($"--levels 0 --untrained --controls random-mask --replicates 2 --mask {ticket}");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains(" of the weights the initial mask has ", run.Output);
        Assert.All(List().Where(run => run!["initial_mask"] is not null), run => Assert.Equal(0, (int)run!["steps"]!));
    }

    [Fact]
    public void A_threshold_keeps_what_scores_as_much()
    {
        CommandLineRun run = Find("--levels 1 --steps 20 --threshold 0.3 --replicates 2 --json");
        string id = Ids(run)[1];
        JsonNode results = CommandLineRun.Of("runs", "show", id, "--json", "--store", _folder["store"]).Json["results"]!;
        Assert.InRange((double)results["thresholds"]!["fc1.weight"]!, 0.3, 0.5);
        double[] densities = [.. List().Where(run => (int)run!["level"]! == 1).Select(run => (double)run!["density"]!)];
        Assert.NotEqual(densities[0], densities[1]);
        Assert.Equal(densities.Average(), (double)run.Json["cells"]![1]!["density"]!, 1e-12);
    }

    [Fact]
    public void The_rate_of_learning_changes_as_it_is_told()
    {
        Find("--levels 0 --steps 20 --optimizer sgd --momentum 0.9 --weight-decay 1e-4 --lr 0.05 --lr-at 5,10 --lr-factor 0.5 --warm-up 3");
        Find("--levels 0 --steps 20 --lr-at 15");
        JsonNode[] trainings = [.. List().Select(run => CommandLineRun.Of("runs", "show", (string)run!["id"]!, "--json", "--store", _folder["store"])
            .Json["specification"]!["training"]!)];
        JsonNode sgd = trainings.Single(training => training["optimizer"]!["sgd"] is not null), adam = trainings.Single(training => training != sgd);
        Assert.Equal("""{"learning-rate":0.05,"momentum":0.9,"weight-decay":0.0001,"nesterov":false}""", sgd["optimizer"]!["sgd"]!.ToJsonString());
        Assert.Equal("""{"at":[5,10],"factor":0.5,"warm-up":3}""", sgd["schedule"]!.ToJsonString());
        Assert.Equal("""{"at":[15],"factor":0.1,"warm-up":0}""", adam["schedule"]!.ToJsonString());
    }

    [Theory]
    [InlineData("--momentum 0.9", "--momentum is for sgd, and the optimizer is adam; add --optimizer sgd.")]
    [InlineData("--weight-decay 0.9", "--weight-decay is for adamw and sgd, and the optimizer is adam; add --optimizer adamw or sgd.")]
    [InlineData("--lr-factor 0.5", "--lr-factor is given without --lr-at; add --lr-at, or leave --lr-factor out.")]
    [InlineData("--lr-at 5,3", "--lr-at is not ascending; put the steps in order.")]
    [InlineData("--threshold 1 --rate fc=0.5", "--rate and --threshold are both given; give one of them.")]
    [InlineData("--threshold 1 --schedule one-shot --levels 2", "A threshold prunes every one-shot level alike, and there are 2; use one level.")]
    [InlineData("--mask nothing.safetensors", "There is no file nothing.safetensors, and it is not a run's id; name a file with a mask, or a run.")]
    public void Options_that_do_not_go_together_are_told(string options, string sentence)
    {
        CommandLineRun run = Find($"--steps 5 {(options.Contains("--levels", StringComparison.Ordinal) ? "" : "--levels 1 ")}{options}");
        Assert.Equal((2, "", $"lottery: {sentence}\n"), (run.ExitCode, run.Output, run.Error));
        Assert.False(Directory.Exists(_folder["store"]));
    }

    [Fact]
    public void A_damaged_file_is_named()
    {
        string images = Path.Combine(_folder["tiny"], "train-images-idx3-ubyte");
        File.WriteAllBytes(images, File.ReadAllBytes(images)[..1000]);
        CommandLineRun run = Find("--levels 1 --steps 5");
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Matches($"^lottery: {images}: [^\n]+\n$", run.Error);
    }

    [Fact]
    public void A_store_that_cannot_be_is_told_before_anything_is_trained()
    {
        File.WriteAllText(_folder["file"], "");
        CommandLineRun run = Find("--levels 1 --steps 5", "file/store");
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Matches("^lottery: --store .*file/store cannot be used [^\n]+\n$", run.Error);
    }

    private CommandLineRun Find(string options, string store = "store")
    {
        string[] given = options.Split(' ');
        string[] defaults = ["--network", "mlp:20-8-3", "--validation", "100", "--batch", "20", "--evaluate", "20"];
        IEnumerable<string> missing = defaults.Chunk(2).Where(option => !given.Contains(option[0])).SelectMany(option => option);
        return CommandLineRun.Of(["find", "--data", _folder["tiny"], "--store", _folder[store], .. missing, .. given]);
    }

    private JsonArray List() => CommandLineRun.Of("runs", "list", "--json", "--store", _folder["store"]).Json.AsArray();

    private static string[] Ids(CommandLineRun run) => [.. run.Json["runs"]!.AsArray().Select(id => (string)id!)];
}
