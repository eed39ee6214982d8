using CsCheck;
using Lottery.Masks;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Specifications;

namespace Lottery.UnitTests.Masks;

public class PrunerTests
{
    private static readonly PruneRates Rates = new(0.1m, 0.2m, 0.1m), Halves = new(0.5m, 0.5m, 0.5m);
    private static readonly Network Tiny = NetworkCatalogue.Get("mlp:2-3-2"); // fc1 [3, 2], output [2, 3]

    [Fact]
    public void CutsATableThatCanBeCheckedByHand()
    {
        // ⌊6 × 0.5⌋ = 3 of each layer go.
        PruneOutcome cut = Cut(Mask.Full(Tiny), Final([0.1f, -0.6f, 0.3f, -0.2f, 0.5f, 0.4f], [-6, 5, -4, 3, -2, 1]), Halves);
        Assert.Equal("010011 111000", Text(cut.Mask));
        Assert.Equal(0.4f, cut.Metrics.Thresholds["fc1.weight"]);
        Assert.Equal(4.0, cut.Metrics.Thresholds["output.weight"]);
        Assert.Empty(cut.Metrics.KeptLast);
        // ⌊3 × 0.5⌋ = 1 of the three that are left: what is pruned neither counts nor comes back.
        PruneOutcome next = Cut(cut.Mask, Final([9, -0.6f, 9, 9, 0.5f, 0.4f], [1, 2, 3, 9, 9, 9]), Halves);
        Assert.Equal("010010 011000", Text(next.Mask));
    }

    [Fact]
    public void OverTheNetworkAllLayersCompete()
    {
        // ⌊12 × 0.5⌋ = 6 go, five of them from the layer with the smaller weights.
        PruneOutcome cut = Cut(Mask.Full(Tiny), Final([1, 2, 3, 4, 5, 6], [7, 8, 9, 10, 11, 5.5f]), Halves, PruneScope.Network);
        Assert.Equal("000001 111110", Text(cut.Mask));
        Assert.Equal(6.0, cut.Metrics.Thresholds["fc1.weight"]);
        Assert.Equal(7.0, cut.Metrics.Thresholds["output.weight"]);
        Assert.Empty(cut.Metrics.KeptLast);
    }

    [Fact]
    public void OverTheNetworkEveryLayerKeepsItsBestWeight()
    {
        PruneOutcome cut = Cut(Mask.Full(Tiny), Final([1, 2, 3, 4, 6, 5], [7, 8, 9, 10, 11, 12]), Halves, PruneScope.Network);
        Assert.Equal("000010 011111", Text(cut.Mask)); // six go all the same: 7 instead of 6
        Assert.Equal(["fc1.weight"], cut.Metrics.KeptLast);
        PruneOutcome last = Cut(cut.Mask, Final([0, 0, 0, 0, 1, 0], [0, 1, 2, 3, 4, 5]), new(0, 0.9m, 0), PruneScope.Network);
        Assert.Equal("000010 000001", Text(last.Mask)); // ⌊6 × 0.9⌋ = 5 cannot go
        Assert.Equal(["fc1.weight", "output.weight"], last.Metrics.KeptLast);
    }

    [Fact]
    public void AlwaysRemovesExactlyTheFractionOfEachLayer() =>
        Case.Sample(c =>
        {
            PruneOutcome cut = Cut(c.Parent, c.Final, c.Rates, PruneScope.Layer, c.Criterion);
            AssertWithin(c.Parent, cut.Mask);
            foreach (int i in (int[])[0, 2])
            {
                int kept = c.Parent[i]!.Count();
                Assert.Equal(kept - PruneCounts.Removed(kept, i == 0 ? c.Rates.Fc : c.Rates.Output), cut.Mask[i]!.Count());
            }
        });

