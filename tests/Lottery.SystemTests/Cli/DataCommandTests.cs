using System.Text.Json.Nodes;
using Lottery.Data;
using Lottery.SystemTests.Processes;

namespace Lottery.SystemTests.Cli;

public sealed class DataCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_set_that_is_not_what_it_should_be_fails_and_says_what_to_do()
    {
        TinyImages.Write(_folder["mnist"]);
        CommandLineRun run = Run("data", "verify", "mnist");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(4, run.Output.Split('\n').Count(line => line.StartsWith("mnist  ", StringComparison.Ordinal)));
        Assert.Equal($"lottery: mnist in {_folder["mnist"]} is damaged; `lottery data get mnist` downloads it again.\n", run.Error);
        JsonNode set = JsonNode.Parse(Run("data", "verify", "mnist", "--json").Output)![0]!;
        Assert.False((bool)set["whole"]!);
        Assert.All(set["files"]!.AsArray(), file => Assert.NotNull(file!["fault"]));
    }

    [Fact]
    public void A_set_that_is_nowhere_says_how_to_get_it()
    {
        Assert.Matches("^mnist +CC-BY-SA-3.0 +– +not found; `lottery data get mnist` downloads it$", Run("data", "list").Output.Split('\n')[1]);
        CommandLineRun run = Run("find", "--network", "lenet-300-100", "--data", "mnist", "--levels", "1", "--steps", "1");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("`lottery data get mnist` downloads it", run.Error);
    }

    [Fact]
    public void A_study_is_planned_without_its_data()
    {
        File.WriteAllText(_folder["s.yaml"], "study: s\nnetwork: lenet-300-100\ndata: { set: mnist }\ntrain: { epochs: 2 }\nprune: { levels: 2 }\nreplicates: 3\n");
        CommandLineRun run = Run("study", "plan", _folder["s.yaml"], "--store", _folder["store"]);
        Assert.Equal((0, "MNIST is not here; planned with its 60,000 training and 10,000 test images. `lottery data get mnist` downloads it.\n"), (run.ExitCode, run.Error));
        Assert.Contains("1 cell × 3 replicates = 9 runs, equal ones counted once; 0 finished.\n", run.Output);
        Assert.Contains("data folder", Run("study", "plan", _folder["s.yaml"], "--set", "data.set=./none").Error.Replace("There is no folder", "data folder", StringComparison.Ordinal));
    }

    [Fact]
    public void A_set_that_is_there_is_not_fetched_again()
    {
        DataLocation? here = DatasetLocator.FromEnvironment().Find(KnownSet.FashionMnist);
        Assert.SkipWhen(here is null, "Fashion-MNIST is not here.");
        Directory.CreateSymbolicLink(_folder["fashion-mnist"], here!.Folder);
        CommandLineRun run = Run("data", "get", "fashion-mnist");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal($"Fashion-MNIST is in {_folder["fashion-mnist"]} already, whole (", run.Output[..run.Output.IndexOf('(')] + "(");
    }

    [Fact]
    public void Without_a_network_a_download_fails_in_one_sentence()
    {
        CommandLineRun run = Run("data", "get", "mnist");
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Matches("^lottery: train-images-idx3-ubyte could not be fetched [^\n]+\n$", run.Error);
    }

    private CommandLineRun Run(params string[] arguments)
    {
        using var process = new LotteryProcess(
            [("LOTTERY_DATA", _folder.Path), ("XDG_CACHE_HOME", _folder["cache"]), ("LOTTERY_MIRROR", "http://127.0.0.1:9/")], arguments);
        return process.Wait();
    }
}
