using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lottery.Masks;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Queries;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Files;
using Lottery.Studies.Store.Maintenance;
using Lottery.Training;

namespace Lottery.UnitTests.Studies;

/// <summary>A run that cannot be read is named and left out; the others, and every way to read them, go on.</summary>
public sealed class StoreSurvivalTests : IDisposable
{
    private static readonly RunSpecification
        Dense = MadeUp.Dense(), Ticket = MadeUp.Next(Dense), Reinit = MadeUp.Next(Ticket, Control.Reinit), Other = MadeUp.Dense(2);

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _warnings = [];
    private readonly RunStore _store;

    public StoreSurvivalTests()
    {
        _store = new(_folder["store"]) { Initial = MadeUp.Initial, Warn = _warnings.Add };
        foreach (RunSpecification run in new[] { Dense, Ticket, Reinit, Other }) MadeUp.Keep(_store, run);
    }

    public static TheoryData<string> Oddities =>
    [
        "missing key", "format", "criterion", "path", "network", "level", "accuracy", "weights", "parent", "rate", "masking", "name", "batch orders", "array", "empty", "folder", "not there",
    ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Oddities))]
    public void An_odd_run_is_named_and_left_out(string oddity)
    {
        Spoil(Other, oddity);
        foreach (bool hasIndex in (bool[])[true, false])
        {
            if (!hasIndex) File.Delete(_store.Paths.IndexFile);
            _warnings.Clear();
            Assert.Equal([Dense, Ticket, Reinit], _store.List().Select(run => run.Specification));
            Assert.Contains(_store.Paths.Run(RunIdentity.Of(Other)), Assert.Single(_warnings), StringComparison.Ordinal);
            using var database = StoreDatabase.Open(_store, threads: 1);
            using QueryAnswer answer = database.Ask("SELECT count(DISTINCT id) FROM metrics");
            Assert.Equal(3L, answer.Rows().Single()[0]);
        }
        Assert.Single(_store.Verify(), check => !check.Problems.IsEmpty);
        Assert.Throws<UserException>(() => _store.Summary(RunIdentity.Of(Other)));
        _store.Remove(RunIdentity.Of(Other));
        _warnings.Clear();
        Assert.Equal(3, _store.List().Length);
        Assert.Empty(_warnings);
    }

    [Fact]
    public void What_comes_from_an_odd_run_is_left_out_and_the_odd_run_can_be_removed()
    {
        Spoil(Ticket, "missing key");
        Assert.Equal([Dense, Other], _store.List().Select(run => run.Specification));
        Assert.Equal(2, _warnings.Count);
        // Who only looks at what is damaged sees one run, not also those that come from it.
        RunCheck[] checks = [.. _store.Verify()];
        Assert.Equal([RunIdentity.Of(Ticket)], checks.Where(check => !check.Problems.IsEmpty).Select(check => check.Id));
        Assert.Equal([RunIdentity.Of(Reinit)], checks.Where(check => check.Unchecked is not null).Select(check => check.Id));
        _store.Remove(RunIdentity.Of(Ticket));
        MadeUp.Keep(_store, Ticket);
        Assert.Equal(4, _store.List().Length);
    }

    [Fact]
    public void Many_odd_runs_are_counted()
    {
        for (ulong seed = 10; seed < 40; seed++)
        {
            MadeUp.Keep(_store, MadeUp.Dense(seed));
            Spoil(MadeUp.Dense(seed), "empty");
        }
        Assert.Equal(4, _store.List().Length);
        Assert.Equal(11, _warnings.Count);
        Assert.StartsWith("20 more runs in ", _warnings[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run.json")]
    [InlineData("metrics.parquet")]
    [InlineData("tensors.bin")]
    public void A_pipe_in_place_of_a_file_is_never_opened(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no named pipes in folders.");
        string path = Path.Combine(_store.Paths.Run(RunIdentity.Of(Other)), name);
        File.Delete(path);
        Assert.Equal(0, MakePipe(path, 0x1B6));
        Assert.InRange(_store.List().Length, 3, 4);
        Assert.Single(_store.Verify(), check => !check.Problems.IsEmpty);
        Assert.Throws<UserException>(() => _store.Load(RunIdentity.Of(Other)));
        _store.Remove(RunIdentity.Of(Other));
    }

    [Fact]
    public void A_run_with_damaged_evaluations_is_listed_without_them()
    {
        File.AppendAllText(Path.Combine(_store.Paths.Run(RunIdentity.Of(Other)), "metrics.parquet"), "x");
        Assert.Equal(4, _store.List().Length);
        Assert.Contains("without its curves", Assert.Single(_warnings), StringComparison.Ordinal);
        using var database = StoreDatabase.Open(_store, threads: 1);
        using QueryAnswer answer = database.Ask("SELECT count(*) AS runs, (SELECT count(DISTINCT id) FROM metrics) AS curves FROM runs");
        Assert.Equal([4L, 3L], answer.Rows().Single());
    }

    [Fact]
    public void A_damaged_digest_is_computed_again()
    {
        File.WriteAllText(Path.Combine(_store.Paths.Run(RunIdentity.Of(Other)), "digest.bin"), "LOTDIGST");
        Assert.Equal(2, _store.Digest(RunIdentity.Of(Other)).Layers.Length);
    }

    [Theory]
    [InlineData(0.9, 0.99)]
    [InlineData(0.31, 0.11)]
    [InlineData(2.3, double.NaN)]
    public void The_index_is_not_believed(double from, double to)
    {
        string index = _store.Paths.IndexFile;
        byte[] before = File.ReadAllBytes(index), after = [.. before];
        for (int i = 0; i + sizeof(double) <= after.Length; i++)
            if (BitConverter.ToDouble(after, i) == from) BitConverter.TryWriteBytes(after.AsSpan(i), to);
        Assert.NotEqual(before, after);
        File.WriteAllBytes(index, after);
        Assert.All(_store.List(), run => Assert.Equal((0.9, 0.31, 2.3), (run.Accuracy, run.Metrics.Loss, run.Metrics.InitialLoss)));
        Assert.Equal(before.Order(), File.ReadAllBytes(index).Order());
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Any_bit_of_the_index_may_flip()
    {
        string index = _store.Paths.IndexFile;
        byte[] before = File.ReadAllBytes(index);
        string expected = RunFields.Json(_store.List());
        for (int at = 0; at < before.Length; at += 37)
        {
            byte[] after = [.. before];
            after[at] ^= (byte)(1 << (at % 8));
            File.WriteAllBytes(index, after);
            Assert.Equal(expected, RunFields.Json(_store.List()));
        }
        Assert.Empty(_warnings);
    }

    [Fact]
    public void The_index_keeps_every_metric()
    {
        RunSpecification run = MadeUp.Next(MadeUp.Next(MadeUp.Dense(5)));
        string layer = run.Network.Parameters.First(parameter => parameter.Prunable).Name;
        RunSummary summary = RunSummary.Of(MadeUp.Result(run), "data", DateTimeOffset.UnixEpoch) with
        {
            EvaluationsSha256 = new string('1', 64), Started = DateTimeOffset.UnixEpoch, Ended = DateTimeOffset.UnixEpoch.AddMilliseconds(1),
        };
        summary = summary with
        {
            Metrics = summary.Metrics with
            {
                Tested = [new(3, 0.25, 0.5), new(4, 0.75, double.NaN)],
                Thresholded = new() { Accuracy = 0.1, Loss = 0.2, FinalAccuracy = 0.3, FinalLoss = 0.4 },
            },
            Pruning = new()
            {
                Thresholds = PruningMetrics.None.Thresholds.Add(layer, 0.125), KeptLast = [layer],
                Masking = ImmutableSortedDictionary<string, MaskingMetrics>.Empty.Add(layer, new(1, 2, 3, 4)
                {
                    PrunedTowards = 5, CandidatesTowards = 6, PrunedDecreased = 7, CandidatesDecreased = 8,
                }),
            },
        };
        IndexRecord written = IndexRecord.Of(summary, RunIdentity.Describe(run), new(1, 2, 3, 4));
        IndexRecord read = IndexRecord.Read(written.Content, IndexShared.Read(written.Shared.Text)!)!;
        Assert.Equal(RunIdentity.Of(run.Parent!), read.SpecificationParent);
        Assert.Equal(written.Files, read.Files);
        Assert.Equal(
            Encoding.UTF8.GetString(RunFile.Write(summary, [])),
            Encoding.UTF8.GetString(RunFile.Write(read.Run with { Specification = read.Run.Specification with { Parent = run.Parent } }, [])));
        Assert.Equal(JsonSerializer.Serialize(summary.Metrics, RunMetricsJson.Default.TrainingMetrics), JsonSerializer.Serialize(read.Run.Metrics, RunMetricsJson.Default.TrainingMetrics));
        // A metric that is added must get into the index, and into the values above.
        Assert.Equal((14, 3, 8), (typeof(TrainingMetrics).GetProperties().Length, typeof(PruningMetrics).GetProperties(BindingFlags.Instance | BindingFlags.Public).Length,
            typeof(MaskingMetrics).GetProperties().Length));
    }

    [Fact]
    public void A_file_that_looks_different_is_read_again()
    {
        string file = Path.Combine(_store.Paths.Run(RunIdentity.Of(Other)), "run.json");
        JsonObject json = _store.Document(RunIdentity.Of(Other));
        json["results"]!["accuracy"] = 0.25;
        Seal(json, file);
        Assert.Equal([0.25], _store.List().Where(run => run.Seed == 2).Select(run => run.Accuracy));
    }

    [Fact]
    public void A_run_that_is_removed_while_it_is_checked_is_not_damaged()
    {
        using IEnumerator<RunCheck> checks = _store.Verify().GetEnumerator();
        Assert.True(checks.MoveNext());
        string next = Directory.GetDirectories(_store.Paths.Runs).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal).ElementAt(1);
        Directory.Delete(_store.Paths.Run(next), recursive: true);
        Assert.True(checks.MoveNext());
        Assert.True(checks.Current.IsRemoved);
        Assert.Empty(checks.Current.Problems);
    }

    [Theory]
    [InlineData("runs/a b/run.json", "{}")]
    [InlineData("studies/s.json/note", "")]
    [InlineData("studies/Not A Study.json", "x")]
    [InlineData("active/x/run.json", "{}")]
    [InlineData("jobs/0123456789abcdef/job.json", "{\"title\":null,\"runs\":[null]}")]
    [InlineData("active/0000000000000000000000000000000000000000000000000000000000000000/run.json", "{\"specification\":{\"parent\":\"x\"}}")]
    public void A_foreign_file_is_passed_over(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_store.Paths.Root, path))!);
        File.WriteAllText(Path.Combine(_store.Paths.Root, path), content);
        Assert.Equal(4, _store.List().Length);
        Assert.Empty(_store.ListActive());
        Assert.Empty(_store.ListActiveJobs());
        _ = _store.StudyNames;
    }

    /// <summary>Makes something of a run's folder that no run is; its checksum fits, so that only the content is odd.</summary>
    private void Spoil(RunSpecification run, string oddity)
    {
        string id = RunIdentity.Of(run), file = Path.Combine(_store.Paths.Run(id), "run.json");
        JsonObject json = _store.Document(id);
        JsonObject specification = json["specification"]!.AsObject(), results = json["results"]!.AsObject();
        switch (oddity)
        {
            case "missing key": results.Remove("final-loss"); break;
            case "format": json["specification"] = new JsonObject { ["format"] = 1 }; break;
            case "criterion": specification["prune"] = new JsonObject { ["criterion"] = "never-heard-of" }; break;
            case "path": json["sha256"]!["files"]!["../../store.json"] = new string('a', 64); break;
            case "network": specification["network"] = "8000 fc1=linear(nonsense)"; break;
            case "level": specification["level"] = -1; break;
            case "accuracy": results["accuracy"] = 5; break;
            case "weights": results["weights"] = 0; break;
            case "parent": specification["parent"] = id; break;
            case "rate": specification["training"]!["optimizer"]!["adam"]!["learning-rate"] = JsonNode.Parse("1e999"); break;
            case "masking": results["masking"] = JsonNode.Parse("{\"fc1.weight\":null}"); break;
            case "name": json["data"] = null; break;
            case "batch orders": json["sha256"]!["batch-orders"] = "none"; break;
            case "array": File.WriteAllText(file, "[]"); return;
            case "empty": File.WriteAllText(file, ""); return;
            case "not there": File.Delete(file); return;
            case "folder":
                File.Delete(file);
                Directory.CreateDirectory(file);
                return;
        }
        Seal(json, file);
    }

    private static void Seal(JsonObject json, string file)
    {
        json.Remove("checksum");
        json["checksum"] = CanonicalJson.Hash(json);
        File.WriteAllText(file, json.ToJsonString());
    }

    [DllImport("libc", EntryPoint = "mkfifo", SetLastError = true)]
    private static extern int MakePipe([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint mode);
}
