using Lottery.Cli.Studies;
using Lottery.Cuda.Driver;
using Lottery.Cuda.Estimates;
using Lottery.Cuda.Training;
using Lottery.Data;
using Lottery.Studies.Files;
using Lottery.Studies.Store;

namespace Lottery.UnitTests.Cli;

/// <summary>The card's time in a study's plan.</summary>
public sealed class StudyOnCardTests : IDisposable
{
    private static readonly Card s_card = new(1, "NVIDIA H100", "9.0", 132, 80L << 30, 79L << 30, null) { SharedBytes = 227 << 10, Clock = 1.98e9, MemoryRate = 3.35e12 };
    private static readonly CardList s_none = new("There is no driver.", null, []);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_plan_has_the_cards_time_beside_the_processors()
    {
        StudyWork work = Work();
        CardEstimate estimate = StudyOnCard.Estimate(s_card, work, jobs: null, 1L << 33);
        Assert.Equal((6, 3), (estimate.AtOnce, StudyOnCard.Estimate(s_card, work, jobs: 3, 1L << 33).AtOnce));
        // The processor's memory holds two.
        Assert.Equal(2, StudyOnCard.Estimate(s_card, work, jobs: null, work.Memory.Shared + 5 * work.Missing.Max(task => work.Memory.Of(task.Run, 1)) / 2).AtOnce);
        string[] lines = [.. StudySummary.Plan(work, 2, 1L << 33, estimate)];
        int left = Array.FindIndex(lines, line => line.StartsWith("Left:", StringComparison.Ordinal));
        Assert.Matches("^On NVIDIA H100: about .* with up to 6 runs at once; an estimate by counted work, with rates that were measured on an H100.$", lines[left + 1]);
        Assert.Equal(estimate.Seconds, (double)StudySummary.PlanJson(work, 2, 1L << 33, estimate)["card"]!["seconds"]!);
        Assert.Null(StudySummary.PlanJson(work, 2, 1L << 33)["card"]);
        Assert.DoesNotContain(StudySummary.Plan(work, 2, 1L << 33), line => line.StartsWith("On ", StringComparison.Ordinal));
    }

    [Fact]
    public void Runs_that_a_card_does_not_hold_are_named()
    {
        CardEstimate estimate = StudyOnCard.Estimate(s_card with { TotalBytes = 1 << 10 }, Work(), jobs: 3, 1L << 33);
        Assert.Contains("besides 6 runs for which it has no kernels or too little memory", StudyOnCard.Text(estimate), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_an_option_there_is_the_first_card_that_can_be_used()
    {
        Card broken = s_card with { Number = 0, Problem = "It is broken." };
        Assert.Equal(s_card, StudyOnCard.Choose(DeviceChoice.Auto, () => new(null, "13.0", [broken, s_card])));
        Assert.Null(StudyOnCard.Choose(DeviceChoice.Auto, () => s_none));
        Assert.Null(StudyOnCard.Choose(default, () => throw new InvalidOperationException("The processor was stated.")));
    }

    [Fact]
    public void A_card_that_is_stated_and_cannot_be_used_is_said()
    {
        Assert.Equal(s_card, StudyOnCard.Choose(new(1, false), () => new(null, "13.0", [s_card])));
        Assert.Equal("There is no driver.", Assert.Throws<UserException>(() => StudyOnCard.Choose(new(0, false), () => s_none)).Message);
        Assert.StartsWith("There is no card of that number", Assert.ThrowsAny<UserException>(() => StudyOnCard.Choose(new(0, false), () => new(null, "13.0", [s_card]))).Message, StringComparison.Ordinal);
        Assert.Equal("It is broken.", Assert.Throws<UserException>(() => StudyOnCard.Choose(new(1, false), () => new(null, "13.0", [s_card with { Problem = "It is broken." }]))).Message);
    }

    [Theory]
    [InlineData("learned-supermasks", "supermasks are learned")]
    [InlineData("lt-resnet", "images are moved, and weights rewound late")]
    [InlineData("mask-0", "pruned weights are frozen")]
    [InlineData("supermasks", "masks are not trained")]
    public void The_papers_studies_have_an_estimate(string study, string because)
    {
        Assert.NotEmpty(because);
        StudyWork work = new(Study.Read(Repository.At($"studies/{study}.yaml"), new()), new RunStore(_folder["store"]), load: name => KnownSet.Find(name)!.StandIn());
        CardEstimate estimate = StudyOnCard.Estimate(s_card, work, jobs: null, 1L << 37);
        Assert.Equal(0, estimate.OnProcessor);
        Assert.InRange(estimate.Seconds, 1, work.Seconds);
    }

    [Fact]
    public void Without_a_driver_the_command_says_so()
    {
        Assert.SkipUnless(CardList.Find().Missing is not null, "This machine has a card.");
        string[] words = ["study", "plan", Repository.At("studies/criteria.yaml"), "--scale", "quick", "--replicates", "1", "--store", _folder["store"], "--json"];
        CommandLineRun plain = CommandLineRun.Of(words), stated = CommandLineRun.Of([.. words, "--device", "cuda"]);
        Assert.True(plain.Json.AsObject().TryGetPropertyValue("card", out System.Text.Json.Nodes.JsonNode? card));
        Assert.Null(card);
        Assert.Equal((2, CardList.Find().Missing), (stated.ExitCode, stated.Refusal));
    }

    private StudyWork Work() => new(Study.FromText("study", "{ network: mlp:37-24-11-5, data: { set: small, validation: 100 }, train: { steps: 40 }, "
        + "prune: { levels: 2 }, replicates: 2, seed: 3 }"), new RunStore(_folder["store"]), load: _ => SmallSearch.Data.Dataset);
}
