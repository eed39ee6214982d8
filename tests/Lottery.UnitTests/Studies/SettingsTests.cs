using Lottery.Actions;
using Lottery.Data;
using Lottery.Formats.Safetensors;
using Lottery.Formats.Yaml;
using Lottery.Masks;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Files;
using Lottery.Studies.Settings;

namespace Lottery.UnitTests.Studies;

/// <summary>Each setting is described once: options, study files, definitions and repeated commands agree.</summary>
public sealed class SettingsTests : IDisposable
{
    /// <summary>A value other than the default for every option of find, as it stands in the help's order.</summary>
    private static readonly Dictionary<string, string> s_pruning = new()
    {
        ["--network"] = "mlp:20-8-3", ["--protocol"] = "none", ["--data"] = "folder:tiny", ["--resize"] = "4x5", ["--validation"] = "100", ["--split-seed"] = "11", ["--scale"] = "mean-std", ["--augment"] = "crop,flip",
        ["--epochs"] = "3", ["--evaluate"] = "20", ["--test-at"] = "0,40", ["--training-sample"] = "all", ["--order-seed"] = "12", ["--batch"] = "25", ["--optimizer"] = "sgd", ["--lr"] = "0.05", ["--momentum"] = "0.9", ["--nesterov"] = "true", ["--initial-distribution"] = "he-normal",
        ["--weight-decay"] = "0.0001", ["--lr-at"] = "5,10", ["--lr-factor"] = "0.5", ["--warm-up"] = "4", ["--rate"] = "fc=0.5",
        ["--levels"] = "2", ["--scope"] = "network", ["--schedule"] = "one-shot", ["--rewind-to"] = "7", ["--untrained"] = "true",
        ["--criterion"] = "abs(wf) - 0.5*abs(wi)", ["--mask1"] = "reinit", ["--mask0"] = "initial", ["--mask"] = "mask.safetensors",
        ["--initial"] = "initial.safetensors", ["--final"] = "final.safetensors", ["--map"] = "net.0=fc1", ["--controls"] = "reinit=3,random-mask=1", ["--replicates"] = "3", ["--seed"] = "18446744073709551613",
    };

    private static readonly Dictionary<string, string> s_supermask = new()
    {
        ["--network"] = "mlp:20-8-3", ["--data"] = "tiny", ["--steps"] = "30", ["--supermask"] = "signed-constant", ["--rescale"] = "true",
        ["--momentum"] = "0.5",
    };

