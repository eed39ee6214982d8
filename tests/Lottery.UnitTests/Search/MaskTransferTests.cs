using Lottery.Actions;
using Lottery.Data;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Files;
using Lottery.Studies.Identity;
using Lottery.Studies.Queries;

namespace Lottery.UnitTests.Search;

/// <summary>The masks of another search's tickets: each seed takes its own seed's, or another's, with its weights or without.</summary>
public sealed class MaskTransferTests
{
    private static readonly MemoryRunStore s_runs = new();

    private static readonly TicketSearch s_tickets = Search(SmallSearch.WithAdam);

    [Theory]
    [InlineData(1, TransferredWeights.Own, 1)]
    [InlineData(2, TransferredWeights.Own, 1)]
    [InlineData(2, TransferredWeights.Ticket, 2)]
    public void Each_level_trains_the_ticket_s_mask_on_the_weights_that_are_asked_for(ulong from, TransferredWeights weights, ulong initial)
    {
        TicketSearch search = Search(SmallSearch.WithSgd, new(s_tickets, from, null, weights), Control.RandomMask);
        Level[] levels = [.. search.Run(1)], tickets = [.. s_tickets.Run(from)];
        Assert.Equal([0, 1, 2], levels.Select(level => level.Number));
        Weights sampled = InitialWeights.Sample(SmallSearch.Network, initial);
        for (int i = 1; i < levels.Length; i++)
        {
            RunResult taken = levels[i].Ticket;
            Assert.Equal(tickets[i].Ticket.Mask.Sha256, taken.Mask.Sha256);
            Assert.Equal(RunIdentity.Of(tickets[i].Ticket.Specification), RunIdentity.Of(taken.Specification.Parent!));
            foreach (RunResult run in (RunResult[])[taken, .. levels[i].Controls])
                for (int w = 0; w < run.Initial[0].Length; w++) Assert.Equal(run.Mask[0]![w] ? sampled[0][w] : 0, run.Initial[0][w]);
            Assert.Equal(taken.Mask.Kept, levels[i].Controls[0].Mask.Kept);
        }
    }

    [Fact]
    public void A_ticket_that_is_taken_nowhere_is_itself() => Assert.Equal(
        s_tickets.Plan(1).Select(RunIdentity.Of), Search(SmallSearch.WithAdam, new(s_tickets, 1, null, TransferredWeights.Own)).Plan(1).Select(RunIdentity.Of));

    [Fact]
    public void One_level_can_be_taken() => Assert.Equal(
        [0, 2], Search(SmallSearch.WithSgd, new(s_tickets, 1, 2, TransferredWeights.Own)).Plan(1).Select(run => run.Level));

    [Fact]
    public void Masks_go_to_other_data_and_are_named_by_where_they_come_from()
    {
        SplitDataset other = SmallData.Split(train: 720, validation: 100, test: 200, features: 37, classes: 5);
        TicketSearch search = new(SmallSearch.Network, other)
        {
            Pruning = SmallSearch.Pruning with { Levels = 1 }, Training = SmallSearch.WithSgd, Transfer = new(s_tickets, 2, null, TransferredWeights.Ticket), Runs = s_runs,
        };
        RunSpecification taken = search.Run(1).Last().Ticket.Specification;
        string name = MaskOrigin.Of(taken)!;
        Assert.StartsWith($"seed + 1, data {RunIdentity.Short(s_tickets.Data.Specification.Sha256)}, optimizer adam", name, StringComparison.Ordinal);
        Assert.EndsWith(", with its weights", name, StringComparison.Ordinal);
        Assert.Null(MaskOrigin.Of(taken.Parent!));
        Assert.Equal("the ticket", MaskOrigin.Of(Search(SmallSearch.WithAdam, new(s_tickets, 1, null, TransferredWeights.Own), mask1: Mask1.Reinit).Plan(1)[^1]));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        TransferSource own = new(s_tickets, 1, null, TransferredWeights.Own);
        Assert.Equal("The masks are of mlp:37-24-11-5, and the network is mlp:37-9-5; take masks of a search of the same network.",
            Wrong(new(NetworkCatalogue.Get("mlp:37-9-5"), SmallSearch.Data) { Pruning = new() { Levels = 1 }, Training = SmallSearch.WithAdam, Transfer = own }));
        Assert.StartsWith("The mask-0 action zero-if-decreased depends on how training moved", Wrong(new(SmallSearch.Network, SmallSearch.Data)
        {
            Pruning = new() { Levels = 1 }, Training = SmallSearch.WithAdam, Transfer = own, Mask0 = Mask0.Get("zero-if-decreased"),
        }), StringComparison.Ordinal);
        Assert.StartsWith("The weights of a ticket are its initial ones, and those of step 3", Wrong(new(SmallSearch.Network, SmallSearch.Data)
        {
            Pruning = new() { Levels = 1, RewindTo = 3 }, Training = SmallSearch.WithAdam, Transfer = own with { Weights = TransferredWeights.Ticket },
        }), StringComparison.Ordinal);
        Assert.StartsWith("The masks are taken from the tickets of another search", Wrong(new(SmallSearch.Network, SmallSearch.Data)
        {
            Pruning = new() { Levels = 1 }, Training = SmallSearch.WithAdam, Transfer = own, Start = new(Mask.Full(SmallSearch.Network)),
        }), StringComparison.Ordinal);
    }

    /// <summary>The tickets are trained with the study, but only what its cells show is part of it.</summary>
    [Fact]
    public void A_study_trains_the_tickets_that_it_takes_masks_of()
    {
        Study study = Study.FromText("a test", """
            network: mlp:37-24-11-5
            data: { validation: 100 }
            train: { steps: 40, optimizer: { sgd: { lr: 0.1 } } }
            prune: { levels: 2 }
            mask: { cell: { data.set: first }, level: 2, seed-offset: 1 }
            matrix: { data.set: [first, second] }
            replicates: 2
            """);
        Dataset first = SmallSearch.Data.Dataset, second = SmallData.Split(train: 720, validation: 100, test: 200, features: 37, classes: 5).Dataset;
        var plan = StudyPlan.Create(study, name => name == "first" ? first : second, new MemoryRunStore());
        // In each cell two dense runs and two with masks; and the tickets of seeds 1 and 2, of which one dense run is the first cell's.
        Assert.Equal((8, 8 + 5), (plan.Own.Count, plan.Tasks.Length));
        Assert.Equal(plan.Own.Order(), plan.ReferenceFirst.Order());
        Assert.Equal(["data", "mask_from"], plan.Axes.Order());
        Assert.Equal([1UL, 2UL], plan.Tasks.Where(task => task.Run.Transfer is not null && task.Run.Data.Sha256 == second.Sha256).Select(task => task.Run.Parent!.Seed));
    }

    private static string Wrong(TicketSearch search) => Assert.Throws<UserException>(() => search.Plan(1)).Message;

    private static TicketSearch Search(TrainingSpecification training, TransferSource? from = null, Control control = Control.None, Mask1? mask1 = null) =>
        new(SmallSearch.Network, SmallSearch.Data)
        {
            Pruning = SmallSearch.Pruning with { Levels = 2 }, Training = training, Runs = s_runs, Transfer = from, Mask1 = mask1 ?? Mask1.Rewind,
            Controls = control == Control.None ? [] : [control],
        };
}
