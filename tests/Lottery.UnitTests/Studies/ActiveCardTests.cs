using Lottery.Report.Dashboard;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Activity;

namespace Lottery.UnitTests.Studies;

/// <summary>What processes write of the cards that they train on, and what a dashboard makes of it.</summary>
public sealed class ActiveCardTests : IDisposable
{
    private static readonly ActiveCard s_card = new("node7", 1, "NVIDIA H100", 30L << 30, 80L << 30, 97, [new('a', 64)]);

    private readonly TemporaryFolder _folder = new();

    private string Root => _folder["store"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Any_dashboard_shows_what_a_process_writes_as_long_as_it_trains()
    {
        RunStore reader = Store(ProcessIdentity.Own);
        Assert.Empty(reader.ListCards());
        ActiveCard now = s_card;
        using (new ActiveCardSession(Store(ProcessIdentity.Own), () => now))
        {
            ActiveCard read = Wait(reader, cards => cards.Length == 1)[0];
            Assert.Equal((s_card with { Runs = [] }, new string('a', 64)), (read with { Runs = [] }, Assert.Single(read.Runs)));
            now = s_card with { UsedBytes = null, Utilization = null };
            Assert.Null(Wait(reader, cards => cards is [{ UsedBytes: null }])[0].Utilization);
            Assert.Equal("NVIDIA H100", new StoreWatcher(reader).Now().CardOf(new('a', 64))?.Name);
        }
        Assert.Empty(reader.ListCards());
        Assert.Empty(Directory.GetFileSystemEntries(reader.Paths.Cards));
    }

    [Fact]
    public void Two_processes_on_one_card_are_one_card_with_the_runs_of_both()
    {
        RunStore reader = Store(ProcessIdentity.Own);
        using var one = new ActiveCardSession(reader, () => s_card);
        using var other = new ActiveCardSession(reader, () => s_card with { UsedBytes = 31L << 30, Runs = [new('b', 64)] });
        using var third = new ActiveCardSession(reader, () => s_card with { Number = 2 });
        ActiveCard[] cards = Wait(reader, cards => cards is [{ Runs.Length: 2 }, _]);
        Assert.Equal((31L << 30, 1, 2), (cards[0].UsedBytes, cards[0].Number, cards[1].Number));
    }

    [Fact]
    public void What_a_process_that_was_killed_left_is_not_shown_and_collected()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The number of no process is known for Linux.");
        RunStore reader = Store(ProcessIdentity.Own), killed = Store(ProcessIdentity.Own with { Process = int.MaxValue });
        reader.Create();
        // Never disposed of, as the process ends.
        var session = new ActiveCardSession(killed, () => s_card);
        Assert.True(SpinWait.SpinUntil(() => Directory.Exists(reader.Paths.Cards) && Directory.GetFiles(reader.Paths.Cards, StorePaths.CardFile, SearchOption.AllDirectories).Length == 1, TimeSpan.FromSeconds(30)));
        Assert.Empty(reader.ListCards());
        Assert.InRange(reader.CollectGarbage(), 100, 10_000);
        Assert.Empty(Directory.GetFileSystemEntries(reader.Paths.Cards));
        session.Dispose();
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"host":"h","number":0,"name":"n","total-bytes":1,"runs":["../x"]}""")]
    [InlineData("[")]
    public void A_damaged_file_is_no_card(string content)
    {
        RunStore store = Store(ProcessIdentity.Own);
        using var session = new ActiveCardSession(store, () => s_card);
        Wait(store, cards => cards.Length == 1);
        string folder = store.Paths.Card("0123456789abcdef");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, StorePaths.CardFile), content);
        using Claim claim = store.Paths.Claims.TryTake(Path.Combine(folder, StorePaths.ClaimFile))!;
        Assert.Single(store.ListCards());
    }

    private static ActiveCard[] Wait(RunStore reader, Func<ActiveCard[], bool> until)
    {
        ActiveCard[] cards = [];
        Assert.True(SpinWait.SpinUntil(() => until(cards = [.. reader.ListCards()]), TimeSpan.FromSeconds(30)));
        return cards;
    }

    private RunStore Store(ProcessIdentity process) => new(new StorePaths(Root) { Claims = new(process, TimeProvider.System) });
}
