using System.Collections.Immutable;
using Lottery.Formats.Safetensors;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Activity;
using Lottery.Studies.Store.Maintenance;

namespace Lottery.UnitTests.Studies;

public sealed class RunStoreOperationTests : IDisposable
{
    private static readonly RunSpecification
        Dense = MadeUp.Dense(), Ticket = MadeUp.Next(Dense), Reinit = MadeUp.Next(Ticket, Control.Reinit);

    private readonly TemporaryFolder _folder = new();
    private readonly RunStore _store;

    public RunStoreOperationTests()
    {
        _store = new(_folder["store"]) { Initial = MadeUp.Initial };
        foreach (RunSpecification run in new[] { Dense, Ticket, Reinit }) MadeUp.Keep(_store, run);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_is_found_by_the_beginning_of_its_id()
    {
        string id = RunIdentity.Of(Ticket);
        Assert.Equal(id, _store.Resolve(id[..10]));
        Assert.Equal(id, _store.Summary(id).Id);
        Assert.Equal(RunIdentity.Canonical(Reinit), RunIdentity.Canonical(_store.Summary(RunIdentity.Of(Reinit)).Specification));
        Assert.Contains("'zz'", Assert.Throws<UserException>(() => _store.Resolve("zz")).Message);
        Assert.Throws<UserException>(() => _store.Resolve(""));
    }

    [Fact]
    public void A_beginning_that_several_share_is_refused()
    {
        string[] ids = [.. _store.List().Select(record => record.Id)];
        string shared = Enumerable.Range(0, 64).Select(seed =>
        {
            RunSpecification run = MadeUp.Dense((ulong)seed + 10);
            MadeUp.Keep(_store, run);
            return RunIdentity.Of(run);
        }).First(id => ids.Any(other => other[0] == id[0]))[..1];
        Assert.Contains("give more of the id", Assert.Throws<UserException>(() => _store.Resolve(shared)).Message);
    }

    [Fact]
    public void What_others_come_from_stays()
    {
        var refused = Assert.Throws<UserException>(() => _store.Remove(RunIdentity.Of(Ticket)));
        Assert.Contains(RunIdentity.Short(RunIdentity.Of(Reinit)), refused.Message);
        Assert.Equal(3, _store.List().Length);
    }

    [Fact]
    public void What_a_run_under_way_comes_from_stays()
    {
        using IRunSession session = _store.Begin(MadeUp.Next(Ticket), CancellationToken.None);
        Assert.Throws<UserException>(() => _store.Remove(RunIdentity.Of(Ticket), RunIdentity.Of(Reinit)));
    }

    [Fact]
    public void Removed_runs_are_gone_from_everywhere()
    {
        _store.AddToStudy("s", [RunIdentity.Of(Dense), RunIdentity.Of(Ticket)]);
        _store.Remove(RunIdentity.Of(Ticket), RunIdentity.Of(Reinit));
        Assert.Equal([RunIdentity.Of(Dense)], _store.List().Select(record => record.Id));
        Assert.Equal([RunIdentity.Of(Dense)], _store.Study("s"));
        Assert.Null(_store.Find(Ticket));
        Assert.Throws<UserException>(() => _store.Remove(RunIdentity.Of(Ticket)));
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("")]
    [InlineData("A")]
    public void A_study_cannot_be_called_anything(string name) =>
        Assert.Throws<UserException>(() => _store.AddToStudy(name, []));

    [Fact]
    public void Collecting_takes_leftovers_and_nothing_else()
    {
        RunSpecification interrupted = MadeUp.Dense(7), running = MadeUp.Dense(8), barely = MadeUp.Dense(9);
        using (IRunSession session = _store.Begin(interrupted, CancellationToken.None))
            session.Save(MadeUp.Checkpoint(interrupted, 100));
        using (_store.Begin(barely, CancellationToken.None)) { }
        using IRunSession held = _store.Begin(running, CancellationToken.None);
        string half = _store.Paths.Staged(RunIdentity.Of(interrupted), "0");
        string finished = _store.Paths.ActiveRun(RunIdentity.Of(Dense));
        foreach (string folder in new[] { half, finished, _store.Paths.Removed }) Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(half, "tensors.bin"), new byte[1000]);
        File.WriteAllBytes(Path.Combine(finished, "checkpoint.bin"), new byte[500]);

        Assert.InRange(_store.CollectGarbage(), 1500, 5000);

        Assert.Equal(
            [(RunIdentity.Of(interrupted), false), (RunIdentity.Of(running), true)],
            _store.ListActive().OrderBy(run => run.Running).Select(run => (run.Id, run.Running)));
        Assert.False(Directory.Exists(half));
        Assert.Equal(3, _store.List().Length);
        using IRunSession again = _store.Begin(interrupted, CancellationToken.None);
        Assert.Equal(100, again.Resume!.Step);
        Assert.Equal(0, _store.CollectGarbage());
    }

    [Fact]
    public void Who_watches_sees_how_far_a_run_is()
    {
        RunSpecification run = MadeUp.Next(Dense, criterion: "random");
        using IRunSession session = _store.Begin(run, CancellationToken.None);
        Assert.Null(Assert.Single(_store.ListActive()).Latest);
        foreach (var evaluation in MadeUp.Result(run).Evaluations.Take(2)) session.Report(evaluation);
        File.AppendAllText(_store.Paths.Progress(RunIdentity.Of(run)), "{\"step\":3");

        ActiveRun seen = Assert.Single(_store.ListActive());

        Assert.Equal(
            (RunIdentity.Of(run), RunIdentity.Of(Dense), 1, 300, true),
            (seen.Id, seen.Parent, seen.Level, seen.Steps, seen.Running));
        Assert.Equal(MadeUp.Result(run).Evaluations[1], seen.Latest);
    }

