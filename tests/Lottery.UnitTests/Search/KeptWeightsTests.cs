using Lottery.Actions;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Specifications;

namespace Lottery.UnitTests.Search;

/// <summary>Training that goes on from final weights: fine-tuning, continued training, learning-rate rewinding.</summary>
public sealed class KeptWeightsTests
{
    [Fact]
    public void Each_level_goes_on_where_the_one_before_ended()
    {
        Level[] levels = [.. Search(0).Run(1, TestContext.Current.CancellationToken)];
        for (int level = 1; level < levels.Length; level++)
        {
            (RunResult before, RunResult ticket) = (levels[level - 1].Ticket, levels[level].Ticket);
            for (int p = 0; p < SmallSearch.Network.Parameters.Length; p++)
                for (int i = 0; i < ticket.Initial[p].Length; i++)
                    Assert.Equal(ticket.Mask[p] is { } kept && !kept[i] ? 0 : before.Final[p][i], ticket.Initial[p][i]);
            Assert.Equal(0, ticket.Evaluations[0].Step);
        }
    }

    [Fact]
    public void The_masks_of_continued_training_are_trained_from_the_original_weights_by_a_control()
    {
        Level[] levels = [.. Search(0, Control.Rewind).Run(1, TestContext.Current.CancellationToken)];
        Weights original = levels[0].Ticket.Initial;
        foreach (Level level in levels[1..])
        {
            RunResult control = level.Controls.Single();
            Assert.Equal(level.Ticket.Mask, control.Mask);
            for (int p = 0; p < SmallSearch.Network.Parameters.Length; p++)
                for (int i = 0; i < original[p].Length; i++)
                    Assert.Equal(control.Mask[p] is { } kept && !kept[i] ? 0 : original[p][i], control.Initial[p][i]);
        }
    }

    /// <summary>Renda et al. 2020: the weights stay, the learning rate and the batches go back to step k.</summary>
    [Fact]
    public void Learning_rate_rewinding_trains_the_steps_from_k_on()
    {
        Level[] levels = [.. Search(15).Run(1, TestContext.Current.CancellationToken)], tuned = [.. Search(0).Run(1, TestContext.Current.CancellationToken)];
        RunResult ticket = levels[1].Ticket;
        Assert.Equal(15, ticket.Evaluations[0].Step);
        Assert.Equal(SmallSearch.WithSgd.Steps, ticket.Evaluations[^1].Step);
        Assert.Equal(Fingerprint.Of(tuned[1].Ticket.Initial), Fingerprint.Of(ticket.Initial));
        Assert.NotEqual(Fingerprint.Of(tuned[1].Ticket.Final), Fingerprint.Of(ticket.Final));
    }

    [Theory]
    [InlineData(new Control[0], false)]
    [InlineData(new[] { Control.Reinit, Control.RandomMask }, false)]
    [InlineData(new[] { Control.Rewind }, true)]
    public void The_dense_run_keeps_a_step_for_the_runs_that_begin_with_it(Control[] controls, bool kept)
    {
        TicketSearch search = Search(15, controls);
        Assert.Equal(3, search.Run(1, TestContext.Current.CancellationToken).Count());
        Assert.Equal(kept, search.Runs.FindSnapshot(search.Plan(1)[0], 15) is not null);
    }

    [Fact]
    public void A_random_mask_goes_on_from_the_trained_dense_network()
    {
        Level[] levels = [.. Search(0, Control.RandomMask).Run(1, TestContext.Current.CancellationToken)];
        RunResult control = levels[2].Controls.Single();
        for (int i = 0; i < control.Initial[0].Length; i++)
            Assert.Equal(control.Mask[0]![i] ? levels[0].Ticket.Final[0][i] : 0, control.Initial[0][i]);
    }

    [Theory]
    [InlineData("rewind", 1, "The mask-1 action is rewind, so that the control rewind would be the ticket once more; leave one of them out.")]
    [InlineData("keep", 3, "The control rewind has no random numbers, so that its 3 draws would be one; leave their number out.")]
    public void A_control_that_would_be_the_same_run_is_refused(string mask1, int draws, string sentence)
    {
        var search = new TicketSearch(SmallSearch.Network, SmallSearch.Data)
        {
            Pruning = SmallSearch.Pruning, Training = SmallSearch.WithAdam, Mask1 = Mask1.Get(mask1), Controls = [new(Control.Rewind, draws)],
        };
        Assert.Equal(sentence, Assert.Throws<UserException>(() => search.Plan(1)).Message);
    }

    [Fact]
    public void Before_an_initial_mask_nothing_ended()
    {
        var search = new TicketSearch(SmallSearch.Network, SmallSearch.Data)
        {
            Pruning = SmallSearch.Pruning with { Levels = 0 }, Training = SmallSearch.WithAdam, Mask1 = Mask1.ConstantFinalSign,
            Start = new(Mask.Full(SmallSearch.Network)),
        };
        Assert.Equal("The mask-1 action constant-final-sign uses the weights at which the level before ended, and none comes before an initial mask; use rewind.",
            Assert.Throws<UserException>(() => search.Plan(1)).Message);
    }

    private static TicketSearch Search(int rewindTo, params Control[] controls) => new(SmallSearch.Network, SmallSearch.Data)
    {
        Pruning = SmallSearch.Pruning with { Levels = 2, RewindTo = rewindTo }, Training = SmallSearch.WithSgd, Mask1 = Mask1.Keep,
        Controls = [.. controls.Select(control => new ControlDraws(control))],
    };
}
