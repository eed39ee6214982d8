using System.Text.Json.Nodes;
using Lottery.Studies.Identity;
using Lottery.Studies.Slurm;
using Lottery.Studies.Store;
using Lottery.SystemTests.Cli;
using Lottery.SystemTests.Processes;

namespace Lottery.SystemTests.Slurm;

/// <summary>Studies on a real Slurm: whatever happens to workers, nodes, the controller and the command, they end with the bytes of a local study.</summary>
public sealed class SlurmTests : IClassFixture<SlurmCluster>, IDisposable
{
    /// <summary>So long that there is a checkpoint before the end, on every machine; such studies have no level.</summary>
    private const int LongSteps = 250_000;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    private readonly SlurmCluster _cluster;
    private readonly TemporaryFolder _folder = new();

    public SlurmTests(SlurmCluster cluster)
    {
        _cluster = cluster;
        cluster.Start();
        TinyImages.Write(_folder["tiny"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_study_ends_with_the_bytes_of_a_local_one()
    {
        // The folders' names have all that a shell or sbatch would take for something else.
        const string Store = "a st'o\"re %j $x";
        WriteStudy("short", 1_000, "matrix: { criterion: [large-final, small-final] }", "controls: random-mask", "replicates: 2");
        CommandLineRun local = Lottery("run", "study.yaml", "--store", "local").Wait(s_patience);
        using LotteryProcess process = Lottery("run", "study.yaml", "--on", "slurm", "--max-tasks", "2", "--store", Store);
        CommandLineRun run = process.Wait(s_patience);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(Table(local, "local"), Table(run, Store));
        Assert.Matches(@"Submitted as \d+ tasks in \d+ job arrays? \(\d+", run.Error);
        Assert.Contains("[10/10] ", run.Error, StringComparison.Ordinal);
        RequireEqual("local", Store);
        // Nothing is left of the job, on Slurm or in the store.
        Assert.Empty(Directory.GetFileSystemEntries(_folder[$"{Store}/jobs"]));
        Assert.All(_cluster.Queue(), entry => Assert.NotEqual(SlurmTaskState.Running, entry.State));
    }

    [Fact]
    public void A_killed_worker_and_a_killed_command_lose_nothing()
    {
        WriteStudy("killed", LongSteps, "replicates: 2");
        using LotteryProcess local = Lottery("run", "study.yaml", "--store", "local"), first = Lottery("run", "study.yaml", "--on", "slurm", "--store", "store");
        int worker = UntilFrozen("store").Process;
        first.Signal("KILL");
        Assert.Equal(137, first.Wait(s_patience).ExitCode);
        SlurmCluster.Kill(worker);
        // From another folder, too: what the study names is about the one in which it was given.
        Directory.CreateDirectory(_folder["other"]);
        using var second = new LotteryProcess(_cluster.Environment, ["study", "attach", "killed", "--store", _folder["store"]], _folder["other"]);
        CommandLineRun run = second.Wait(s_patience);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Matches("killed is on Slurm since .*, as 2 tasks", run.Error);
        Assert.Equal(0, local.Wait(s_patience).ExitCode);
        RequireEqual("local", "store");
        Assert.Empty(Directory.GetFileSystemEntries(_folder["store/jobs"]));
    }

    [Fact]
    public void A_lost_node_and_a_restarted_controller_lose_nothing()
    {
        WriteStudy("lost", LongSteps, "replicates: 2");
        using LotteryProcess local = Lottery("run", "study.yaml", "--store", "local"), process = Lottery("run", "study.yaml", "--on", "slurm", "--store", "store");
        (string id, int worker) = UntilFrozen("store");
        string node = NodeOf(id);
        _cluster.StopController();
        _cluster.LoseNode(node, worker);
        _cluster.StartController();
        _cluster.Until(() => _cluster.Queue().Any(entry => entry is { State: SlurmTaskState.Pending, Restarts: > 0 } or { State: SlurmTaskState.Running, Restarts: > 0 }), "the lost node's task to be requeued");
        _cluster.StartNode(node);
        CommandLineRun run = process.Wait(s_patience);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("was requeued", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, local.Wait(s_patience).ExitCode);
        RequireEqual("local", "store");
    }

    [Fact]
    public void Stopping_before_the_time_limit_keeps_a_checkpoint_and_the_task_goes_on()
    {
        WriteStudy("warned", LongSteps, "replicates: 1");
        using LotteryProcess process = Lottery("run", "study.yaml", "--on", "slurm", "--store", "store", "--time", "1:00:00", "--detach");
        Assert.Equal((0, ""), (process.Wait(s_patience).ExitCode, ""));
        int worker = UntilFrozen("store").Process;
        // What Slurm sends a minute before the limit.
        SlurmQueueEntry running = _cluster.Queue().First(entry => entry.State == SlurmTaskState.Running);
        _cluster.Say("scancel", "--signal=USR1", "--batch", $"{running.Job}_{running.Tasks!.Value[0]}");
        _cluster.Until(() => SlurmCluster.HasPendingSignal(worker), "the worker to be warned");
        Signal(worker, "CONT");
        _cluster.Until(() => _cluster.Queue().Any(entry => entry.Job == running.Job && entry.Restarts > 0), "the warned task to be requeued");
        using LotteryProcess attached = Lottery("attach", "warned", "--store", "store");
        CommandLineRun run = attached.Wait(s_patience);
        Assert.True(run.ExitCode == 0, run.Error);
        string log = File.ReadAllText(Assert.Single(Logs, log => log.Key.Contains("log-0-0", StringComparison.Ordinal)).Value);
        Assert.Contains("all work is kept", log, StringComparison.Ordinal);
        Assert.Contains("resumes at step", log, StringComparison.Ordinal);
    }

    [Fact]
    public void A_task_that_an_urgent_job_preempts_keeps_a_checkpoint_and_goes_on_with_the_same_bytes()
    {
        WriteStudy("preempted", LongSteps, "replicates: 2");
        using LotteryProcess local = Lottery("run", "study.yaml", "--store", "local"), process = Lottery("run", "study.yaml", "--on", "slurm", "--partition", "main", "--store", "store");
        (string id, int worker) = UntilFrozen("store");
        // Slurm lets the worker go on and asks it to end, since only its node will do.
        string urgent = _cluster.Say("sbatch", "--parsable", "--partition=urgent", $"--nodelist={NodeOf(id)}", "--output=/dev/null", "--wrap=sleep 1000").Trim();
        _cluster.Until(() => _cluster.Say("squeue", "-h", "-j", urgent, "-o", "%T").Trim() == "RUNNING", "the urgent job to have the node");
        Assert.Contains(_cluster.Queue(), entry => entry is { State: SlurmTaskState.Pending, Restarts: > 0 });
        Assert.Contains(Logs.Values, log => File.ReadAllText(log).Contains("all work is kept", StringComparison.Ordinal));
        Assert.False(Directory.Exists($"/proc/{worker}"));
        _cluster.Say("scancel", urgent);
        CommandLineRun run = process.Wait(s_patience);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("was requeued", run.Error, StringComparison.Ordinal);
        Assert.Contains(Logs.Values, log => File.ReadAllText(log).Contains("resumes at step", StringComparison.Ordinal));
        Assert.Equal(0, local.Wait(s_patience).ExitCode);
        RequireEqual("local", "store");
    }

    [Fact]
    public void A_cancelled_study_leaves_no_job_and_says_so_to_who_follows_it()
    {
        // So long that it never ends by itself.
        WriteStudy("endless", 2_000_000_000, "replicates: 2");
        using LotteryProcess process = Lottery("run", "study.yaml", "--on", "slurm", "--store", "store");
        UntilUnderway("store", 2);
        CommandLineRun cancelled = Lottery("cancel", "endless", "--store", "store").Wait(s_patience);
        Assert.Equal((0, ""), (cancelled.ExitCode, cancelled.Error));
        Assert.StartsWith("endless is cancelled on Slurm; finished runs (0 of 4) and checkpoints stay", cancelled.Output, StringComparison.Ordinal);
        CommandLineRun followed = process.Wait(s_patience);
        Assert.Contains("endless was cancelled by another process with 0 of 4 runs done", followed.Error, StringComparison.Ordinal);
        _cluster.Until(() => _cluster.Queue().All(entry => entry.State is SlurmTaskState.Completed or SlurmTaskState.Dead), "the jobs to be gone");
        Assert.NotEmpty(Directory.GetFiles(_folder["store/active"], "checkpoint.bin", SearchOption.AllDirectories));
        CommandLineRun again = Lottery("cancel", "endless", "--store", "store").Wait(s_patience);
        Assert.Equal((2, "lottery: store has no study 'endless' on Slurm; `lottery study run FILE --on slurm --store store` brings one there.\n"), (again.ExitCode, again.Error));
    }

    [Fact]
    public void A_run_that_fails_three_times_is_given_up_and_the_others_are_shown()
    {
        WriteStudy("failing", 100, "matrix: { train.optimizer.sgd.lr: [0.1, 1e30] }", "replicates: 2");
        using LotteryProcess process = Lottery("run", "study.yaml", "--on", "slurm", "--store", "store");
        CommandLineRun run = process.Wait(s_patience);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("(3 attempts)", run.Error, StringComparison.Ordinal);
        Assert.Contains("of 8 runs failed", run.Error, StringComparison.Ordinal);
        Assert.Equal(4, Directory.GetDirectories(_folder["store/runs"]).Length);
        Assert.Contains("failing · ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_scripts_can_be_looked_at()
    {
        WriteStudy("dry", 100_000, "replicates: 2");
        CommandLineRun run = Lottery("run", "study.yaml", "--on", "slurm", "--dry-run", "--store", "store", "--partition", "main", "--time", "2:00:00", "--gres", "gpu:1", "--memory", "2GiB").Wait(s_patience);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("#SBATCH --array=0-1\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("#SBATCH --mem=2048M\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("#SBATCH --gres=gpu:1\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("--dependency=aftercorr:ID", run.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["store"]));
        JsonArray arrays = Lottery("run", "study.yaml", "--on", "slurm", "--dry-run", "--json", "--store", "store").Wait(s_patience).Json.AsArray();
        Assert.Equal(4, arrays.Sum(array => (int)array!["runs"]!));
        // sbatch itself finds nothing to complain about.
        File.WriteAllText(_folder["array.sh"], (string)arrays[0]!["script"]!);
        Assert.Equal("", _cluster.Say("sbatch", "--test-only", _folder["array.sh"]));
    }

    [Theory]
    [InlineData("Slurm has no such partition (invalid partition specified: nope); `sinfo -s` lists those that there are, and --partition names one.", "--partition", "nope")]
    [InlineData("Slurm has no such resource (Invalid generic resource (gres) specification); give another --gres.", "--gres", "gpu:1")]
    public void What_Slurm_refuses_is_one_sentence_and_nothing_stays(string sentence, params string[] options)
    {
        WriteStudy("refused", 100, "replicates: 1");
        CommandLineRun run = Lottery(["run", "study.yaml", "--on", "slurm", "--store", "store", .. options]).Wait(s_patience);
        Assert.Equal(2, run.ExitCode);
        Assert.EndsWith($"lottery: {sentence}\n", run.Error, StringComparison.Ordinal);
        Assert.Empty(SlurmStudy.All(new(_folder["store"])));
        Assert.Empty(Directory.GetFiles(_folder["store"], "*.sh", SearchOption.AllDirectories));
    }

    /// <summary>The logs of the tasks: those of a job that has ended are gone, so that they are linked while it runs.</summary>
    private Dictionary<string, string> Logs { get; } = [];

    private LotteryProcess Lottery(params string[] arguments) => new(_cluster.Environment, ["study", .. arguments], _folder.Path);

    private void WriteStudy(string name, int steps, params string[] lines) => File.WriteAllText(_folder["study.yaml"], string.Join('\n',
        (string[])[$"study: {name}", "network: mlp:20-8-3", "data: { set: ./tiny, validation: 100 }", $"train: {{ steps: {steps}, batch: 20, evaluate: {{ every: {Math.Max(10, steps / 50)} }} }}",
            $"prune: {{ levels: {(steps == LongSteps ? 0 : 1)}, rate: {{ fc: 0.5, output: 0.25 }} }}", .. lines, ""]));

    /// <summary>Waits until so many runs have a checkpoint and a worker.</summary>
    private (string Id, int Process)[] UntilUnderway(string store, int count)
    {
        (string Id, int Process)[] found = [];
        _cluster.Until(() => (found = [.. Underway(store)]).Length >= count, $"{count} runs with a checkpoint");
        foreach (string log in Directory.GetFiles(_folder[store], "log-*.txt", SearchOption.AllDirectories)) Logs[Path.GetFileName(log)] = Link(log);
        return found;
    }

    /// <summary>Waits until a run has a checkpoint, and stops its worker there: a fast machine would end it before anything happens to it.</summary>
    private (string Id, int Process) UntilFrozen(string store)
    {
        while (true)
        {
            (string id, int process) = UntilUnderway(store, 1)[0];
            Signal(process, "STOP");
            if (Directory.Exists(_folder[$"{store}/active/{id}"]) && !Directory.Exists(_folder[$"{store}/runs/{id}"])) return (id, process);
            Signal(process, "CONT");
        }
    }

    private void Signal(int process, string name) => _cluster.Say("/bin/kill", $"-{name}", $"{process}");

    private IEnumerable<(string Id, int Process)> Underway(string store)
    {
        string active = _folder[$"{store}/active"];
        foreach (string run in Directory.Exists(active) ? Directory.GetDirectories(active) : [])
        {
            string claim = Path.Combine(run, "claim.json");
            if (!File.Exists(Path.Combine(run, "checkpoint.bin")) || !File.Exists(claim)) continue;
            int process = 0;
            try
            {
                process = (int)JsonNode.Parse(File.ReadAllText(claim))!["process"]!;
            }
            catch (Exception changing) when (changing is IOException or System.Text.Json.JsonException)
            {
                // It is looked at again.
            }
            if (process > 0) yield return (Path.GetFileName(run), process);
        }
    }

    /// <summary>The node on which a run is trained.</summary>
    private string NodeOf(string id)
    {
        SlurmState state = SlurmStudy.All(new(_folder["store"])).Single().State;
        string node = "";
        _cluster.Until(() => (node = SlurmActivity.Of(state = SlurmStudy.All(new(_folder["store"])).Single().State, [.. _cluster.Queue()]).NodeOf.GetValueOrDefault(id, "")).Length > 0, "the run's node");
        return node;
    }

    private string Link(string file)
    {
        string link = _folder[Path.GetFileName(file)];
        if (!File.Exists(link)) _cluster.Say("ln", file, link);
        return link;
    }

    /// <summary>The table that a command ended with.</summary>
    private static string Table(CommandLineRun run, string store) => string.Join('\n', run.Output.Split('\n').Where(line => !line.Contains($"store {store}", StringComparison.Ordinal) && !line.Contains("--store", StringComparison.Ordinal)));

    /// <summary>Every run of two stores has the same weights, masks, metrics and stages to the byte.</summary>
    private void RequireEqual(string one, string other)
    {
        RunStore a = new(_folder[one]), b = new(_folder[other]);
        string[] ids = [.. a.List().Select(run => run.Id).Order(StringComparer.Ordinal)];
        Assert.NotEmpty(ids);
        Assert.Equal(ids, b.List().Select(run => run.Id).Order(StringComparer.Ordinal));
        foreach (string id in ids)
        {
            Assert.True(RunIdentity.IsId(id));
            Assert.Equal(a.Stages(id), b.Stages(id));
            string tensors = Path.Combine("runs", id, StorePaths.TensorsFile);
            Assert.Equal(File.ReadAllBytes(Path.Combine(_folder[one], tensors)), File.ReadAllBytes(Path.Combine(_folder[other], tensors)));
        }
    }
}
