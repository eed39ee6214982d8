using System.Text.Json.Nodes;

namespace Lottery.SystemTests.Cli;

/// <summary>Searches of networks that were trained elsewhere, their weights in safetensors files.</summary>
public sealed class ImportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ImportTests()
    {
        TinyImages.Write(_folder["tiny"]);
        string dense = Ids(Find("elsewhere", "--network mlp:20-8-3 --levels 0 --steps 60 --json"))[0];
        Assert.Equal(0, CommandLineRun.Of("runs", "export", dense, "--to", _folder["torch"], "--store", _folder["elsewhere"]).ExitCode);
    }

    public void Dispose() => _folder.Dispose();

    private string Initial => _folder["torch/initial.safetensors"];

    private string Final => _folder["torch/final.safetensors"];

    [Fact]
    public void A_trained_network_is_pruned_and_criteria_are_compared_on_it()
    {
        foreach (string criterion in (string[])["large-final", "movement"])
        {
            CommandLineRun run = Find("here", $"--network mlp:20-8-3 --levels 2 --steps 40 --criterion {criterion} --controls reinit,random-mask --initial {Initial} --final {Final} --json");
            Assert.Equal((0, 7), (run.ExitCode, Ids(run).Length));
            Assert.DoesNotContain("fine-tuning", run.Error, StringComparison.Ordinal);
        }
        JsonNode root = List("here").Single(run => (int)run!["level"]! == 0)!, elsewhere = List("elsewhere").Single()!;
        Assert.Equal(0, (int)root["steps"]!);
        Assert.Equal((double)elsewhere["final_accuracy"]!, (double)root["accuracy"]!);
        Assert.Equal((64, 64), (((string)root["initial_weights"]!).Length, ((string)root["pretrained_weights"]!).Length));
        Assert.Equal(0, CommandLineRun.Of("runs", "verify", "--store", _folder["here"]).ExitCode);
        string shown = CommandLineRun.Of("runs", "show", (string)root["id"]!, "--store", _folder["here"]).Output;
        Assert.Matches("initial weights +[0-9a-f]{10}\npretrained +trained weights [0-9a-f]{10}\n", shown);
    }

    [Fact]
    public void Its_levels_are_those_of_the_search_that_trained_it()
    {
        CommandLineRun here = Find("here", $"--network mlp:20-8-3 --levels 2 --steps 60 --initial {Initial} --final {Final} --json");
        CommandLineRun there = Find("elsewhere", "--network mlp:20-8-3 --levels 2 --steps 60 --json");
        Assert.Equal(Results(there, "elsewhere"), Results(here, "here"));
    }

    [Fact]
    public void Without_initial_weights_it_is_fine_tuned()
    {
        CommandLineRun run = Find("here", $"--network mlp:20-8-3 --levels 1 --steps 20 --final {Final}");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("each level goes on from where the level before ended (fine-tuning).", run.Error, StringComparison.Ordinal);
        CommandLineRun refused = Find("here", $"--network mlp:20-8-3 --levels 1 --steps 20 --criterion movement --final {Final}");
        Assert.Equal((2, "lottery: The criterion movement uses the initial weights, which are not known; add them, or use large-final.\n"),
            (refused.ExitCode, refused.Error));
    }

    [Fact]
    public void It_is_tested_without_a_length_of_training()
    {
        CommandLineRun run = Find("here", $"--network mlp:20-8-3 --levels 0 --final {Final} --json");
        Assert.Equal((double)List("elsewhere").Single()!["final_accuracy"]!, (double)run.Json["cells"]![0]!["accuracy"]!["mean"]!);
    }

    [Fact]
    public void Initial_weights_alone_are_trained()
    {
        CommandLineRun run = Find("here", $"--network mlp:20-8-3 --levels 1 --steps 60 --initial {Initial} --json");
        Assert.Equal(Results(Find("elsewhere", "--network mlp:20-8-3 --levels 1 --steps 60 --json"), "elsewhere"), Results(run, "here"));
    }

    [Theory]
    [InlineData("--levels 1 --steps 40 --initial INITIAL --controls reinit", 3)]
    [InlineData("--levels 1 --steps 40 --initial INITIAL --final FINAL", 2)]
    [InlineData("--levels 1 --untrained --initial INITIAL --final FINAL", 2)]
    [InlineData("--levels 0 --final FINAL", 1)]
    public void A_report_tells_the_command_that_makes_the_runs_again(string options, int runs)
    {
        string With(string text) => text.Replace("INITIAL", Initial, StringComparison.Ordinal).Replace("FINAL", Final, StringComparison.Ordinal);
        Assert.Equal(0, Find("here", $"--network mlp:20-8-3 {With(options)}").ExitCode);
        Assert.Equal(0, CommandLineRun.Of("report", "-o", _folder["report.md"], "--format", "md", "--store", _folder["here"]).ExitCode);
        string command = File.ReadLines(_folder["report.md"]).First(line => line.Contains("lottery find", StringComparison.Ordinal)).Trim(' ', '`', '-');
        string again = With(command.Replace("--initial FILE", "--initial INITIAL", StringComparison.Ordinal).Replace("--final FILE", "--final FINAL", StringComparison.Ordinal))
            .Replace("FOLDER", _folder["tiny"], StringComparison.Ordinal);
        CommandLineRun run = CommandLineRun.OfLine($"{again.Replace("lottery ", "", StringComparison.Ordinal)} --store {_folder["here"]}");
        Assert.Equal((0, $"{runs} of {runs} runs are there already.\n"), (run.ExitCode, string.Concat(run.Error.Split('\n').Where(line => line.Contains("already", StringComparison.Ordinal))) + "\n"));
    }

    [Fact]
    public void A_study_names_files_from_where_it_lies()
    {
        File.WriteAllText(_folder["study.yaml"], $$"""
            study: imported
            network: mlp:20-8-3
            data: { set: "{{_folder["tiny"]}}", validation: 100 }
            train: { steps: 20, batch: 20 }
            prune: { levels: 1 }
            matrix:
              criterion: [large-final, movement]
            start: { initial: torch/initial.safetensors, final: torch/final.safetensors }
            replicates: 1
            """);
        CommandLineRun plan = CommandLineRun.Of("study", "plan", _folder["study.yaml"], "--store", _folder["here"]);
        Assert.Contains("start: { initial: torch/initial.safetensors, final: torch/final.safetensors }", plan.Output, StringComparison.Ordinal);
        CommandLineRun run = CommandLineRun.Of("study", "run", _folder["study.yaml"], "--store", _folder["here"], "--json");
        Assert.Equal((0, 3), (run.ExitCode, Ids(run).Length));
        File.Delete(Final);
        CommandLineRun missing = CommandLineRun.Of("study", "plan", _folder["study.yaml"], "--store", _folder["here"]);
        File.WriteAllText(_folder["empty.yaml"], File.ReadAllText(_folder["study.yaml"]).Replace("{ initial: torch/initial.safetensors, final: torch/final.safetensors }", "{}", StringComparison.Ordinal));
        CommandLineRun empty = CommandLineRun.Of("study", "plan", _folder["empty.yaml"], "--store", _folder["here"]);
        Assert.Equal($"lottery: {_folder["empty.yaml"]}:8:8: start is empty; name a ticket, or the files of weights as initial and final.\n", empty.Error);
        Assert.Matches($"^lottery: {_folder["study.yaml"]}:8:8: {Final} cannot be read: [^\n]*\n$", missing.Error);
    }

    [Theory]
    [InlineData("--levels 1 --final FINAL", "The training has no length; add --steps or --epochs.")]
    [InlineData("--levels 1 --steps 5 --final FINAL --mask1 rewind --rewind-to 3", "Level 0 is pretrained, so that its weights at step 3 are not known; rewind to 0.")]
    [InlineData("--supermask initial --steps 5 --final FINAL", "--supermask and --final are both given; where a mask is learned nothing is pruned, so leave one out.")]
    public void What_does_not_go_together_is_told(string options, string sentence)
    {
        CommandLineRun run = Find("here", "--network mlp:20-8-3 " + options.Replace("FINAL", Final, StringComparison.Ordinal));
        Assert.Equal((2, "", $"lottery: {sentence}\n"), (run.ExitCode, run.Output, run.Error));
    }

    private CommandLineRun Find(string store, string options) => CommandLineRun.OfLine(
        $"find {options} --data {_folder["tiny"]} --validation 100 --batch 20 --evaluate 20 --store {_folder[store]}");

    private static string[] Ids(CommandLineRun run) => [.. (run.Json["sections"]?[0] ?? run.Json)["runs"]!.AsArray().Select(id => (string)id!)];

    private JsonArray List(string store) => CommandLineRun.Of("runs", "list", "--json", "--store", _folder[store]).Json.AsArray();

    /// <summary>The hashes of the pruned levels.</summary>
    private IEnumerable<(string, string)> Results(CommandLineRun run, string store) => Ids(run)[1..]
        .Select(id => CommandLineRun.Of("runs", "show", id, "--json", "--store", _folder[store]).Json["sha256"]!)
        .Select(hashes => ((string)hashes["mask"]!, (string)hashes["final"]!));
}