    [Fact]
    public void All_is_well_with_what_was_just_written() =>
        Assert.All(_store.Verify(), check => Assert.Empty(check.Problems));

    [Fact]
    public void Initial_weights_that_the_seed_no_longer_gives_are_noticed()
    {
        var other = new RunStore(_folder["store"]) { Initial = (run, mask) => MadeUp.Initial(MadeUp.Dense(99), mask) };
        Assert.All(other.Verify(), check => Assert.Contains(
            check.Problems, problem => problem.StartsWith("The initial weights", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        string file = Path.Combine(_store.Paths.Run(RunIdentity.Of(Dense)), "metrics.parquet");
        File.Delete(file);
        RunCheck check = Assert.Single(_store.Verify(RunIdentity.Of(Dense)));
        Assert.Contains(check.Problems, problem => problem.Contains(file, StringComparison.Ordinal));
    }

    [Fact]
    public void A_document_moved_to_another_id_is_noticed()
    {
        string wrong = new('0', 64);
        Directory.Move(_store.Paths.Run(RunIdentity.Of(Reinit)), _store.Paths.Run(wrong));
        Assert.Contains("hash to its id", Assert.Single(_store.Verify(wrong)).Problems[0]);
    }

    [Fact]
    public void An_export_has_every_tensor_in_full()
    {
        string folder = _folder["out/deep"];
        _store.Export(RunIdentity.Of(Ticket), folder);
        Assert.Contains("--force", Assert.Throws<UserException>(() => _store.Export(RunIdentity.Of(Ticket), folder)).Message, StringComparison.Ordinal);
        _store.Export(RunIdentity.Of(Ticket), folder, replace: true);

        Assert.Equal(
            ["best.safetensors", "final.safetensors", "initial.safetensors", "mask.safetensors", "metrics.csv", "run.json"],
            Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));
        RunResult run = MadeUp.Result(Ticket);
        ImmutableArray<Tensor> final = SafetensorsReader.Read(Path.Combine(folder, "final.safetensors"));
        Assert.Equal(["fc1.weight", "fc1.bias", "output.weight", "output.bias"], final.Select(tensor => tensor.Name));
        Assert.Equal([5, 7], final[0].Shape);
        Assert.Equal(run.Final[0].ToArray(), final[0].Floats());
        ImmutableArray<Tensor> mask = SafetensorsReader.Read(Path.Combine(folder, "mask.safetensors"));
        Assert.Equal(["fc1.weight", "output.weight"], mask.Select(tensor => tensor.Name));
        Assert.Equal(Enumerable.Range(0, 35).Select(i => run.Mask[0]![i]), mask[0].Bools());
        Assert.StartsWith("step,loss,accuracy,training_loss,test_accuracy,test_loss\n0,2.3,0.1,NaN,,\n100,0.30000000000000004,0.9,1.1,,\n",
            File.ReadAllText(Path.Combine(folder, "metrics.csv")));
    }

    [Fact]
    public void An_export_of_level_0_keeps_everything()
    {
        _store.Export(RunIdentity.Of(Dense), _folder["out"]);
        Assert.All(
            SafetensorsReader.Read(_folder["out/mask.safetensors"]),
            tensor => Assert.DoesNotContain(false, tensor.Bools()));
    }

    [Fact]
    public void An_export_does_not_mix_with_other_files()
    {
        Directory.CreateDirectory(_folder["out"]);
        File.WriteAllText(_folder["out/thesis.tex"], "");
        var refused = Assert.Throws<UserException>(() => _store.Export(RunIdentity.Of(Dense), _folder["out"]));
        Assert.Contains("thesis.tex", refused.Message);
        Assert.Single(Directory.EnumerateFiles(_folder["out"]));
    }

    [Fact]
    public void The_first_stage_that_differs_is_named()
    {
        ImmutableArray<(string Stage, string Sha256)> stages = _store.Stages(RunIdentity.Of(Ticket));
        Assert.Equal(["mask", "initial weights", "batch order of epoch 1", "batch order of epoch 2", "best weights", "final weights"],
            stages.Select(stage => stage.Stage));
        Assert.Equal(RunStages.Of(MadeUp.Result(Ticket)), stages);
        string? First(ImmutableArray<(string Stage, string Sha256)> other) => RunStages.FirstDifference(stages, other);
        Assert.Null(First(stages));
        Assert.Equal("mask", First(With(stages, "mask", "final weights")));
        Assert.Equal("batch order of epoch 2", First(With(stages, "batch order of epoch 2", "best weights")));
        Assert.Equal("batch order of epoch 2", First(stages.RemoveAt(3)));
        Assert.Equal("batch order of epoch 2", RunStages.FirstDifference(stages.RemoveAt(3), stages));
        Assert.Equal("final weights", First(With(stages, "final weights")));
    }

    private static ImmutableArray<(string, string)> With(ImmutableArray<(string Stage, string Sha256)> stages, params string[] others) =>
        [.. stages.Select(stage => others.Contains(stage.Stage) ? (stage.Stage, "x") : stage)];
}
