using Lottery.Cli.Searches;
using Lottery.Data;
using Lottery.Formats.Safetensors;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Files;
using Lottery.Studies.Settings;

namespace Lottery.UnitTests.Studies;

/// <summary>What nothing states follows the papers' protocol of the network; lengths may be in epochs.</summary>
public sealed class ProtocolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Networks { get; } = [.. NetworkCatalogue.Names];

    [Theory]
    [InlineData("lenet-300-100", 1.2e-3, 60, 50_380, 0.1)]
    [InlineData("mlp:784-300-100-10", 1.2e-3, 60, 50_380, 0.1)]
    [InlineData("conv-2", 2e-4, 60, 20_250, 0.1)]
    [InlineData("conv-4", 3e-4, 60, 25_500, 0.1)]
    [InlineData("conv-6", 3e-4, 60, 30_000, 0.15)]
    public void Small_networks_are_trained_by_adam(string network, double rate, int batch, int steps, double conv)
    {
        SearchDefinition search = Search($"--network {network}");
        Assert.Equal((Optimizer.Adam(rate), batch, steps, (decimal)conv), (search.Training.Optimizer, search.Training.Batch, search.Training.Steps, search.Pruning.Conv));
        Assert.Equal((5_000, Scaling.Unit, Augmentation.None, PruneScope.Layer), (search.Data.Validation, search.Data.Scale, search.Data.Augment, search.Pruning.Scope));
    }

    [Theory]
    [InlineData("resnet-18", 128, 30_000, 20_000, 25_000)]
    [InlineData("resnet-20", 128, 30_000, 20_000, 25_000)]
    [InlineData("vgg-19", 64, 112_480, 56_240, 84_360)]
    public void Deep_networks_are_trained_by_sgd_and_pruned_together(string network, int batch, int steps, int first, int second)
    {
        SearchDefinition search = Search($"--network {network}");
        Assert.Equal((Optimizer.Sgd(0.1, 0.9, 1e-4), batch, steps), (search.Training.Optimizer, search.Training.Batch, search.Training.Steps));
        Assert.Equal(new LearningRateSchedule { At = [first, second], Factor = 0.1 }, search.Training.Schedule);
        Assert.Equal((Scaling.MeanStd, Augmentation.Crop | Augmentation.Flip, PruneScope.Network, 0.2m), (search.Data.Scale, search.Data.Augment, search.Pruning.Scope, search.Pruning.Conv));
    }

    [Fact]
    public void Every_value_can_be_another()
    {
        SearchDefinition search = Search("--network resnet-20 --lr 0.01 --epochs 3 --warm-up 5 --augment none --scope layer");
        Assert.Equal((Optimizer.Sgd(0.01, 0.9, 1e-4), (int?)3), (search.Training.Optimizer, search.Epochs));
        Assert.Equal(new LearningRateSchedule { At = [20_000, 25_000], Factor = 0.1, WarmUp = 5 }, search.Training.Schedule);
        Assert.Equal((Augmentation.None, PruneScope.Layer), (search.Data.Augment, search.Pruning.Scope));
        Assert.Equal(LearningRateSchedule.Constant, Search("--network resnet-20 --lr-at none").Training.Schedule);
        Assert.Equal(0.5, Search("--network resnet-20 --lr-factor 0.5").Training.Schedule.Factor);
        Assert.Equal(Optimizer.Adam(1.2e-3), Search("--network resnet-20 --optimizer adam").Training.Optimizer);
        Assert.Equal(0.5, ((Sgd)Search("--network resnet-20 --momentum 0.5").Training.Optimizer).Momentum);
        SearchDefinition bare = Search("--network resnet-20 --protocol none --steps 9");
        Assert.Equal((Optimizer.Adam(1.2e-3), 60, Augmentation.None, LearningRateSchedule.Constant), (bare.Training.Optimizer, bare.Training.Batch, bare.Data.Augment, bare.Training.Schedule));
        Assert.Equal("The training has no length; add --steps or --epochs.", Wrong(() => Search("--network resnet-20 --protocol none")));
        Assert.Equal((2000, 250, 220), Search("--network lenet-300-100 --supermask initial") is var learned ? (learned.Epochs!.Value, learned.Training.Batch, learned.Training.Evaluate) : default);
        Assert.Equal("The training has no length; add --steps or --epochs.", Wrong(() => Search("--network conv-2 --supermask initial")));
    }

    [Fact]
    public void Each_cell_of_a_study_has_the_protocol_of_its_network()
    {
        Study study = Study.FromText("a test", """
            data: { set: cifar-10 }
            prune: { levels: 1 }
            matrix: { network: [conv-2, resnet-20, 'mlp:3072-10'], protocol: [paper, none] }
            train: { steps: 7 }
            """);
        Assert.Equal([Optimizer.Adam(2e-4), Optimizer.Adam(1.2e-3), Optimizer.Sgd(0.1, 0.9, 1e-4), Optimizer.Adam(1.2e-3), Optimizer.Adam(1.2e-3), Optimizer.Adam(1.2e-3)],
            study.Cells.Select(cell => cell.Definition.Training.Optimizer));
        // What differs between cells is no value of the study.
        Assert.Equal("{ evaluate: { every: 100, training: 5000 }, steps: 7 }", study.Resolved["train"]!.Line);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_search_by_a_protocol_is_repeated_by_few_options(string network)
    {
        SearchDefinition search = Search($"--network {network}");
        Assert.Equal([("--network", network), ("--levels", "1")], SettingOptions.Write(search));
        foreach (SearchDefinition other in (SearchDefinition[])
        [
            search with { Training = search.Training with { Schedule = LearningRateSchedule.Constant } },
            search with { Training = search.Training with { Optimizer = Optimizer.Sgd(0.3) }, Pruning = search.Pruning with { Scope = PruneScope.Layer } },
            search with { Data = search.Data with { Augment = Augmentation.None } },
        ])
        {
            SearchDefinition again = Study.FromOptions(SettingOptions.Write(other).Append(("--data", "cifar-10")).ToDictionary()).Cells[0].Definition;
            Assert.Equal((other.Training, other.Data, other.Pruning), (again.Training, again.Data, again.Pruning));
        }
    }

    [Fact]
    public void Who_starts_a_training_of_the_papers_length_is_told()
    {
        Assert.Equal("lenet-300-100 is trained by the papers' protocol at their length, 50,380 steps a training. Give --steps or --epochs for another length, or --protocol none for none of it.",
            Assert.Single(Decisions("--network lenet-300-100", 784)));
        Assert.Empty(Decisions("--network lenet-300-100 --steps 9", 784));
        Assert.Equal("conv-2 is trained by the papers' protocol: optimizer.adam.lr 2e-4. --protocol none leaves it out.", Assert.Single(Decisions("--network conv-2 --steps 9", 3_072)));
        Assert.EndsWith("The learning rate changes at steps that a training of 9 does not reach: give --lr-at.", Assert.Single(Decisions("--network resnet-20 --steps 9", 3_072)), StringComparison.Ordinal);
        Assert.Empty(Decisions("--network resnet-20 --steps 9 --protocol none", 3_072));
    }

    /// <summary>A mask on untrained weights has no length, so that the title does not promise one.</summary>
    [Fact]
    public void What_is_only_tested_has_no_length()
    {
        string mask = _folder["mask.safetensors"];
        File.WriteAllBytes(mask, SafetensorsWriter.Write(NetworkTensors.Of(Mask.Full(Network.Lenet300100))));
        Study study = Study.FromOptions(new Dictionary<string, string>
        {
            ["--network"] = "lenet-300-100", ["--data"] = "small", ["--levels"] = "0", ["--untrained"] = "true", ["--mask"] = mask,
        });
        SearchDefinition search = StudyPlan.Create(study, _ => SmallImages(784), new MemoryRunStore(), new(new(_folder["store"]))).Searches[0];
        Assert.Equal(0, search.Training.Steps);
    }

    [Fact]
    public void A_protocol_that_does_not_fit_the_data_names_the_option()
    {
        Assert.Equal("--validation is 5000, but small has 800 training examples; hold out fewer, 160 for example.", Wrong(() => Plan("--network lenet-300-100", SmallData.Split(700, 100, 100, 784, 10).Dataset)));
        Assert.Equal("--augment is crop,flip, but the examples of small are no images that could be moved or mirrored; use none.",
            Wrong(() => Plan("--network mlp:37-5 --steps 9 --validation 100 --augment crop,flip", SmallData.Split(700, 100, 100, 37, 5).Dataset)));
    }

    [Fact]
    public void Lengths_in_epochs_are_steps_of_the_data()
    {
        // 700 examples in batches of 50: 14 steps an epoch.
        SearchDefinition search = Plan("--network mlp:37-5 --validation 100 --batch 50 --epochs 4 --rewind-to 0.5ep --lr-at 1ep,40 --warm-up 1.5ep --evaluate 2ep --test-at 2ep,28,3ep",
            SmallData.Split(700, 100, 100, 37, 5).Dataset).Searches[0];
        Assert.Equal((56, 7, 28, 21), (search.Training.Steps, search.Pruning.RewindTo, search.Training.Evaluate, search.Training.Schedule.WarmUp));
        Assert.Equal([14, 40], search.Training.Schedule.At);
        Assert.Equal([28, 42], search.Training.Measurements.TestAt);
    }

    [Theory]
    [InlineData("--evaluate 0.01ep", "--evaluate is 0.01ep, which is 0 steps of 14 an epoch; give more.")]
    [InlineData("--lr-at 20,1ep", "--lr-at is not ascending; put the steps in order.")]
    [InlineData("--rewind-to 4ep", "--rewind-to is 56, but a training has 56 steps; use an earlier one.")]
    [InlineData("--test-at 5ep", "--test-at has 70, but a training has 56 steps; test at an earlier one.")]
    [InlineData("--rewind-to 2eps", "--rewind-to is '2eps', but must be an integer of at least 0, or epochs as in 2ep.")]
    [InlineData("--warm-up -1ep", "--warm-up is '-1ep', but must be an integer of at least 0, or epochs as in 2ep.")]
    public void A_length_that_does_not_fit_is_refused(string options, string sentence) => Assert.Equal(sentence,
        Wrong(() => Plan($"--network mlp:37-5 --validation 100 --batch 50 --epochs 4 {options}", SmallData.Split(700, 100, 100, 37, 5).Dataset)));

    private static IEnumerable<string> Decisions(string options, int features) =>
        ProtocolText.Decisions(Plan(options, SmallImages(features)));

    private static Dataset SmallImages(int features)
    {
        Dataset data = SmallData.Split(6_000, 100, 100, features, 10).Dataset;
        ImageShape shape = features == 784 ? new(1, 28, 28) : new(3, 32, 32);
        return data with { Train = data.Train with { Shape = shape }, Test = data.Test with { Shape = shape } };
    }

    private static StudyPlan Plan(string options, Dataset data) => StudyPlan.Create(Of(options), _ => data, new MemoryRunStore());

    private static SearchDefinition Search(string options) => Of(options).Cells[0].Definition;

    private static Study Of(string options)
    {
        Dictionary<string, string> given = new() { ["--data"] = "cifar-10" };
        string[] words = options.Split(' ');
        for (int i = 0; i < words.Length; i += 2) given[words[i]] = words[i + 1];
        if (!given.ContainsKey("--supermask")) given["--levels"] = "1";
        return Study.FromOptions(given);
    }

    private static string Wrong(Action act) => Assert.Throws<UserException>(act).Message;
}
