using Lottery.Studies.Slurm;

namespace Lottery.UnitTests.Studies.Slurm;

/// <summary>Settings of a site, and the scripts that are made of them.</summary>
public sealed class SlurmScriptTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("90", 5_400)]
    [InlineData("1:30", 90)]
    [InlineData("4:00:00", 14_400)]
    [InlineData("2-12", 216_000)]
    [InlineData("2-12:30", 217_800)]
    [InlineData("2-12:30:01", 217_801)]
    public void Times_are_those_of_Slurm(string text, double seconds) => Assert.Equal(seconds, SlurmSettings.SecondsOf(text));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("4h")]
    [InlineData("1:2:3:4")]
    [InlineData("-1")]
    [InlineData("1\n")]
    public void Other_texts_are_no_times(string text) => Assert.Null(SlurmSettings.SecondsOf(text));

    [Fact]
    public void A_sites_file_states_what_options_leave_out()
    {
        File.WriteAllText(_folder["slurm.yaml"], """
            partition: cpu
            account: my-project
            time: 4:00:00
            gres: gpu:1
            max-tasks: 50
            cores: 4
            memory: 8G
            task-minutes: 30
            poll-seconds: 5
            options: ["--constraint=avx2", "--qos=low"]
            setup: |
              module load dotnet
              ulimit -c 0
            """);
        var site = SlurmSettings.Read(_folder["slurm.yaml"]);
        Assert.Equal(("cpu", "my-project", "4:00:00", 50, 4, "8G", 30.0, 5.0), (site.Partition, site.Account, site.Time, site.MaxTasks, site.Cores, site.Memory, site.TaskMinutes, site.PollSeconds));
        Assert.Equal(1_800, site.Target);
        Assert.Equal(900, (site with { Time = "30" }).Target);
        string script = Script().Write(Array, site);
        Assert.Contains("#SBATCH --array=0-1,5%50\n", script, StringComparison.Ordinal);
        Assert.All(["--partition=cpu", "--account=my-project", "--time=4:00:00", "--gres=gpu:1", "--mem=8G", "--cpus-per-task=4", "--constraint=avx2", "--qos=low", "--requeue", "--open-mode=append", "--signal=B:USR1@60", "--export=ALL"],
            option => Assert.Contains($"\n#SBATCH {option}\n", script, StringComparison.Ordinal));
        Assert.Contains("\nmodule load dotnet\nulimit -c 0\ntask=", script, StringComparison.Ordinal);
        Assert.EndsWith("\nexit 99\n", script, StringComparison.Ordinal);
        Assert.EndsWith("\nexec scontrol requeue \"${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID\"\n", (Script() with { SiteRequeues = false }).Write(Array, site), StringComparison.Ordinal);
        Assert.Equal(new SlurmSettings { Partition = "p" }.At(site).Options, site.Options);
    }

    [Theory]
    [InlineData("partitoin: cpu", "slurm.yaml:1:1: there is no key 'partitoin' in slurm; did you mean 'partition'?")]
    [InlineData("time: soon", "slurm.yaml:1:7: 'soon' is no time limit; write it as Slurm does, as in 90 (minutes), 4:00:00 or 2-12:00:00.")]
    [InlineData("cores: 0", "slurm.yaml:1:8: slurm.cores is '0', but must be an integer of at least 1")]
    [InlineData("partition: \"a\\nb\"", "slurm.yaml:1:12: slurm.partition must be one line.")]
    [InlineData("- a", "slurm.yaml:1:1: slurm")]
    public void A_wrong_file_is_one_sentence(string text, string sentence)
    {
        File.WriteAllText(_folder["slurm.yaml"], text);
        Assert.StartsWith(sentence, Assert.Throws<UserException>(() => SlurmSettings.Read(_folder["slurm.yaml"])).Message.Replace(_folder.Path + Path.DirectorySeparatorChar, "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_with_spaces_and_quotes_are_one_word()
    {
        string script = (Script() with { Folder = "/a b'c\"d", Worker = ["/p q/lottery", "study", "run", "it's.yaml"], Job = new("/s %j\"t$u\\v") }).Write(Array, new() { Partition = "a b" });
        Assert.Contains("\n#SBATCH --output=\"/s %%j\\\"t\\$u\\\\v/slurm/log-3-%a.txt\"\n", script.Replace("v" + Path.DirectorySeparatorChar, "v/", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("\n#SBATCH --partition=\"a b\"\n", script, StringComparison.Ordinal);
        Assert.Contains("\ncd -- '/a b'\\''c\"d' || refuse '/a b'\\''c\"d'\n", script, StringComparison.Ordinal);
        Assert.Contains("\n'/p q/lottery' study run 'it'\\''s.yaml' --task \"$task.json\" &\n", script, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "it is no JSON of that kind")]
    [InlineData("{", "it is no JSON of that kind")]
    [InlineData("[]", "it is no JSON of that kind")]
    [InlineData("""{ "study": "s", "runs": [] }""", "it has no runs")]
    [InlineData("""{ "study": "s", "runs": ["../../etc"] }""", "it has no runs")]
    [InlineData("""{ "study": "s", "runs": [null] }""", "it has no runs")]
    [InlineData(null, "it does not exist")]
    public void Garbage_is_no_task(string? text, string why)
    {
        if (text is not null) File.WriteAllText(_folder["task.json"], text);
        string sentence = Assert.Throws<UserException>(() => SlurmTaskFile.Read(_folder["task.json"])).Message;
        Assert.Equal($"{_folder["task.json"]} is no file of a task on Slurm: {why}; `lottery study attach` writes tasks anew.", sentence);
    }

    [Fact]
    public void A_state_is_read_as_it_was_written_and_garbage_is_none()
    {
        var paths = new SlurmJobPaths(_folder.Path);
        SlurmState state = new("s", "t", "u", "/f", DateTimeOffset.UtcNow, new() { Scale = "quick", Set = ["a=1"], Seed = 3 }, new() { Partition = "p", MaxTasks = 2 }, [Array with { Number = 0, Job = 7 }]);
        state.Write(paths);
        SlurmState read = SlurmState.Read(paths)!;
        Assert.Equal(["--scale", "quick", "--set", "a=1", "--seed", "3"], read.Overrides.Words);
        Assert.Equal(("p", 2, 7L, "0-1,5"), (read.Settings.Partition, read.Settings.MaxTasks, read.Arrays[0].Job, read.Arrays[0].Indices));
        foreach (string garbage in (string[])["", "{", "[]", "{}", """{ "study": "s" }""", File.ReadAllText(paths.State).Replace("\"after\":null", "\"after\":5", StringComparison.Ordinal)])
        {
            File.WriteAllText(paths.State, garbage);
            Assert.Null(SlurmState.Read(paths));
        }
    }

    private static SlurmArray Array => new(3, null, [new(0, ["a"], 1), new(1, ["b"], 1), new(5, ["c"], 1)]);

    private static SlurmScript Script() => new("my-study", "/store", new("/store/jobs/x"), "/here", ["lottery", "study", "run"]) { Token = "abc" };
}
