using System.Globalization;
using System.Text.Json.Nodes;
using Lottery.Studies.Store.Files;
using Lottery.SystemTests.Processes;

namespace Lottery.SystemTests.Cli;

public sealed class InterruptionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public InterruptionTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals.");
        TinyImages.Write(_folder["tiny"]);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public void A_signal_stops_it_and_the_same_command_goes_on(string signal, int exitCode)
    {
        using (LotteryProcess search = Search("store"))
        {
            search.Until(() => IsUnderway("store"));
            search.Signal(signal);
            CommandLineRun stopped = search.Wait();
            Assert.Equal((exitCode, ""), (stopped.ExitCode, stopped.Output));
            Assert.Matches(@"^stopped with \d of 8 runs done; all work is kept, and the same command resumes it\.$", stopped.Refusal);
        }
        Assert.NotEmpty(Directory.GetFiles(_folder["store"], "checkpoint*", SearchOption.AllDirectories));
        Assert.Equal(Finish("undisturbed"), Finish("store"));
    }

    [Fact]
    public void A_kill_loses_no_finished_run_and_the_same_command_goes_on()
    {
        using (LotteryProcess search = Search("store"))
        {
            search.Until(() => Finished("store").Length > 0);
            search.Signal("KILL");
            Assert.Equal(137, search.Wait().ExitCode);
        }
        string[] finished = Finished("store");
        Assert.NotEmpty(finished);
        using LotteryProcess again = Search("store");
        CommandLineRun run = again.Wait();
        Assert.Equal(0, run.ExitCode);
        Assert.Contains($"{finished.Length} of 8 runs are there already.", run.Error);
        Assert.Equal(Finish("undisturbed"), run.Output);
    }

    [Fact]
    public void A_run_that_is_killed_goes_on_from_its_last_checkpoint()
    {
        // So long that it is never finished, however fast the machine.
        string[] command = ["find", "--network", "mlp:20-16-3", "--data", _folder["tiny"], "--validation", "100", "--batch", "20",
            "--steps", "2000000000", "--evaluate", "50000", "--levels", "0", "--json", "--store", _folder["long"]];
        using (var search = new LotteryProcess(command))
        {
            search.Until(() => CheckpointStep("long") > 0);
            search.Signal("KILL");
            Assert.Equal(137, search.Wait().ExitCode);
        }
        int step = CheckpointStep("long");
        using var again = LotteryProcess.Saying(_folder["said"], command);
        again.Until(() => Text(_folder["said"]).Contains("resumes at step", StringComparison.Ordinal));
        again.Signal("KILL");
        Assert.Equal(137, again.Wait().ExitCode);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"seed 0, level 0, dense: resumes at step {step:N0} of 2,000,000,000\n"), Text(_folder["said"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_behind_standard_output_is_an_error()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "This system has no /dev/full.");
        CommandLineRun run = LotteryProcess.OfShell("exec \"$@\" >/dev/full", "network", "list");
        Assert.Equal((1, "lottery: Standard output cannot be written (No space left on device): redirect it elsewhere, or free some space.\n"), (run.ExitCode, run.Error));
    }

    [Fact]
    public void A_reader_that_has_seen_enough_is_none()
    {
        CommandLineRun run = LotteryProcess.OfShell("\"$@\" | head -n 1", "network", "list");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Matches("^network +input +classes +prunable weights\n$", run.Output);
    }

    [Fact]
    public void Words_are_the_same_in_every_locale()
    {
        using var plain = new LotteryProcess("network", "show", "lenet-300-100");
        using var german = new LotteryProcess([("LANG", "de_DE.ISO-8859-1"), ("LC_ALL", "de_DE.ISO-8859-1")], "network", "show", "lenet-300-100");
        Assert.Equal(plain.Wait(), german.Wait());
    }

    private LotteryProcess Search(string store) => new("find", "--network", "mlp:20-16-3", "--data", _folder["tiny"], "--validation", "100", "--batch", "20",
        "--steps", "3000", "--evaluate", "20", "--levels", "1", "--controls", "reinit,random-mask", "--replicates", "2", "--json", "--store", _folder[store]);

    /// <summary>The document with which the search ends.</summary>
    private string Finish(string store)
    {
        using LotteryProcess search = Search(store);
        CommandLineRun run = search.Wait();
        Assert.Equal(0, run.ExitCode);
        Assert.NotNull(JsonNode.Parse(run.Output));
        return run.Output;
    }

    private bool IsUnderway(string store) => Directory.Exists(_folder[store]) && Directory
        .EnumerateFiles(_folder[store], "progress.jsonl", SearchOption.AllDirectories).Any(file => new FileInfo(file).Length > 1_000);

    /// <summary>The step of the one checkpoint in a store; 0 where there is none yet.</summary>
    private int CheckpointStep(string store)
    {
        string active = Path.Combine(_folder[store], "active");
        string? file = Directory.Exists(active) ? Directory.GetFiles(active, "checkpoint.bin", SearchOption.AllDirectories).SingleOrDefault() : null;
        return file is null ? 0 : CheckpointFile.ReadStep(file, Path.GetFileName(Path.GetDirectoryName(file))!);
    }

    /// <summary>What is in a file that another process is appending to.</summary>
    private static string Text(string path)
    {
        if (!File.Exists(path)) return "";
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }

    private string[] Finished(string store) =>
        Directory.Exists(Path.Combine(_folder[store], "runs")) ? Directory.GetDirectories(Path.Combine(_folder[store], "runs")) : [];
}
