using Lottery.Actions;
using Lottery.Data;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Files;
using Lottery.Studies.Identity;
using Lottery.Studies.Settings;
using Lottery.Studies.Store;

namespace Lottery.UnitTests.Studies;

/// <summary>A search that begins with what another seed trained holds out the examples that were held out there, or says that it cannot.</summary>
public sealed class HeldOutTests : IDisposable
{
    private static readonly Dataset s_data = SmallData.Split(train: 200, validation: 50, test: 40, features: 7, classes: 3).Dataset;

    /// <summary>A run of seed 5, whose split is its own.</summary>
    private static readonly RunSpecification s_run = MadeUp.Dense(5) with { Data = new() { Sha256 = s_data.Sha256, Validation = 50 } };

    private readonly TemporaryFolder _folder = new();
    private readonly RunStore _store;

    public HeldOutTests()
    {
        _store = new(_folder["store"]);
        MadeUp.Keep(_store, s_run);
    }

    public void Dispose() => _folder.Dispose();

    private static string Id => RunIdentity.Of(s_run);

    [Fact]
    public void A_mask_of_a_run_brings_its_split_for_all_replicates()
    {
        StudyPlan plan = Plan($"mask: {Id}, seed: 3, replicates: 4");
        Assert.Equal(5UL, Assert.Single(plan.Searches).Data.SplitSeed);
        Assert.All(plan.Tasks, task => Assert.Equal(5UL, task.Run.SplitSeed));
        Assert.Empty(plan.Notes);
    }

    [Fact]
    public void The_seed_of_the_mask_itself_needs_nothing()
    {
        StudyPlan plan = Plan($"mask: {Id}, seed: 5, replicates: 1");
        Assert.Null(plan.Searches[0].Data.SplitSeed);
        Assert.Empty(plan.Notes);
    }

    [Fact]
    public void Without_a_mask_each_replicate_has_its_own()
    {
        StudyPlan plan = Plan("seed: 3, replicates: 2");
        Assert.Equal([3UL, 4UL], plan.Tasks.Where(task => task.Run.Level == 0).Select(task => task.Run.SplitSeed));
        Assert.Empty(plan.Notes);
    }

    [Fact]
    public void Another_number_or_another_stated_seed_is_said()
    {
        Assert.Equal($"The mask comes from run {RunIdentity.Short(Id)}, which held out 50 examples and not 40: validation may hold examples that it was trained on. "
            + "Set data.validation (--validation) to 50 to hold out the same.", Assert.Single(Plan($"mask: {Id}", "validation: 40").Notes));
        Assert.Equal($"The mask comes from run {RunIdentity.Short(Id)}, which held out the examples of split seed 5: validation may hold examples that it was trained on. "
            + "Leave data.split-seed (--split-seed) out to hold out the same.", Assert.Single(Plan($"mask: {Id}", "validation: 50, split-seed: 6").Notes));
        Assert.Empty(Plan($"mask: {Id}", "validation: 50, split-seed: 5").Notes);
    }

    [Fact]
    public void A_mask_of_a_run_on_other_data_says_nothing()
    {
        RunSpecification other = s_run with { Data = s_run.Data with { Sha256 = new('e', 64) } };
        MadeUp.Keep(_store, other);
        StudyPlan plan = Plan($"mask: {RunIdentity.Of(other)}");
        Assert.Null(plan.Searches[0].Data.SplitSeed);
        Assert.Empty(plan.Notes);
    }

    [Fact]
    public void A_file_does_not_say_what_was_held_out()
    {
        _store.Export(Id, _folder["export"]);
        Assert.StartsWith("The mask does not say which examples were held out where it was trained: validation may hold examples that it was trained on.",
            Assert.Single(Plan($"mask: {_folder["export"]}/mask.safetensors").Notes), StringComparison.Ordinal);
        Assert.Empty(Plan($"mask: {_folder["export"]}/mask.safetensors", "validation: 50, split-seed: 5").Notes);
        Assert.StartsWith("The file of trained weights does not say", Assert.Single(Plan($"start: {{ final: {_folder["export"]}/final.safetensors }}").Notes), StringComparison.Ordinal);
        Assert.Empty(Plan($"start: {{ initial: {_folder["export"]}/initial.safetensors }}").Notes);
    }

    [Fact]
    public void Masks_of_other_seeds_are_said_unless_all_hold_out_the_same()
    {
        Assert.StartsWith("A seed's validation examples may be among those", Assert.Single(Plan("mask: { seed-offset: 1 }, replicates: 2").Notes), StringComparison.Ordinal);
        Assert.Empty(Plan("mask: { seed-offset: 1 }, replicates: 2", "validation: 50, split-seed: 0").Notes);
        Assert.Empty(Plan("mask: { seed-offset: 0 }, replicates: 2").Notes);
    }

    /// <summary>Levels below weights without initial ones go on from one another; another action may be stated.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Pretrained_weights_alone_are_trained_on_from_level_to_level(int levelOfFile)
    {
        // Those of a ticket are 0 where they are pruned, which is the mask of level 0.
        RunSpecification file = levelOfFile == 0 ? s_run : MadeUp.Next(s_run);
        if (levelOfFile > 0) MadeUp.Keep(_store, file);
        _store.Export(RunIdentity.Of(file), _folder["export"]);
        string start = $"start: {{ final: {_folder["export"]}/final.safetensors }}";
        Assert.Equal(Mask1.Rewind, Plan(start + ", mask1: rewind").Searches[0].Mask1);
        StudyPlan plan = Plan(start + ", replicates: 1");
        Assert.Equal(Mask1.Keep, plan.Searches[0].Mask1);
        RunResult[] runs = [.. plan.Tasks.Where(task => task.Run.Control == Control.None).Select(task => task.Search.Complete(task.Run, 1, TestContext.Current.CancellationToken))];
        Assert.Equal([0, 1, 2], runs.Select(run => run.Specification.Level));
        Assert.Equal(levelOfFile == 0, runs[0].Mask.Equals(Mask.Full(runs[0].Mask.Network)));
        Assert.Equal(Zeros(MadeUp.Result(file)).Sha256, runs[0].Final.Sha256);
        for (int level = 1; level < 3; level++)
            for (int p = 0; p < runs[0].Mask.Network.Parameters.Length; p++)
                for (int i = 0; i < runs[level].Initial[p].Length; i++)
                    Assert.Equal(runs[level].Mask[p]?[i] == false ? 0 : runs[level - 1].Final[p][i], runs[level].Initial[p][i]);
        Assert.NotEqual(runs[0].Final.Sha256, runs[1].Final.Sha256);
    }

    /// <summary>The trained weights as an export has them, pruned ones 0.</summary>
    private static Weights Zeros(RunResult run)
    {
        Weights weights = run.Final.Clone();
        for (int p = 0; p < weights.Network.Parameters.Length; p++)
            for (int i = 0; i < weights[p].Length; i++)
                if (run.Mask[p]?[i] == false) weights[p][i] = 0;
        return weights;
    }

    private StudyPlan Plan(string settings, string data = "validation: 50")
    {
        string prune = settings.StartsWith("mask: {", StringComparison.Ordinal) || !settings.StartsWith("mask:", StringComparison.Ordinal) ? "levels: 2" : "levels: 0";
        Study study = Study.FromText("study", $"{{ network: mlp:7-5-3, data: {{ set: small, {data} }}, train: {{ steps: 12, batch: 10 }}, prune: {{ {prune} }}, {settings} }}");
        return StudyPlan.Create(study, _ => s_data, _store, new StartingPointReader(_store));
    }
}