    [Fact]
    public void OverTheNetworkAlwaysRemovesExactlyTheFractionOfAll() =>
        Case.Sample(c =>
        {
            PruneOutcome cut = Cut(c.Parent, c.Final, c.Rates, PruneScope.Network, c.Criterion);
            AssertWithin(c.Parent, cut.Mask);
            int pruned = Math.Min(PruneCounts.Removed(c.Parent.Kept, c.Rates.Fc), c.Parent.Kept - 2);
            Assert.Equal(c.Parent.Kept - pruned, cut.Mask.Kept);
            Assert.True(cut.Mask[0]!.Count() >= 1 && cut.Mask[2]!.Count() >= 1);
        });

    [Fact]
    public void WhatStaysScoresAtLeastAsMuchAsWhatGoes() =>
        Case.Sample(c =>
        {
            PruneOutcome cut = Cut(c.Parent, c.Final, c.Rates);
            foreach (int i in (int[])[0, 2])
            {
                float[] final = c.Final[i].ToArray();
                float[] stays = [.. final.Where((_, w) => cut.Mask[i]![w]).Select(Math.Abs)];
                float[] goes = [.. final.Where((_, w) => c.Parent[i]![w] && !cut.Mask[i]![w]).Select(Math.Abs)];
                Assert.Equal(stays.Min(), cut.Metrics.Thresholds[Tiny.Parameters[i].Name]);
                Assert.True(goes.Length == 0 || goes.Max() <= stays.Min());
            }
        });

    [Fact]
    public void EqualScoresFallByTheSeededDraw()
    {
        Network network = NetworkCatalogue.Get("mlp:40-25-4");
        var zero = new Weights(network);
        Mask Tied(ulong seed, int level) =>
            Pruner.Cut(Mask.Full(network), zero, zero, Criterion.LargeFinal, Rates, PruneScope.Layer, seed, level).Mask;
        Mask first = Tied(1, 1);
        Assert.Equal(first, Tied(1, 1));
        Assert.Equal(3, new[] { first, Tied(2, 1), Tied(1, 2) }.Distinct().Count());
        // The weights with the lowest random bits are pruned: the rule, written plainly.
        var random = new RandomStream(1, "ties/level-1/fc1.weight");
        int[] pruned = [.. Enumerable.Range(0, 1000).OrderBy(i => random.Bits(i)).Take(200).Order()];
        Assert.Equal(pruned, Enumerable.Range(0, 1000).Where(i => !first[0]![i]));
        // A weight's random bits depend on its position only, not on which weights were pruned before.
        random = new(1, "ties/level-2/fc1.weight");
        Mask second = Pruner.Cut(first, zero, zero, Criterion.LargeFinal, Rates, PruneScope.Layer, 1, 2).Mask;
        int[] stays = [.. Enumerable.Range(0, 1000).Except(pruned).OrderByDescending(i => random.Bits(i)).Take(640).Order()];
        Assert.Equal(stays, Enumerable.Range(0, 1000).Where(i => second[0]![i]));
    }

    [Fact]
    public void ALayerDependsOnNoOther()
    {
        Weights final = InitialWeights.Sample(Network.Lenet300100, 1), other = final.Clone();
        other[0].Reverse();
        Mask a = Cut(Mask.Full(Network.Lenet300100), final, Rates).Mask, b = Cut(Mask.Full(Network.Lenet300100), other, Rates).Mask;
        Assert.NotEqual(a[0], b[0]);
        Assert.Equal(a[2], b[2]);
        Assert.Equal(a[4], b[4]);
    }

    [Theory]
    [InlineData(PruneScope.Layer)]
    [InlineData(PruneScope.Network)]
    public void OneShotHasTheCountsOfTheIterativeSchedule(PruneScope scope)
    {
        Network network = NetworkCatalogue.Get("mlp:30-20-10-3");
        Weights initial = InitialWeights.Sample(network, 1), final = InitialWeights.Sample(network, 2);
        Mask iterative = Mask.Full(network);
        for (int level = 1; level <= 30; level++)
        {
            iterative = Pruner.Cut(iterative, initial, final, Criterion.LargeFinal, Rates, scope, 7, level).Mask;
            Mask oneShot = Pruner.CutTo(Mask.Full(network), initial, final, Criterion.LargeFinal, Rates, scope, 7, level).Mask;
            Assert.Equal(iterative, oneShot); // the scores are the same at every level and there are no ties
            Assert.Equal(PruneCounts.After(network, Rates, scope, level).Sum(), oneShot.Kept);
        }
    }

