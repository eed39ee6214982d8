using System.Text.Json.Nodes;
using Lottery.Networks;
using Lottery.Report.Sections;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Queries;
using Lottery.Studies.Settings;
using Lottery.Studies.Store;

namespace Lottery.UnitTests.Studies;

/// <summary>Every hyper-parameter of a run is a column of <c>runs</c>.</summary>
public sealed class RunFieldsTests
{
    /// <summary>What a specification states beside hyper-parameters: where a run stands in its search, and the versions of what computes it.</summary>
    private static readonly string[] NoSettings = ["format", "seed", "level", "draw", "parent", "kernels"];

    /// <summary>Another value for each text.</summary>
    private static readonly Dictionary<string, JsonNode> Other = new()
    {
        ["network"] = NetworkCatalogue.Get("lenet-300-100").Description, ["data.sha256"] = new string('b', 64), ["data.scale"] = "mean-std", ["data.augment"] = new JsonArray("flip"),
        ["control"] = "reinit", ["prune.criterion"] = "random", ["prune.schedule"] = "one-shot", ["prune.scope"] = "network",
        ["actions.mask1"] = "constant", ["actions.mask0"] = "initial", ["training.schedule.at"] = new JsonArray(7, 9), ["training.measurements.test-at"] = new JsonArray(1, 2), ["supermask.weights"] = "signed-constant",
    };

    private static readonly Dictionary<string, RunSpecification> Specifications = new()
    {
        ["adam"] = Ticket(new Adam(0.001)),
        ["sgd"] = Ticket(new Sgd(0.1, 0.9, 1e-4)),
        ["adamw"] = WithSchedule(Ticket(new AdamW(0.1, 0.01)), new() { At = [5], Factor = 0.1, Cosine = 0.5, WarmUp = 2 }),
        ["threshold"] = Ticket(new Adam(0.001)) with { Prune = new() { Criterion = "large-final", Rates = PruneRates.None, Threshold = 0.5 } },
        ["supermask"] = WithSchedule(MadeUp.Dense()) with { Supermask = new() },
        ["start"] = WithSchedule(MadeUp.Dense()) with { Start = new(new string('c', 64), new string('d', 64), new string('e', 64)) },
    };

    [Theory]
    [InlineData("adam")]
    [InlineData("sgd")]
    [InlineData("adamw")]
    [InlineData("threshold")]
    [InlineData("supermask")]
    [InlineData("start")]
    public void A_specification_that_differs_in_any_setting_differs_in_a_column(string what)
    {
        RunSpecification run = Specifications[what];
        JsonObject json = RunIdentity.Describe(run);
        string[] paths = [.. SpecificationFields.Flatten(json).Keys.Where(path => !NoSettings.Any(other => path == other || path.StartsWith(other + ".", StringComparison.Ordinal)))];
        Assert.True(paths.Length > 12, what);
        foreach (string path in paths)
        {
            JsonObject changed = (JsonObject)json.DeepClone();
            Change(changed, path);
            RunSpecification other = SpecificationJson.Read(changed, path == "network" ? "tiny" : run.Network.Name, _ => MadeUp.Dense());
            Assert.True(RunFields.Settings.Any(field => !Equals(field.Setting!(run), field.Setting!(other))), $"{what}: no column has {path}.");
        }
    }

    [Fact]
    public void Runs_are_sorted_by_value_and_equal_ones_stay_as_they_are()
    {
        RunSummary[] runs =
        [
            .. new[] { 0.5, double.NaN, -0.0, 1, 0.0, 0.5, 1e-300, double.PositiveInfinity, 0.25 }.Select((accuracy, i) => MadeUp.Summary(
                new string((char)('a' + i), 64), "lenet-300-100", i == 3 ? ulong.MaxValue : (ulong)(i * 7 % 5), i % 3, 0.5, accuracy, i % 2 == 0 ? Control.None : Control.Reinit, steps: 10 - i)
                with { Ended = new(2026, 1, 1 + i * 4 % 9, 0, 0, 0, TimeSpan.FromHours(i)) }),
        ];
        foreach (RunField field in RunFields.All.Where(field => field.Name != "studies"))
            foreach (bool isDescending in (bool[])[false, true])
            {
                Comparer<object?> order = Comparer<object?>.Create((left, right) => left is string text ? string.CompareOrdinal(text, right as string) : Comparer<object?>.Default.Compare(left, right));
                IEnumerable<RunSummary> expected = isDescending ? runs.OrderByDescending(field.Value, order) : runs.OrderBy(field.Value, order);
                Assert.Equal(expected.Select(run => run.Id[0]), field.Sort(runs, isDescending).Select(run => run.Id[0]));
            }
    }

