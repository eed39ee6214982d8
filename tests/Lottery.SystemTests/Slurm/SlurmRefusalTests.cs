using System.Text.Json.Nodes;
using Lottery.Studies.Slurm;
using Lottery.SystemTests.Cli;
using Lottery.SystemTests.Processes;

namespace Lottery.SystemTests.Slurm;

/// <summary>What Slurm's commands may say or not say, by commands of the same names that do just that: one sentence, and nothing lost.</summary>
public sealed class SlurmRefusalTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    private readonly TemporaryFolder _folder = new();

    public SlurmRefusalTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Slurm's commands are shell scripts here.");
        TinyImages.Write(_folder["tiny"]);
        File.WriteAllText(_folder["study.yaml"], $$"""
            study: refused
            network: mlp:20-8-3
            data: { set: ./tiny, validation: 100 }
            train: { steps: 20, batch: 20 }
            prune: { levels: 0 }
            replicates: 1
            """);
        Directory.CreateDirectory(_folder["bin"]);
        Tool("scontrol", "printf 'MaxArraySize            = 1001\\nRequeueExit             = 99\\n'");
        Tool("scancel", "exit 0");
        Tool("squeue", "echo '{ \"jobs\": [] }'");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Batch job submission failed: Invalid account or account/partition combination specified", "Slurm refuses the account (Batch job submission failed: Invalid account or account/partition combination specified); --account names one that you may use.")]
    [InlineData("Batch job submission failed: User's group not permitted to use this partition", "Slurm does not let you submit this (Batch job submission failed: User's group not permitted to use this partition); ask for access, or name another --partition or --account.")]
    [InlineData("Batch job submission failed: Requested time limit is invalid (missing or exceeds some limit)", "Slurm refuses the time limit (Batch job submission failed: Requested time limit is invalid (missing or exceeds some limit)); give another --time.")]
    [InlineData("Batch job submission failed: Unable to contact slurm controller (connect failure)", "The Slurm controller does not answer; try again when `sinfo` does.")]
    [InlineData("Batch job submission failed: Job violates accounting/QOS policy", "Slurm refused the study: Batch job submission failed: Job violates accounting/QOS policy.")]
    public void A_refusal_is_one_sentence(string error, string sentence)
    {
        Tool("sbatch", $"echo \"sbatch: error: {error}\" >&2; exit 1");
        CommandLineRun run = Study("run", "study.yaml", "--on", "slurm", "--store", "store");
        Assert.Equal(2, run.ExitCode);
        Assert.EndsWith($"lottery: {sentence}\n", run.Error, StringComparison.Ordinal);
        Assert.Empty(SlurmStudy.All(new(_folder["store"])));
    }

    [Fact]
    public void Without_Slurm_it_says_where_to_go_and_scripts_can_be_looked_at_all_the_same()
    {
        foreach (string tool in Directory.GetFiles(_folder["bin"])) File.Delete(tool);
        CommandLineRun run = Study("run", "study.yaml", "--on", "slurm", "--store", "store");
        Assert.Equal(2, run.ExitCode);
        Assert.Matches(@"\nlottery: scontrol could not be started, so there is no Slurm here \(.*\): run this where Slurm's commands are, or without --on slurm\.\n$", run.Error);
        string script = Study("run", "study.yaml", "--on", "slurm", "--dry-run", "--store", "store").Output;
        Assert.Contains(" --jobs 1 --task ", script, StringComparison.Ordinal);
        script = Study("run", "study.yaml", "--on", "slurm", "--dry-run", "--store", "store", "--gres", "gpu:1", "--device", "cuda").Output;
        Assert.Contains("\n#SBATCH --gres=gpu:1\n", script, StringComparison.Ordinal);
        Assert.Contains(" --device cuda:0 --task ", script, StringComparison.Ordinal);
        Assert.Equal((2, "lottery: --partition is about Slurm; add --on slurm, or leave it out.\n"), (Study("run", "study.yaml", "--partition", "p").ExitCode, Study("run", "study.yaml", "--partition", "p").Error));
    }

    [Fact]
    public void A_controller_that_does_not_answer_is_told_and_the_store_is_shown_meanwhile()
    {
        Tool("sbatch", "echo 7");
        Assert.Equal(0, Study("run", "study.yaml", "--on", "slurm", "--store", "store", "--detach").ExitCode);
        // The controller goes down, and what it had taken is trained.
        Tool("squeue", "echo 'slurm_load_jobs error: Unable to contact slurm controller (connect failure)' >&2; exit 1");
        string job = Assert.Single(Directory.GetDirectories(_folder["store/jobs"]));
        string task = Assert.Single(Directory.GetFiles(Path.Combine(job, "slurm"), "task-*.json"));
        using LotteryProcess attached = Start("attach", "refused", "--store", "store");
        Assert.Equal(0, Study("run", Path.Combine(job, "slurm", "study.yaml"), "--store", "store", "--task", task).ExitCode);
        CommandLineRun run = attached.Wait(s_patience);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("squeue failed: the Slurm controller does not answer. What the store knows is shown meanwhile.", run.Error, StringComparison.Ordinal);
        Assert.Contains("[1/1] seed 0", run.Error, StringComparison.Ordinal);
        Assert.Empty(SlurmStudy.All(new(_folder["store"])));
    }

    [Fact]
    public void A_worker_that_is_asked_to_stop_twice_at_once_keeps_its_work()
    {
        // Slurm signals every process of a task, and the task's script its worker.
        File.WriteAllText(_folder["study.yaml"], File.ReadAllText(_folder["study.yaml"]).Replace("steps: 20,", "steps: 2000000000,", StringComparison.Ordinal));
        Tool("sbatch", "echo 7");
        Assert.Equal(0, Study("run", "study.yaml", "--on", "slurm", "--store", "store", "--detach").ExitCode);
        string task = Assert.Single(Directory.GetFiles(_folder["store/jobs"], "task-*.json", SearchOption.AllDirectories));
        using LotteryProcess worker = Start("run", "study.yaml", "--store", "store", "--task", task);
        while (!Directory.Exists(_folder["store/active"]) || Directory.GetFiles(_folder["store/active"], "checkpoint.bin", SearchOption.AllDirectories).Length == 0) Thread.Sleep(20);
        foreach (string signal in (string[])["STOP", "TERM", "INT", "CONT"]) worker.Signal(signal);
        CommandLineRun run = worker.Wait(s_patience);
        Assert.Equal(SlurmScript.Stopped, run.ExitCode);
        Assert.Contains("all work is kept", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_task_of_garbage_or_of_another_study_is_one_sentence()
    {
        File.WriteAllText(_folder["task.json"], "garbage");
        Assert.Equal((2, "lottery: task.json is no file of a task on Slurm: it is no JSON of that kind; `lottery study attach --store store` writes tasks anew.\n"),
            Ends(Study("run", "study.yaml", "--store", "store", "--task", "task.json")));
        File.WriteAllText(_folder["task.json"], new JsonObject { ["study"] = "refused", ["runs"] = new JsonArray(new string('a', 64)) }.ToJsonString());
        Assert.Equal((2, "lottery: task.json names runs that refused does not have: it was submitted by another version of lottery or with other data.\n"),
            Ends(Study("run", "study.yaml", "--store", "store", "--task", "task.json")));

        static (int, string) Ends(CommandLineRun run) => (run.ExitCode, run.Error.Split('\n')[^2] + "\n");
    }

    [Fact]
    public void A_site_file_that_is_wrong_is_named()
    {
        File.WriteAllText(_folder["site.yaml"], "partitoin: cpu\n");
        Assert.Equal("lottery: site.yaml:1:1: there is no key 'partitoin' in slurm; did you mean 'partition'?\n", Study("run", "study.yaml", "--on", "slurm", "--dry-run").Error);
    }

    /// <summary>A command that is found before any other of its name.</summary>
    private void Tool(string name, string script)
    {
        string file = _folder[$"bin/{name}"];
        File.WriteAllText(file, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private CommandLineRun Study(params string[] arguments)
    {
        using LotteryProcess process = Start(arguments);
        return process.Wait(s_patience);
    }

    private LotteryProcess Start(params string[] arguments) =>
        new([("PATH", _folder["bin"]), ("LOTTERY_SLURM", "site.yaml"), ("SLURM_CONF", _folder["none"])], ["study", .. arguments], _folder.Path);
}
