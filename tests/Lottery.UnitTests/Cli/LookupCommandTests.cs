using System.Text.Json.Nodes;

namespace Lottery.UnitTests.Cli;

public sealed class LookupCommandTests
{
    [Fact]
    public void Networks_are_listed() => Assert.Equal(
        """
        network           input  classes  prunable weights
        lenet-300-100       784       10           266,200
        conv-2          3×32×32       10         4,300,992
        conv-4          3×32×32       10         2,425,024
        conv-6          3×32×32       10         2,261,184
        conv-2-dropout  3×32×32       10         4,300,992
        conv-4-dropout  3×32×32       10         2,425,024
        conv-6-dropout  3×32×32       10         2,261,184
        resnet-18       3×32×32       10           267,696
        resnet-20       3×32×32       10           267,696
        vgg-19          3×32×32       10        20,018,880

        A fully connected network is named by its sizes, as in mlp:784-300-100-10; any other is described in a YAML file (docs/networks.md).

        """, CommandLineRun.OfLine("network list").Output);

    [Fact]
    public void A_network_is_shown_layer_by_layer() => Assert.Equal(
        """
        layer       kind    output  shape  weights  biases    initial std
        fc1         fc      8       8×20       160       8         0.2673
        relu1       relu    8
        output      output  3       3×8         24       3         0.4264
        mlp:20-8-3                             184      11  glorot-normal

        """, CommandLineRun.OfLine("network show mlp:20-8-3").Output);

    [Fact]
    public void A_network_as_JSON()
    {
        JsonNode network = CommandLineRun.OfLine("network show lenet-300-100 --json").Json;
        Assert.Equal((266_200, 410), ((int)network["weights"]!, (int)network["biases"]!));
        Assert.Equal(["fc1", "relu1", "fc2", "relu2", "output"], network["layers"]!.AsArray().Select(layer => (string?)layer!["layer"]));
    }

    [Fact]
    public void The_doctor_names_what_a_fault_report_needs()
    {
        JsonNode facts = CommandLineRun.OfLine("doctor --json --local --store somewhere").Json;
        Assert.Equal(
            ["lottery", "dotnet", "system", "processor", "features", "kernels", "cores", "memory_bytes", "cards", "cards_missing", "cuda_driver", "store", "slurm", "mirrors", "data"],
            facts.AsObject().Select(fact => fact.Key));
        Assert.Equal(Path.GetFullPath("somewhere"), (string?)facts["store"]!["path"]);
        Assert.Contains((string?)facts["kernels"]!["chosen"], facts["kernels"]!["available"]!.AsArray().Select(name => (string?)name));
        CommandLineRun table = CommandLineRun.OfLine("doctor --local");
        Assert.Matches($"\ncores +{(int)facts["cores"]!}\n", table.Output);
        // Cards, or a sentence that says why there is none.
        Assert.NotEqual(facts["cards"]!.AsArray().Count == 0, facts["cards_missing"] is null);
        Assert.Matches("\ncards? ", table.Output);
    }

    [Fact]
    public void Data_sets_are_listed_with_what_to_do_where_they_are_not()
    {
        CommandLineRun run = CommandLineRun.OfLine("data list --json");
        Assert.Equal(["mnist", "fashion-mnist", "kmnist", "emnist-balanced", "emnist-letters", "emnist-digits", "emnist-mnist", "emnist-byclass", "emnist-bymerge", "cifar-10", "cifar-100", "tiny-imagenet"], run.Json.AsArray().Select(set => (string?)set!["set"]));
        Assert.Contains("fashion-mnist", CommandLineRun.OfLine("data list").Output);
    }
}
