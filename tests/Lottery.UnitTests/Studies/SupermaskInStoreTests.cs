using System.Globalization;
using Lottery.Formats.Safetensors;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;
using Lottery.UnitTests.Search;

namespace Lottery.UnitTests.Studies;

/// <summary>Learned supermasks in a store: kept to the bit, verified, exported.</summary>
public sealed class SupermaskInStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(SupermaskWeights.Initial, false)]
    [InlineData(SupermaskWeights.SignedConstant, true)]
    public void A_store_keeps_what_memory_keeps(SupermaskWeights weights, bool rescale)
    {
        RunResult inMemory = SmallSupermask.Of(weights, rescale).Run(1);
        RunStore store = Store();
        SmallSupermask.Of(weights, rescale, store).Run(1);
        string id = RunIdentity.Of(inMemory.Specification);
        RunResult loaded = Store().Load(id);
        Assert.Equal(inMemory.Specification, loaded.Specification);
        Assert.Equal(Fingerprint.Of([inMemory]), Fingerprint.Of([loaded]));
        Assert.Equal(inMemory.Evaluations, loaded.Evaluations);
        Assert.All(Store().Verify(), check => Assert.Empty(check.Problems));
    }

    [Fact]
    public void A_summary_states_how_it_was_learned()
    {
        RunStore store = Store();
        RunResult run = SmallSupermask.Of(SupermaskWeights.SignedConstant, true, store).Run(1);
        RunSummary summary = Assert.Single(Store().List());
        Assert.Equal(new() { Weights = SupermaskWeights.SignedConstant, Rescale = true }, summary.Supermask);
        Assert.Equal((null, 0), (summary.Criterion, summary.Level));
        Assert.Equal(run.Metrics.Thresholded!.Accuracy, summary.ThresholdedAccuracy);
        Assert.Equal((run.Mask.Density, run.Accuracy), (summary.Density, summary.Accuracy));
    }

    [Fact]
    public void Interrupted_anywhere_it_ends_with_the_same_bits()
    {
        string whole = Fingerprint.Of([SmallSupermask.Of().Run(1)]);
        for (int sessions = 1; ; sessions++)
        {
            using var interruption = new CancellationTokenSource();
            var runs = new InterruptedRuns(Store(), 9, interruption);
            try
            {
                Assert.Equal(whole, Fingerprint.Of([SmallSupermask.Of(runs: runs).Run(1, interruption.Token)]));
                Assert.InRange(sessions, 3, 10);
                return;
            }
            catch (OperationCanceledException)
            {
                Assert.NotNull(Assert.Single(Store().ListActive()).Latest?.Kept);
            }
        }
    }

    [Fact]
    public void An_export_has_mask_scores_frozen_weights_and_fractions()
    {
        RunStore store = Store();
        RunResult run = SmallSupermask.Of(runs: store).Run(1);
        string id = RunIdentity.Of(run.Specification);
        store.Export(id, _folder["export"]);
        string[] lines = File.ReadAllLines(Path.Combine(_folder["export"], "metrics.csv"));
        Assert.Equal("step,loss,accuracy,training_loss,test_accuracy,test_loss,kept_fraction,thresholded_fraction", lines[0]);
        Assert.Equal(run.Evaluations.Select(at => at.Kept!.Thresholded),
            lines[1..].Select(line => double.Parse(line.Split(',')[7], CultureInfo.InvariantCulture)));
        Assert.Equal(run.Best[0].ToArray(), Tensor("best.safetensors"));
        Assert.Equal(InitialWeights.Sample(SmallSearch.Network, 1)[0].ToArray(), Tensor("initial.safetensors"));
    }

    private float[] Tensor(string file) =>
        SafetensorsReader.Read(Path.Combine(_folder["export"], file)).Single(tensor => tensor.Name == "fc1.weight").Floats();

    private RunStore Store() => new(_folder["store"]) { Warn = Assert.Fail };
}
