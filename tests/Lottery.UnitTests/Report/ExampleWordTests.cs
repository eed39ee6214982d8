using Lottery.Cli.Tickets;
using Lottery.Networks;
using Lottery.Report.Sections;
using Lottery.Report.Tables;
using Lottery.Studies.Store;
using Lottery.Tickets;

namespace Lottery.UnitTests.Report;

/// <summary>Rows of a table are called examples and not images, wherever a text counts them.</summary>
public sealed class ExampleWordTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("lenet-300-100", "mnist", "images")]
    [InlineData("conv-2", "my-folder", "images")]
    [InlineData("mlp:7-5-3", "measurements", "examples")]
    public void What_a_store_knows_of_the_data_decides(string network, string data, string word) =>
        Assert.Equal(word, ExampleWord.Of(MadeUp.Summary(new string('a', 64), network, 1, 0, 1, 0.9) with { Data = data }));

    [Theory]
    [InlineData(true, "200 test images")]
    [InlineData(false, "200 test examples")]
    public void Sections_take_the_word_from_the_data_where_these_are_there(bool areImages, string expected)
    {
        var store = new RunStore(_folder["store"]);
        MadeUp.Keep(store, MadeUp.Dense());
        MadeUp.Keep(store, MadeUp.Next(MadeUp.Dense()));
        ReportSection section = Assert.Single(new SectionReader(store, _ => (200, areImages)).Read(store.List().Select(run => run.Id)));
        Assert.Contains($"over {expected}, not over seeds", string.Join(' ', section.Table.Notes), StringComparison.Ordinal);
        Assert.Contains(expected, section.Finding, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(7, "9 of 10 test examples")]
    [InlineData(1, "9 of 10 test images")]
    public void Of_a_ticket_its_input_decides(int moments, string expected)
    {
        var ticket = Ticket.FromTrained(MadeUp.MaskOf(MadeUp.Dense()), MadeUp.Initial(MadeUp.Dense(), MadeUp.MaskOf(MadeUp.Dense())));
        ticket = ticket with { Scale = PixelScale.Standardized([.. Enumerable.Repeat((Mean: 0.5, StandardDeviation: 2.0), moments)]) };
        Assert.EndsWith(expected, TicketText.Describe(ticket, new(9, 10)), StringComparison.Ordinal);
    }
}