    /// <summary>Found: one-shot pruning of a mask with an empty layer asked for a negative number of its weights.</summary>
    [Fact]
    public void ALayerOfWhichNothingIsKeptStaysEmpty()
    {
        Network network = NetworkCatalogue.Get("mlp:30-20-3");
        Weights initial = InitialWeights.Sample(network, 1), final = InitialWeights.Sample(network, 2);
        Mask mask = Mask.Full(network);
        for (int i = 0; i < mask[0]!.Length; i++) mask[0]![i] = false;
        foreach (PruneScope scope in (ReadOnlySpan<PruneScope>)[PruneScope.Layer, PruneScope.Network])
        {
            Assert.Equal(0, PruneCounts.FirstEmptyLevel(mask, Rates, scope, 2));
            Mask pruned = Pruner.CutTo(mask, initial, final, Criterion.LargeFinal, Rates, scope, 7, 2).Mask;
            Assert.Equal((0, true), (pruned[0]!.Count(), pruned.Kept < mask.Kept));
        }
    }

    [Fact]
    public void ADivergedTrainingIsSaidToBeOne()
    {
        WorkFailedException error = Assert.Throws<WorkFailedException>(() => Cut(Mask.Full(Tiny), Final([1, 2, float.NaN, 4, 5, 6], [1, 2, 3, 4, 5, 6]), Halves));
        Assert.Contains("fc1.weight", error.Message, StringComparison.Ordinal);
        // A pruned weight has no score.
        Mask full = Mask.Full(Tiny);
        full[0]![2] = false;
        Cut(full, Final([1, 2, float.NaN, 4, 5, 6], [1, 2, 3, 4, 5, 6]), Halves);
    }

    private sealed record Draw(Mask Parent, Weights Final, PruneRates Rates, Criterion Criterion);

    // Few different values, so that ties abound; at least one weight in each layer.
    private static readonly Gen<Draw> Case =
        Gen.Select(Gen.Int[1, 63], Gen.Int[1, 63], Gen.Int[-3, 3].Array[12], Gen.Int[0, 99], Gen.Int[0, 99], Gen.Bool).Select(
            (fc, output, values, fcRate, outputRate, large) => new Draw(
                MaskOf(fc, output), Final([.. values[..6].Select(v => (float)v)], [.. values[6..].Select(v => (float)v)]),
                new(0, fcRate / 100m, outputRate / 100m), large ? Criterion.LargeFinal : Criterion.Random));

    private static Mask MaskOf(int fc, int output) =>
        new(Tiny, [BitSet.FromWords(6, [(ulong)fc]), null, BitSet.FromWords(6, [(ulong)output]), null]);

    private static PruneOutcome Cut(
        Mask parent, Weights final, PruneRates rates, PruneScope scope = PruneScope.Layer, Criterion? criterion = null) =>
        Pruner.Cut(parent, new(parent.Network), final, criterion ?? Criterion.LargeFinal, rates, scope, seed: 1, level: 1);

    private static Weights Final(float[] fc1, float[] output)
    {
        var weights = new Weights(Tiny);
        fc1.CopyTo(weights[0]);
        output.CopyTo(weights[2]);
        return weights;
    }

    private static void AssertWithin(Mask parent, Mask mask) =>
        Assert.All(Enumerable.Range(0, 6), i => Assert.True((parent[0]![i] || !mask[0]![i]) && (parent[2]![i] || !mask[2]![i])));

    private static string Text(Mask mask) => string.Join(' ', new[] { mask[0]!, mask[2]! }.Select(bits =>
        string.Concat(Enumerable.Range(0, bits.Length).Select(i => bits[i] ? '1' : '0'))));
}