    private static readonly Dictionary<string, string> s_threshold = new()
    {
        ["--from"] = "a.ticket", ["--network"] = "mlp:20-8-3", ["--data"] = "tiny", ["--steps"] = "30", ["--levels"] = "1", ["--threshold"] = "0.02",
        ["--optimizer"] = "adamw", ["--lr"] = "0.002", ["--weight-decay"] = "0.05", ["--lr-cosine"] = "0.1", ["--warm-up"] = "3",
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Cases { get; } = ["pruning", "supermask", "threshold"];

    [Fact]
    public void The_cases_state_every_option() => Assert.Equal(
        SettingOptions.All.Select(option => option.Name).Order(), s_pruning.Keys.Union(s_supermask.Keys).Union(s_threshold.Keys).Append("--to-density").Order());

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_setting_goes_from_options_to_a_study_file_to_a_definition_and_back(string name)
    {
        Dictionary<string, string> options = Options(name);
        Study byOptions = Study.FromOptions(options);
        // The same settings, written as a file and read from it.
        File.WriteAllText(_folder["study.yaml"], $"study: a\n{Lines(byOptions.Resolved)}");
        Study byFile = Study.Read(_folder["study.yaml"], new());
        Equal(byOptions.Cells[0].Definition, byFile.Cells[0].Definition);
        Assert.Equal(byOptions.Cells[0].DataSet, byFile.Cells[0].DataSet);
        Assert.Equal(byOptions.Cells[0].Mask, byFile.Cells[0].Mask);
        // The options that state the definition: those that were given, except for the files, which are no part of one.
        Dictionary<string, string> written = SettingOptions.Write(byFile.Cells[0].Definition).ToDictionary(option => option.Name, option => option.Text);
        string[] files = ["--protocol", "--data", "--resize", "--mask", "--from", "--initial", "--final", "--map"];
        Assert.Equal(options.Keys.Except(files).Order(), written.Keys.Except(["--weight-decay"]).Union(options.Keys.Intersect(["--weight-decay"])).Order());
        foreach (string file in files) if (options.TryGetValue(file, out string? text)) written[file] = text;
        foreach (string flag in written.Where(option => option.Value.Length == 0).Select(option => option.Key)) written[flag] = "true";
        Equal(byOptions.Cells[0].Definition, Study.FromOptions(written).Cells[0].Definition);
    }

    [Fact]
    public void Values_reach_the_definition()
    {
        SearchDefinition search = Study.FromOptions(s_pruning).Cells[0].Definition;
        Assert.Equal((100, Scaling.MeanStd, Augmentation.Crop | Augmentation.Flip), (search.Data.Validation, search.Data.Scale, search.Data.Augment));
        Assert.Equal((11UL, 12UL), (search.Data.SplitSeed!.Value, search.Training.OrderSeed!.Value));
        Assert.Equal(new() { TestAt = [0, 40], TrainingSample = null }, search.Training.Measurements);
        Assert.Equal((3, 20, 25), (search.Epochs, search.Training.Evaluate, search.Training.Batch));
        Assert.Equal(Optimizer.Sgd(0.05, 0.9, 1e-4, nesterov: true), search.Training.Optimizer);
        Assert.Equal(new LearningRateSchedule { At = [5, 10], Factor = 0.5, WarmUp = 4 }, search.Training.Schedule);
        Assert.Equal(new PruningSettings
        {
            Levels = 2, Fc = 0.5m, Scope = PruneScope.Network, Schedule = PruneSchedule.OneShot, RewindTo = 7, Untrained = true,
        }, search.Pruning);
        Assert.Equal(("abs(wf) - 0.5*abs(wi)", Mask1.Reinit, Mask0.Initial), (search.Criterion.Name, search.Mask1, search.Mask0));
        Assert.Equal([new(Control.Reinit, 3), new(Control.RandomMask)], search.Controls);
        Assert.Equal([ulong.MaxValue - 2, ulong.MaxValue - 1, ulong.MaxValue], search.Seeds);
        Assert.Equal(new SupermaskSpecification { Weights = SupermaskWeights.SignedConstant, Rescale = true }, Study.FromOptions(s_supermask).Cells[0].Definition.Supermask);
        Assert.Equal(NetworkCatalogue.Get("mlp:20-8-3").With(InitialDistribution.HeNormal), search.Network);
        TrainingSpecification cosine = Study.FromOptions(s_threshold).Cells[0].Definition.Training;
        Assert.Equal(Optimizer.AdamW(0.002, 0.05), cosine.Optimizer);
        Assert.Equal(new LearningRateSchedule { Cosine = 0.1, WarmUp = 3 }, cosine.Schedule);
        Assert.Equal(0.02, Study.FromOptions(s_threshold).Cells[0].Definition.Pruning.Threshold);
    }

    [Theory]
    [InlineData("mlp:20-8-3", "output=0.9", "--rate output has no effect where the scope is the network: all layers compete, and the rate fc holds; leave it out.")]
    [InlineData("conv-2", "conv=1e-2,fc=0.9", "--rate fc has no effect where the scope is the network: all layers compete, and the rate conv holds; leave it out.")]
    public void A_rate_that_the_scope_ignores_is_refused(string network, string rate, string sentence)
    {
        Dictionary<string, string> options = new() { ["--network"] = network, ["--data"] = "a", ["--steps"] = "3", ["--levels"] = "1", ["--scope"] = "network", ["--rate"] = rate };
        Assert.Equal(sentence, Assert.Throws<UserException>(() => Study.FromOptions(options)).Message);
        options["--rate"] = network == "conv-2" ? "conv=1e-2" : "fc=1e-2";
        PruningSettings rates = Study.FromOptions(options).Cells[0].Definition.Pruning;
        Assert.Equal(0.01m, network == "conv-2" ? rates.Conv : rates.Fc);
    }

    [Theory]
    [InlineData("mlp:20-8-3", "fc=0.2,output=0.1", 0)]
    [InlineData("mlp:20-8-3", "fc=0.006,output=0.01", 1)]
    [InlineData("mlp:2-2-2", "fc=0.5,output=0.5", 3)]
    public void A_level_that_removes_nothing_is_told(string network, string rate, int empty)
    {
        Dictionary<string, string> options = new() { ["--network"] = network, ["--data"] = "a", ["--steps"] = "3", ["--levels"] = "5", ["--rate"] = rate, ["--validation"] = "10" };
        int features = int.Parse(network.Split(':', '-')[1]);
        Dataset data = SmallData.Split(100, 0, 50, features, network.EndsWith('2') ? 2 : 3).Dataset;
        StudyCell cell = Study.FromOptions(options).Cells[0];
        if (empty == 0) Assert.Equal(5, cell.On(data, null).Pruning.Levels);
        else
            Assert.Equal($"--levels is 5, but at these rates level {empty} removes nothing; use {empty - 1}, or larger rates.",
                Assert.Throws<UserException>(() => cell.On(data, null)).Message);
    }

    /// <summary>A mask of 4 kept weights a layer: at half of them, the third level has one left in each.</summary>
    [Theory]
    [InlineData(2, 0)]
    [InlineData(5, 3)]
    public void A_level_that_removes_nothing_of_a_given_mask_is_told(int levels, int empty)
    {
        using var folder = new TemporaryFolder();
        Network network = NetworkCatalogue.Get("mlp:20-8-3");
        File.WriteAllBytes(folder["m.safetensors"], SafetensorsWriter.Write([.. network.Parameters.Where(parameter => parameter.Prunable)
            .Select(parameter => Tensor.Of(parameter.Name, parameter.Shape, Enumerable.Range(0, parameter.Count).Select(i => i < 4).ToArray()))]));
        Dictionary<string, string> options = new()
        {
            ["--network"] = network.Name, ["--data"] = "a", ["--steps"] = "3", ["--levels"] = $"{levels}", ["--rate"] = "fc=0.5,output=0.5", ["--validation"] = "10", ["--mask"] = folder["m.safetensors"],
        };
        StudyCell cell = Study.FromOptions(options).Cells[0];
        Dataset data = SmallData.Split(100, 0, 50, 20, 3).Dataset;
        var reader = new StartingPointReader(null!); // of the store nothing is needed
        if (empty == 0) Assert.Equal(8, cell.On(data, reader).Start.Mask!.Kept);
        else
            Assert.Equal($"--levels is {levels}, but at these rates level {empty} removes nothing; use {empty - 1}, or larger rates.",
                Assert.Throws<UserException>(() => cell.On(data, reader)).Message);
    }

    [Fact]
    public void A_set_of_images_is_resized_and_no_other()
    {
        Dictionary<string, string> options = new() { ["--network"] = "mlp:20-8-3", ["--data"] = "folder:a", ["--steps"] = "3", ["--levels"] = "1", ["--resize"] = "4x5" };
        Assert.Equal("folder:a@4x5", Study.FromOptions(options).Cells[0].DataSet);
        options["--resize"] = "4";
        Assert.Equal("'4' is no size: give height and width in pixels, such as 32x32.", Assert.Throws<UserException>(() => Study.FromOptions(options)).Message);
        (options["--resize"], options["--data"]) = ("4x5", "mnist");
        Assert.Equal("mnist is no folder:PATH of images, and only such are resized; leave the size out.",
            Assert.Throws<UserException>(() => Study.FromOptions(options).Cells[0].DataSet).Message);
    }

    [Theory]
    [InlineData("lenet-300-100", "0.2108", 7)]
    [InlineData("lenet-300-100", "0.21074", 8)]
    [InlineData("vgg-19", "0.1", 11)]
    [InlineData("resnet-18", "0.999", 1)]
    public void Levels_are_counted_to_a_density(string network, string density, int levels)
    {
        StudyCell cell = Study.FromOptions(new Dictionary<string, string> { ["--network"] = network, ["--data"] = "mnist", ["--to-density"] = density }).Cells[0];
        Assert.Equal((levels, null), (cell.Definition.Pruning.Levels, cell.Definition.ToDensity));
    }

    [Theory]
    [InlineData("--to-density 0.1 --levels 3", "--levels and --to-density are both given; give one of them.")]
    [InlineData("--to-density 1", "--to-density is '1', but must be a number above 0 and below 1.")]
    [InlineData("--to-density 1e-9", "--to-density is 1e-9, which no number of levels up to 1000 reaches at these rates; use a larger one.")]
    [InlineData("--to-density 0.1 --threshold 0.1", "--to-density counts levels by their rates, and a threshold has none; give the levels.")]
    [InlineData("--to-density 0.1 --mask a.safetensors", "--to-density counts the levels of a dense network, and the search begins with a mask or weights; give the levels.")]
    public void A_density_that_gives_no_levels_is_refused(string options, string sentence)
    {
        Dictionary<string, string> given = new() { ["--network"] = "lenet-300-100", ["--data"] = "mnist" };
        string[] words = options.Split(' ');
        for (int i = 0; i < words.Length; i += 2) given[words[i]] = words[i + 1];
        Assert.Equal(sentence, Assert.Throws<UserException>(() => Study.FromOptions(given)).Message);
    }

    [Fact]
    public void A_definition_of_defaults_needs_few_options() => Assert.Equal(
        [("--network", "lenet-300-100"), ("--steps", "9"), ("--levels", "1")],
        SettingOptions.Write(new() { Network = Network.Lenet300100, Training = new() { Steps = 9 }, Pruning = new() { Levels = 1 } }));

    [Fact]
    public void The_definition_of_a_run_is_that_of_its_search()
    {
        SearchDefinition search = new()
        {
            Network = SmallSearch.Network, Data = new() { Validation = 100, SplitSeed = 3 }, Training = SmallSearch.WithSgd with { OrderSeed = 4 }, Criterion = Criterion.Movement,
            Mask1 = Mask1.Reinit, Mask0 = Mask0.Initial, Pruning = SmallSearch.Pruning with { RewindTo = 3, Scope = PruneScope.Network }, Seed = 5,
        };
        RunSpecification deepest = search.CreateSearch(SmallSearch.Data, new MemoryRunStore()).Plan(5)[^1];
        Equal(search, SearchDefinition.Of(deepest));
    }

    /// <summary>Equal but for arrays, which are compared by their items.</summary>
    private static void Equal(SearchDefinition expected, SearchDefinition actual)
    {
        Assert.Equal(expected.Controls, actual.Controls);
        Assert.Equal(expected with { Controls = [] }, actual with { Controls = [], Criterion = expected.Criterion.Name == actual.Criterion.Name ? expected.Criterion : actual.Criterion });
    }

    private static Dictionary<string, string> Options(string name) => name switch
    {
        "pruning" => s_pruning,
        "supermask" => s_supermask,
        _ => s_threshold,
    };

    private static string Lines(YamlMap map) => string.Join('\n', map.Entries.Select(entry => $"{entry.Key.Value}: {entry.Value.Line}"));
}
