using Lottery.Networks;
using Lottery.Report.Sections;
using Lottery.Report.Tables;
using Lottery.Specifications;
using Lottery.Studies.Store;

namespace Lottery.UnitTests.Report;

/// <summary>Conditions are named by name and value of what differs, and by no more than it takes.</summary>
public sealed class ConditionGroupsTests
{
    private static readonly RunSummary Ticket = SearchOutcomes.At(1, Control.None, 90).Single();

    [Fact]
    public void One_condition_needs_no_name() => Assert.Equal([""], Names(Ticket, Ticket with { Id = "b", Specification = Ticket.Specification with { Seed = 2 } }));

    [Fact]
    public void A_number_has_its_name() =>
        Assert.Equal(["learning rate 0.0012", "learning rate 0.003"], Names(Ticket, With(new Adam(0.003))));

    [Fact]
    public void What_follows_from_the_optimizer_is_left_out() => Assert.Equal(
        ["optimizer adam, learning rate 0.0012", "optimizer sgd, learning rate 0.1"], Names(Ticket, With(new Sgd(0.1, 0.9))));

    [Fact]
    public void Two_momenta_are_told_apart() => Assert.Equal(
        ["optimizer adam, momentum –", "optimizer sgd, momentum 0.9", "optimizer sgd, momentum 0.95"],
        Values(Ticket, With(new Sgd(0.0012, 0.9)), With(new Sgd(0.0012, 0.95))));

    [Fact]
    public void A_control_comes_first_and_a_ticket_needs_no_name_beside_other_settings() => Assert.Equal(
        ["learning rate 0.0012", "reinitialized, learning rate 0.0012", "learning rate 0.003"],
        Names(Ticket, Ticket with { Specification = Ticket.Specification with { Control = Control.Reinit } }, With(new Adam(0.003))));

    [Fact]
    public void Controls_alone_have_their_names() => Assert.Equal(
        ["ticket", "random mask"], Names(Ticket, Ticket with { Specification = Ticket.Specification with { Control = Control.RandomMask } }));

    [Fact]
    public void A_threshold_stands_for_the_rates_that_it_replaces() => Assert.Equal(
        ["", "threshold 0.01"], Names(Ticket, Ticket with { Specification = Ticket.Specification with { Prune = Ticket.Specification.Prune! with { Threshold = 0.01 } } }));

    [Fact]
    public void Two_networks_of_one_name_have_hashes()
    {
        string[] names = Names(Ticket, Ticket with { Specification = Ticket.Specification with { Network = new Network("lenet-300-100", 784, [new Linear("output", 784, 10, LayerKind.Output)]) } });
        Assert.All(names, name => Assert.Matches(@"^network lenet-300-100 \([0-9a-f]{10}\)$", name));
        Assert.Equal(2, names.Distinct().Count());
    }

    /// <summary>Level 1 is made alike by both schedules: it belongs to each, and alone it is a condition itself.</summary>
    [Fact]
    public void Level_1_belongs_to_the_conditions_of_every_schedule()
    {
        RunSummary[] runs = [Ticket, Second(PruneSchedule.Iterative), Second(PruneSchedule.OneShot)];
        var groups = ConditionGroups.Create(runs);
        Assert.Equal(["iterative", "one-shot"], groups.Groups.Select(group => Assert.Single(group.Values)));
        Assert.All(groups.Groups, group => Assert.Equal([1, 2], group.Runs.Select(run => run.Level).Order()));
        Assert.Equal([""], Names(Ticket, Second(PruneSchedule.OneShot)));
        Assert.Equal([""], Names(Ticket));
    }

    private static RunSummary Second(PruneSchedule schedule) => Ticket with
    {
        Id = $"{schedule}", Specification = Ticket.Specification with { Level = 2, Prune = Ticket.Specification.Prune! with { Schedule = schedule } },
    };

    private static RunSummary With(Optimizer optimizer) =>
        Ticket with { Specification = Ticket.Specification with { Training = Ticket.Specification.Training with { Optimizer = optimizer } } };

    private static string[] Names(params RunSummary[] runs)
    {
        var groups = ConditionGroups.Create(runs);
        return [.. groups.Groups.Select(group => Labels.Condition(groups.Axes, group.Values))];
    }

    private static string[] Values(params RunSummary[] runs)
    {
        var groups = ConditionGroups.Create(runs);
        return [.. groups.Groups.Select(group => string.Join(", ", groups.Axes.Zip(group.Values, (axis, value) => $"{axis.Label} {value}")))];
    }
}
