using Lottery.Actions;
using Lottery.Masks;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Specifications;

namespace Lottery.UnitTests.Search;

/// <summary>Criteria and actions where they are used: in a search of two levels.</summary>
public class ActionsInSearchTests
{
    [Fact]
    public void EveryCriterionFindsTickets() => Assert.All(
        Criterion.All.Append(Criterion.Get("abs(wf) - 0.5*abs(wi) + std/n")),
        criterion => AssertTickets(Search(criterion, Mask1.Rewind)));

    [Fact]
    public void EveryMask1ActionFindsTickets() => Assert.All(
        Mask1.All.Append(Mask1.Get("constant(0.05)")), action => AssertTickets(Search(Criterion.LargeFinalSameSign, action)));

    [Fact]
    public void AnActionHasAChainOfItsOwn()
    {
        TicketSearch search = Search(Criterion.LargeFinal, Mask1.Get("constant-same-sign(0.25)"));
        Level[] levels = [.. search.Run(1, TestContext.Current.CancellationToken)];
        float[] start = levels[2].Ticket.Initial[0].ToArray(), dense = levels[0].Ticket.Initial[0].ToArray();
        for (int i = 0; i < start.Length; i++)
            Assert.Equal(levels[2].Ticket.Mask[0]![i] ? MathF.CopySign(0.25f, dense[i]) : 0.0f, start[i]);
        // The criterion's w_i is what the level before started from: its constants.
        RunResult first = levels[1].Ticket;
        Assert.Equal(
            Pruner.Cut(first.Mask, first.Initial, first.Final, Criterion.LargeFinal, new(0, 0.5m, 0.25m), PruneScope.Layer, 1, 2).Mask,
            levels[2].Ticket.Mask);
    }

    [Fact]
    public void Every_mask_0_action_freezes_what_it_prunes() => Assert.All(Mask0.All, action =>
    {
        Level[] levels = [.. Search(Criterion.LargeFinal, Mask1.Rewind, action).Run(1, TestContext.Current.CancellationToken)];
        Assert.Equal([108 + 36, 54 + 27, 27 + 21], levels.Select(level => level.Ticket.Mask.Kept));
        foreach (RunResult run in levels[1..].SelectMany(level => (RunResult[])[level.Ticket, level.Controls[0]]))
        {
            int moved = 0;
            for (int i = 0; i < 108; i++)
            {
                if (!run.Mask[0]![i]) Assert.Equal(run.Initial[0][i], run.Final[0][i]);
                else if (run.Initial[0][i] != run.Final[0][i]) moved++;
            }
            Assert.InRange(moved, 1, 108);
        }
    });

    /// <summary>Level 1 starts from constants, so that what decreased in it is measured from them.</summary>
    [Fact]
    public void What_decreased_is_measured_from_the_start_of_the_level_before()
    {
        Level[] levels = [.. Search(Criterion.LargeFinal, Mask1.Get("constant-same-sign(0.25)"), Mask0.ZeroIfDecreased).Run(1, TestContext.Current.CancellationToken)];
        (RunResult dense, RunResult first, RunResult second) = (levels[0].Ticket, levels[1].Ticket, levels[2].Ticket);
        int differing = 0;
        for (int i = 0; i < 108; i++)
        {
            if (!first.Mask[0]![i] || second.Mask[0]![i]) continue;
            bool decreased = Math.Abs(first.Final[0][i]) < Math.Abs(first.Initial[0][i]);
            Assert.Equal(decreased ? 0 : dense.Initial[0][i], second.Initial[0][i]);
            if (decreased != Math.Abs(first.Final[0][i]) < Math.Abs(dense.Initial[0][i])) differing++;
        }
        Assert.InRange(differing, 1, 27);
    }

    [Fact]
    public void Weights_frozen_where_they_started_are_those_of_the_dense_network()
    {
        Level[] levels = [.. Search(Criterion.LargeFinal, Mask1.Rewind, Mask0.Initial).Run(1, TestContext.Current.CancellationToken)];
        Assert.Equal(levels[0].Ticket.Initial[0].ToArray(), levels[2].Ticket.Initial[0].ToArray());
        Assert.Equal(levels[0].Ticket.Evaluations[0], levels[2].Ticket.Evaluations[0]);
    }

    private static void AssertTickets(TicketSearch search)
    {
        Level[] levels = [.. search.Run(1, TestContext.Current.CancellationToken)];
        Assert.Equal([108 + 36, 54 + 27, 27 + 21], levels.Select(level => level.Ticket.Mask.Kept));
        Assert.All(levels[1..], level =>
        {
            RunResult ticket = level.Ticket, reinit = level.Controls[0];
            Weights fresh = InitialWeights.Resample(ticket.Mask.Network, 1, $"reinit/level-{level.Number}");
            Assert.Equal(ticket.Mask, reinit.Mask);
            for (int i = 0; i < 108; i++)
            {
                Assert.Equal(ticket.Mask[0]![i] ? fresh[0][i] : 0.0f, reinit.Initial[0][i]);
                if (!ticket.Mask[0]![i]) Assert.Equal(0.0f, ticket.Final[0][i]);
            }
            Assert.NotEqual(ticket.Initial[0].ToArray(), reinit.Initial[0].ToArray());
        });
    }

    private static TicketSearch Search(Criterion criterion, Mask1 mask1, Mask0? mask0 = null) =>
        new(NetworkCatalogue.Get("mlp:12-9-4"), SmallData.Split(train: 40, validation: 20, test: 20, features: 12, classes: 4))
        {
            Criterion = criterion,
            Mask1 = mask1,
            Mask0 = mask0 ?? Mask0.Zero,
            Pruning = new() { Levels = 2, Fc = 0.5m, Output = 0.25m },
            Training = new() { Steps = 12, Batch = 10, Evaluate = 6 },
            Controls = [Control.Reinit],
        };
}
