using Lottery.Networks;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;

namespace Lottery.UnitTests.Studies;

public sealed class WeightDigestTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RunSpecification _run = MadeUp.Next(MadeUp.Dense());

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Counts_are_those_of_the_mask()
    {
        RunResult result = MadeUp.Result(_run);
        var digest = WeightDigest.Of(result);
        Assert.Equal(["fc1.weight", "output.weight"], digest.Layers.Select(layer => layer.Name));
        Assert.Equal(result.Mask.Kept, digest.Layers.Sum(layer => layer.Kept));
        Assert.All(digest.Layers, layer => Assert.Equal((layer.Kept, layer.Kept), (layer.Initial.Sum(), layer.Final.Sum())));
        Assert.Equal([1, 1, 7], digest.Layers[0].Grid);
        Assert.Equal([.. Enumerable.Range(0, 7).Select(input => Enumerable.Range(0, 5).Count(unit => result.Mask[0]![unit * 7 + input]))],
            digest.Layers[0].KeptByInput);
        Assert.Empty(digest.Layers[1].KeptByInput);
    }

    [Fact]
    public void A_histogram_has_each_weight_in_the_bin_around_it()
    {
        RunResult result = MadeUp.Result(_run);
        LayerDigest layer = WeightDigest.Of(result).Layers[0];
        for (int bin = 1; bin < LayerDigest.Bins - 1; bin++)
        {
            double centre = (bin - 40) * layer.Width;
            int there = Enumerable.Range(0, 35).Count(i => result.Mask[0]![i] && Math.Abs(result.Final[0][i] - centre) < layer.Width / 2);
            Assert.Equal(there, layer.Final[bin]);
        }
    }

    [Fact]
    public void Samples_of_two_runs_are_of_the_same_places()
    {
        RunSpecification large = MadeUp.Dense(network: NetworkCatalogue.Get("mlp:100-90-3"));
        RunResult dense = MadeUp.Result(large), next = MadeUp.Result(MadeUp.Next(large));
        var pairs = WeightDigest.Of(dense).Layers[0].Sample.Zip(WeightDigest.Of(next).Layers[0].Sample).ToArray();
        Assert.Equal(1000, pairs.Length);
        Assert.All(pairs, pair => Assert.Equal(pair.Second.Kept ? pair.First.Initial : 0, pair.Second.Initial));
        Assert.InRange(pairs.Count(pair => pair.Second.Kept), 600, 730);
        Assert.InRange(pairs.Select(pair => pair.First.Initial).Distinct().Count(), 990, 1000);
    }

    [Fact]
    public void A_finished_run_brings_its_own()
    {
        var store = new RunStore(_folder["store"]) { Initial = MadeUp.Initial };
        MadeUp.Keep(store, MadeUp.Dense());
        string id = RunIdentity.Of(MadeUp.Dense());
        Assert.True(System.IO.File.Exists(File(store, id)));
        Same(WeightDigest.Of(MadeUp.Result(MadeUp.Dense())), store.Digest(id));
        Assert.All(store.Verify(), check => Assert.Empty(check.Problems));
    }

    [Fact]
    public void An_older_run_is_given_one_and_a_damaged_one_is_named_and_not_used()
    {
        var store = new RunStore(_folder["store"]) { Initial = MadeUp.Initial };
        MadeUp.Keep(store, MadeUp.Dense());
        string id = RunIdentity.Of(MadeUp.Dense()), file = File(store, id);
        byte[] kept = System.IO.File.ReadAllBytes(file);
        System.IO.File.Delete(file);
        Same(WeightDigest.Of(MadeUp.Result(MadeUp.Dense())), store.Digest(id));
        Assert.Equal(kept, System.IO.File.ReadAllBytes(file));
        kept[50] ^= 1;
        System.IO.File.WriteAllBytes(file, kept);
        Same(WeightDigest.Of(MadeUp.Result(MadeUp.Dense())), store.Digest(id));
        Assert.Equal(kept, System.IO.File.ReadAllBytes(file));
        Assert.Contains(file, Assert.Single(Assert.Single(store.Verify()).Problems), StringComparison.Ordinal);
    }

    private static string File(RunStore store, string id) => Path.Combine(store.Paths.Run(id), StorePaths.DigestFile);

    private static void Same(WeightDigest expected, WeightDigest actual)
    {
        Assert.Equal(expected.Layers.Length, actual.Layers.Length);
        foreach ((LayerDigest left, LayerDigest right) in expected.Layers.Zip(actual.Layers))
        {
            Assert.Equal((left.Name, left.Count, left.Kept, left.Width), (right.Name, right.Count, right.Kept, right.Width));
            Assert.Equal(left.Initial, right.Initial);
            Assert.Equal(left.Final, right.Final);
            Assert.Equal(left.Grid, right.Grid);
            Assert.Equal(left.KeptByInput, right.KeptByInput);
            Assert.Equal(left.Sample, right.Sample);
        }
    }
}
