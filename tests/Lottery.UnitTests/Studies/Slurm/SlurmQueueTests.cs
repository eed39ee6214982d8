using System.Collections.Immutable;
using Lottery.Studies.Slurm;

namespace Lottery.UnitTests.Studies.Slurm;

/// <summary>What squeue prints is read in the forms of several versions, and nothing else is taken for a task.</summary>
public sealed class SlurmQueueTests
{
    [Theory]
    [InlineData("0-3,7", "0,1,2,3,7")]
    [InlineData("5%2", "5")]
    [InlineData("[0-2]", "0,1,2")]
    [InlineData("0-6:3", "0,3,6")]
    public void Indices_are_read(string text, string indices) => Assert.Equal(indices, string.Join(',', SlurmQueue.Indices(text)!.Value));

    [Theory]
    [InlineData("")]
    [InlineData("0-3,...")]
    [InlineData("3-1")]
    [InlineData("0-99999999999")]
    [InlineData("0-4294967295")]
    [InlineData("0-6:0")]
    [InlineData("-3")]
    public void What_is_no_list_of_indices_is_not(string text) => Assert.Null(SlurmQueue.Indices(text));

    [Fact]
    public void The_forms_of_several_versions_say_the_same()
    {
        SlurmQueueEntry[] entries =
        [
            .. Read("""{ "jobs": [{ "array_job_id": 12, "array_task_id": 3, "array_task_string": "", "job_state": "RUNNING", "nodes": "n1", "state_reason": "None", "restart_cnt": 1, "exit_code": 0, "comment": "c" }] }"""),
            .. Read("""
                { "jobs": [{ "array_job_id": { "set": true, "infinite": false, "number": 12 }, "array_task_id": { "set": true, "infinite": false, "number": 3 },
                "job_state": ["RUNNING"], "nodes": "n1", "state_reason": "None", "restart_cnt": { "set": true, "number": 1 }, "exit_code": { "return_code": { "number": 0 } }, "comment": "c" }] }
                """),
        ];
        Assert.Equal(2, entries.Length);
        Assert.All(entries, entry => Assert.Equal(
            (12L, 3, SlurmTaskState.Running, "n1", 1, null, "c"), (entry.Job, entry.Tasks!.Value.Single(), entry.State, entry.Node, entry.Restarts, entry.ExitCode, entry.Comment)));
    }

    [Theory]
    [InlineData("PENDING", "Pending")]
    [InlineData("REQUEUED", "Pending")]
    [InlineData("COMPLETING", "Running")]
    [InlineData("COMPLETED", "Completed")]
    [InlineData("FAILED", "Dead")]
    [InlineData("OUT_OF_MEMORY", "Dead")]
    [InlineData("NODE_FAIL", "Dead")]
    [InlineData("TIMEOUT", "Dead")]
    [InlineData("A_STATE_OF_TOMORROW", "Dead")]
    public void A_state_is_understood(string word, string state) =>
        Assert.Equal(state, Assert.Single(Read($$"""{ "jobs": [{ "array_job_id": 1, "array_task_id": 0, "job_state": "{{word}}" }] }""")).State.ToString());

    [Theory]
    [InlineData("768", 3)]
    [InlineData("9", null)]
    [InlineData("""{ "status": ["ERROR"], "return_code": { "set": true, "number": 3 } }""", 3)]
    [InlineData("""{ "status": ["SIGNALED"], "return_code": { "set": false, "number": 0 } }""", null)]
    [InlineData("\"?\"", null)]
    public void The_exit_code_is_that_of_the_wait_status(string code, int? exit) =>
        Assert.Equal(exit, Assert.Single(Read($$"""{ "jobs": [{ "array_job_id": 1, "array_task_id": 0, "job_state": "FAILED", "exit_code": {{code}} }] }""")).ExitCode);

    [Theory]
    [InlineData("""{ "jobs": [7, null, "x", {}, { "array_job_id": 0, "job_state": "PENDING" }, { "array_job_id": 5 }, { "array_job_id": "no", "job_state": "RUNNING" }] }""")]
    [InlineData("""{ "jobs": [] }""")]
    public void Other_jobs_and_odd_records_are_left_out(string json) => Assert.Empty(Read(json));

    [Theory]
    [InlineData("")]
    [InlineData("slurm_load_jobs error")]
    [InlineData("[]")]
    [InlineData("""{ "jobs": 3 }""")]
    public void What_lists_no_jobs_is_one_sentence(string text) =>
        Assert.Equal("squeue --json printed no list of jobs; Slurm 21.08 or later is needed.", Assert.Throws<SlurmException>(() => SlurmQueue.Read(text)).Message);

    [Fact]
    public void Tasks_are_matched_with_what_the_queue_says()
    {
        string id = new('a', 64);
        SlurmState state = new("s", "t", "u", "/", DateTimeOffset.UtcNow, new(), new(), [new(0, null, [Task(0), Task(1), Task(2)]) { Job = 12 }, new(1, 0, [Task(0), Task(1) with { IsSettled = true }])]);
        ImmutableArray<SlurmQueueEntry> queue = [.. Read("""
            { "jobs": [{ "array_job_id": 12, "array_task_string": "1-2%1", "job_state": "PENDING", "state_reason": "JobArrayTaskLimit", "nodes": "" },
            { "array_job_id": 12, "array_task_id": 0, "job_state": "RUNNING", "nodes": "n1", "restart_cnt": 2 }] }
            """)];
        Assert.Equal([SlurmTaskState.Running, SlurmTaskState.Pending, SlurmTaskState.Pending, SlurmTaskState.Gone], SlurmTaskView.Of(state, queue).Select(task => task.State));
        var activity = SlurmActivity.Of(state, queue);
        Assert.Equal("Slurm: 1 task running on n1 · 2 pending (JobArrayTaskLimit) · 2 requeues", activity.Line);
        Assert.Equal("n1", activity.NodeOf[id]);

        SlurmArrayTask Task(int index) => new(index, [id], 1);
    }

    private static ImmutableArray<SlurmQueueEntry> Read(string json) => SlurmQueue.Read(json);
}
