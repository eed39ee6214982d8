using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Queries;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Packs;

namespace Lottery.UnitTests.Studies.Scale;

/// <summary>The evaluations of many runs in one file are a cache: queries answer with it what they answer without it, whatever happens to it.</summary>
public sealed class MetricsPackTests : IDisposable
{
    private const string All = "SELECT id, step, loss, accuracy, training_loss, test_accuracy, test_loss FROM metrics ORDER BY id, step";

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _warnings = [];

    public MetricsPackTests()
    {
        RunSpecification first = MadeUp.Dense(), second = MadeUp.Dense(2);
        foreach (RunSpecification run in new[] { first, MadeUp.Next(first), second, MadeUp.Next(second), MadeUp.Dense(3) }) MadeUp.Keep(Store(100), run);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_query_answers_the_same_with_packs()
    {
        string expected = Answer(100);
        Assert.Empty(Packs());
        Assert.Equal(expected, Answer(2));
        Assert.Equal(2, Packs().Length);
        Assert.Equal(expected, Answer(2));
        Assert.Equal(20, expected.Split('\n').Length);
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Runs_that_finish_later_are_read_from_their_own_files_until_they_are_many()
    {
        Answer(2);
        MadeUp.Keep(Store(2), MadeUp.Dense(4));
        Assert.Equal(24, Answer(2).Split('\n').Length);
        Assert.Equal(2, Packs().Length);
        foreach (ulong seed in (ulong[])[5, 6]) MadeUp.Keep(Store(2), MadeUp.Dense(seed));
        Assert.Equal(32, Answer(2).Split('\n').Length);
        Assert.Equal(4, Packs().Length);
    }

    [Fact]
    public void A_run_that_is_removed_is_not_read_from_a_pack()
    {
        Answer(2);
        Store(2).Remove(RunIdentity.Of(MadeUp.Dense(3)));
        Assert.Equal(16, Answer(2).Split('\n').Length);
        Assert.Equal(2, Packs().Length);
        Store(2).Remove([RunIdentity.Of(MadeUp.Dense(2)), RunIdentity.Of(MadeUp.Next(MadeUp.Dense(2)))], withDescendants: true);
        // Most of its runs are gone: it goes, too.
        Assert.Equal(8, Answer(2).Split('\n').Length);
        Assert.Empty(Packs());
    }

    [Theory]
    [InlineData(".parquet", 100)]
    [InlineData(".parquet", -1)]
    [InlineData(".runs", 3)]
    [InlineData(".runs", -1)]
    public void A_pack_is_not_believed(string ending, int at)
    {
        string expected = Answer(2);
        string file = Packs().Single(name => name.EndsWith(ending, StringComparison.Ordinal));
        byte[] before = File.ReadAllBytes(file), bytes = [.. before];
        bytes[at < 0 ? bytes.Length + at : at] ^= 1;
        File.WriteAllBytes(file, bytes);
        Assert.Equal(expected, Answer(2));
        Assert.Equal(before, File.ReadAllBytes(file));
        Assert.Empty(_warnings);
    }

    [Fact]
    public void A_run_whose_evaluations_are_others_is_not_read_from_a_pack()
    {
        Answer(2);
        RunStore store = Store(2);
        RunSummary[] runs = [.. store.List()];
        MetricsPlaces places = store.FindMetrics([.. runs.Select((run, i) => i == 0 ? run with { EvaluationsSha256 = new string('0', 64) } : run)]);
        Assert.Equal([runs[0].Id], places.Others.Select(run => run.Id));
        Assert.Equal([runs[0].Id], Assert.Single(places.Packs).LeftOut);
    }

    [Fact]
    public void Half_a_pack_is_none_and_is_collected()
    {
        string expected = Answer(2);
        string list = Packs().Single(name => name.EndsWith(".runs", StringComparison.Ordinal)), table = Path.ChangeExtension(list, ".parquet");
        string other = Path.Combine(Path.GetDirectoryName(list)!, new string('a', 64) + ".parquet"), mine = Path.Combine(Path.GetDirectoryName(list)!, "mine.parquet");
        foreach (string file in (string[])[other, mine, $"{table}.0123456789ab.tmp"]) File.Copy(table, file);
        Assert.Equal(expected, Answer(2));
        Assert.Equal(2 * new FileInfo(table).Length, Store(2).CollectGarbage());
        Assert.Equal([.. new[] { list, mine, table }.Order()], Packs());
        File.Delete(table);
        Assert.Equal(new FileInfo(list).Length, Store(2).CollectGarbage());
        Assert.Equal(expected, Answer(100));
    }

    [Fact]
    public void A_store_that_cannot_be_written_is_queried_all_the_same()
    {
        File.WriteAllText(Store(2).Paths.Packs, "in the way");
        Assert.Equal(20, Answer(2).Split('\n').Length);
        Assert.Contains("reading them one by one takes longer", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    private RunStore Store(int most) => new(_folder["store"]) { Initial = MadeUp.Initial, Warn = _warnings.Add, MostOutsidePacks = most };

    private string[] Packs() => Directory.Exists(Store(2).Paths.Packs) ? [.. Directory.GetFiles(Store(2).Paths.Packs).Order()] : [];

    private string Answer(int most)
    {
        using var database = StoreDatabase.Open(Store(most), threads: 1);
        using QueryAnswer answer = database.Ask(All);
        return string.Join('\n', answer.Rows().Select(row => string.Join(' ', row)));
    }
}
