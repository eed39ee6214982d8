using System.Diagnostics;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Activity;
using Lottery.Studies.Store.Maintenance;
using Lottery.SystemTests.Processes;

namespace Lottery.SystemTests.Studies;

public sealed class RunStoreCrashTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RunStore _store;
    private readonly List<string> _warnings = [];

    public RunStoreCrashTests() => _store = new(_folder["store"]) { Initial = MadeUp.Initial, Warn = _warnings.Add };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Killed_at_any_moment_a_store_is_whole()
    {
        var random = new Random(1);
        var done = new List<string>();
        for (int round = 0; round < 8; round++)
        {
            using Process child = StoreChild.Start("endless", _folder["store"], round / 2 * 1000);
            done.Add((await child.StandardOutput.ReadLineAsync(Cancellation))!);
            await Task.Delay(random.Next(60), Cancellation);
            child.Kill();
            while (await child.StandardOutput.ReadLineAsync(Cancellation) is { } line) done.Add(line);
            await child.WaitForExitAsync(Cancellation);

            string[] listed = [.. _store.List().Select(record => record.Id)];
            Assert.Subset(listed.ToHashSet(), done.Where(line => line.Length == 64).ToHashSet());
            Assert.Equal(listed.Length, listed.Distinct().Count());
            Assert.InRange(_store.ListActive().Length, 0, round + 1);
        }
        Assert.All(_store.Verify(), check => Assert.Empty(check.Problems));
        Assert.Subset(_store.Study("endless").ToHashSet(), _store.List().Select(record => record.Id).ToHashSet());
        foreach (ActiveRun run in _store.ListActive()) Assert.False(run.Running);
        _store.CollectGarbage();
        Assert.All(Directory.EnumerateDirectories(_store.Paths.Active), folder => Assert.Equal(
            ["checkpoint.bin", "progress.jsonl", "run.json"],
            Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)!).Order()));
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task Two_processes_share_the_work()
    {
        using Process one = StoreChild.Start("some", _folder["store"]);
        using Process other = StoreChild.Start("some", _folder["store"]);
        string[] trained = [.. await Lines(one), .. await Lines(other)];
        Assert.Equal((0, 0), (one.ExitCode, other.ExitCode));
        string[] expected = [.. StoreChild.Runs(0, 12).Select(RunIdentity.Of).Order()];
        Assert.Equal(expected, trained.Order());
        Assert.Equal(expected, IndexFile.Read(File.ReadAllBytes(_store.Paths.IndexFile), out _).Select(record => record.Id).Order());
        Assert.Equal(expected, _store.Study("endless").Order());
        Assert.All(_store.Verify(), check => Assert.Empty(check.Problems));
        Assert.Empty(Directory.EnumerateDirectories(_store.Paths.Active));
    }

    [Fact]
    public async Task A_claim_dies_with_its_process_and_the_run_goes_on()
    {
        using Process child = StoreChild.Start("hold", _folder["store"]);
        Assert.Equal("held", await child.StandardOutput.ReadLineAsync(Cancellation));
        Task<IRunSession> waiting = Task.Run(() => _store.Begin(MadeUp.Dense(), CancellationToken.None), Cancellation);
        await Task.Delay(200, Cancellation);
        Assert.False(waiting.IsCompleted);
        Assert.True(Assert.Single(_store.ListActive()).Running);
        child.Kill();
        using IRunSession session = await waiting;
        Assert.Equal(200, session.Resume!.Step);
    }

    [Fact]
    public void What_a_crash_left_half_written_is_not_taken_for_finished()
    {
        RunSpecification run = MadeUp.Dense();
        string id = RunIdentity.Of(run);
        _store.Create();
        Directory.CreateDirectory(_store.Paths.Staged(id, "0"));
        File.WriteAllBytes(Path.Combine(_store.Paths.Staged(id, "0"), "tensors.bin"), [1, 2, 3]);
        File.WriteAllText(_store.Paths.Checkpoint(id) + ".tmp", "half");
        Assert.Null(_store.Find(run));
        Assert.Empty(_store.List());
        MadeUp.Keep(_store, run);
        Assert.Empty(Assert.Single(_store.Verify()).Problems);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(9, 1)]
    [InlineData(40, 1)]
    [InlineData(-1, 1)]
    [InlineData(-500, 0x80)]
    public void A_damaged_checkpoint_is_skipped_with_a_warning(int index, byte flip)
    {
        RunSpecification run = MadeUp.Dense();
        using (IRunSession session = _store.Begin(run, CancellationToken.None))
            session.Save(MadeUp.Checkpoint(run, 100));
        string file = _store.Paths.Checkpoint(RunIdentity.Of(run));
        byte[] bytes = File.ReadAllBytes(file);
        bytes[index < 0 ? bytes.Length + index : index] ^= flip;
        File.WriteAllBytes(file, bytes);
        using IRunSession again = _store.Begin(run, CancellationToken.None);
        Assert.Null(again.Resume);
        Assert.Contains(file, Assert.Single(_warnings));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static async Task<string[]> Lines(Process process)
    {
        string text = await process.StandardOutput.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
