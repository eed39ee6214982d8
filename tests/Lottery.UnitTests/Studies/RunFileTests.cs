using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;

namespace Lottery.UnitTests.Studies;

/// <summary>What <c>run.json</c> states of a run, and what comes back from it.</summary>
public sealed class RunFileTests : IDisposable
{
    private static readonly RunSpecification s_ticket = MadeUp.Next(MadeUp.Dense());

    private readonly TemporaryFolder _folder = new();
    private readonly RunStore _store;

    public RunFileTests()
    {
        _store = new(_folder["store"]) { Initial = MadeUp.Initial };
        MadeUp.Keep(_store, MadeUp.Dense());
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Metrics_are_under_their_names_and_infinity_is_a_text()
    {
        MadeUp.Keep(_store, s_ticket);
        JsonNode results = _store.Document(RunIdentity.Of(s_ticket))["results"]!;
        string[] names =
        [
            "weights", "kept", "early-stop-step", "initial-accuracy", "initial-loss", "accuracy", "loss", "final-accuracy", "final-loss",
            "training-accuracy", "final-training-accuracy", "tested", "seconds", "evaluation-seconds", "total-seconds", "thresholds", "kept-last",
        ];
        Assert.Equal(names, results.AsObject().Select(member => member.Key));
        Assert.Equal((50, 100, "Infinity"), ((int)results["weights"]!, (int)results["early-stop-step"]!, (string)results["final-loss"]!));
        Assert.Equal(0.1, (double)results["thresholds"]!["fc1.weight"]!);
    }

    [Fact]
    public void A_summary_has_all_metrics_of_the_result()
    {
        RunResult result = MadeUp.Result(s_ticket);
        ImmutableSortedDictionary<string, Lottery.Masks.MaskingMetrics> masking =
            ImmutableSortedDictionary<string, Lottery.Masks.MaskingMetrics>.Empty.Add("fc1.weight", new(4, 3, 8, 5) { PrunedTowards = 2, CandidatesTowards = 4, PrunedDecreased = 1, CandidatesDecreased = 3 });
        result = result with
        {
            Metrics = result.Metrics with { InitialLoss = double.NaN, Tested = [new(40, 0.75, 0.5), new(300, 0.5, double.NaN)], Thresholded = new() { Accuracy = 0.5, Loss = 1e-5, FinalAccuracy = 0.25, FinalLoss = 2 } },
            Pruning = result.Pruning with { Masking = masking },
        };
        using (IRunSession session = _store.Begin(s_ticket, CancellationToken.None)) session.Finish(result);
        foreach (RunSummary run in (RunSummary[])[_store.Summary(RunIdentity.Of(s_ticket)), new RunStore(_folder["store"]).List()[1]])
        {
            Assert.Equal(result.Metrics.Tested.AsEnumerable(), run.Metrics.Tested);
            Assert.Equal(result.Metrics with { Tested = [] }, run.Metrics with { Tested = [] });
            Assert.Equal((0.75, result.Metrics.FinalAccuracy, (double?)null), (run.AccuracyAt(40), run.AccuracyAt(run.Steps), run.AccuracyAt(41)));
            Assert.Equal(masking, run.Pruning.Masking);
            Assert.Equal(result.Pruning.Thresholds, run.Pruning.Thresholds);
            Assert.Equal(result.Pruning.KeptLast, run.Pruning.KeptLast);
            Assert.Equal((result.Mask.Kept, 50), (run.Kept, run.Weights));
            Assert.Equal(s_ticket, run.Specification);
        }
    }

    [Fact]
    public void A_missing_metric_is_an_error()
    {
        string id = RunIdentity.Of(MadeUp.Dense()), file = Path.Combine(_store.Paths.Run(id), "run.json");
        JsonObject json = _store.Document(id);
        json["results"]!.AsObject().Remove("final-loss");
        json.Remove("checksum");
        json["checksum"] = CanonicalJson.Hash(json);
        File.WriteAllText(file, json.ToJsonString());
        Assert.Contains(file, Assert.Throws<UserException>(() => _store.Summary(id)).Message, StringComparison.Ordinal);
        Assert.Contains(file, Assert.Throws<UserException>(() => _store.Find(MadeUp.Dense())).Message, StringComparison.Ordinal);
    }
}