    [Fact]
    public void Every_option_of_a_setting_that_runs_keep_is_a_column()
    {
        // Options whose values runs do not have: how many runs a search has, and the ways to name what other columns hold.
        string[] others = ["--levels", "--replicates", "--controls", "--epochs", "--untrained", "--mask", "--initial", "--final", "--from", "--map", "--rate", "--resize", "--protocol", "--to-density"];
        string[] options = [.. SettingOptions.All.Select(option => option.Name).Distinct().Except(others)];
        Assert.True(options.Length > 20);
        Assert.Empty(options.Where(option => RunFields.All.All(field => field.Name != option.TrimStart('-').Replace('-', '_'))));
    }

    [Theory]
    [InlineData("lr", "lr")]
    [InlineData("weight-decay", "weight_decay")]
    public void A_column_is_found_by_its_name(string name, string column) => Assert.Equal(column, RunFields.Get(name).Name);

    [Fact]
    public void An_unknown_column_is_refused_with_the_nearest() =>
        Assert.Equal("Runs have no column 'momentun'; did you mean 'momentum'?", Assert.Throws<UserException>(() => RunFields.Get("momentun")).Message);

    /// <summary>Frankle &amp; Carbin count the shortcuts and the output of ResNet-18, which are never pruned: their figures' axis.</summary>
    [Theory]
    [InlineData(4, 0.417)]
    [InlineData(6, 0.271)]
    [InlineData(7, 0.219)]
    [InlineData(10, 0.118)]
    public void The_density_of_all_weights_is_the_papers(int level, double paper)
    {
        int prunable = NetworkCatalogue.Get("resnet-18").PrunableCount;
        RunSummary run = MadeUp.Summary("a", "resnet-18", 1, level, density: 1, accuracy: 0.9) with
        {
            Weights = prunable, Kept = (int)Math.Round(Math.Pow(0.8, level) * prunable),
        };
        Assert.Equal(paper, run.DensityOfAll, 0.0006);
        Assert.Equal(run.DensityOfAll, RunFields.Get("density_of_all").Value(run));
        Assert.Equal(run.AllWeights - run.KeptOfAll, run.Weights - run.Kept);
        RunSummary every = MadeUp.Summary("a", "lenet-300-100", 1, level, density: 0.25, accuracy: 0.9);
        Assert.Equal(every.Density, every.DensityOfAll);
    }

    private static RunSpecification Ticket(Optimizer optimizer)
    {
        RunSpecification ticket = WithSchedule(MadeUp.Next(MadeUp.Next(MadeUp.Dense())));
        return ticket with { Training = ticket.Training with { Optimizer = optimizer } };
    }

    private static RunSpecification WithSchedule(RunSpecification run, LearningRateSchedule? schedule = null) => run with
    {
        Training = run.Training with { Schedule = schedule ?? new() { At = [5], Factor = 0.1, WarmUp = 2 }, OrderSeed = 3, Measurements = new() { TestAt = [4] } },
    };

    private static void Change(JsonObject json, string path)
    {
        string[] parts = path.Split('.');
        JsonNode inner = parts[..^1].Aggregate((JsonNode)json, (node, part) => node[part]!);
        JsonNode value = inner[parts[^1]]!;
        inner[parts[^1]] = Other.TryGetValue(path, out JsonNode? other) ? other.DeepClone() : value.GetValueKind() switch
        {
            System.Text.Json.JsonValueKind.True => false,
            System.Text.Json.JsonValueKind.False => true,
            System.Text.Json.JsonValueKind.String => new string('f', 64),
            _ when value.ToJsonString().Contains('.') || path.StartsWith("prune.rates", StringComparison.Ordinal) || path.Contains("optimizer") || path.EndsWith("factor", StringComparison.Ordinal)
                => JsonNode.Parse("0.4321")!,
            _ => JsonNode.Parse($"{long.Parse(value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture) + 1}")!,
        };
    }
}
