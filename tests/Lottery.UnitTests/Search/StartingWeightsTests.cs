using Lottery.Masks;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Specifications;

namespace Lottery.UnitTests.Search;

public class StartingWeightsTests
{
    private static readonly Network Net = NetworkCatalogue.Get("mlp:12-9-4");

    [Theory]
    [InlineData("zero", 0, Control.None, true)]
    [InlineData("zero", 7, Control.None, false)]
    [InlineData("zero", 7, Control.Reinit, true)]
    [InlineData("zero", 7, Control.RandomMask, false)]
    [InlineData("initial", 0, Control.None, true)]
    [InlineData("initial", 0, Control.Reinit, true)]
    [InlineData("initial", 7, Control.Reinit, false)]
    [InlineData("zero-if-decreased", 0, Control.None, false)]
    [InlineData("zero-if-decreased", 0, Control.Reinit, false)]
    [InlineData("zero-if-decreased-kept-too", 0, Control.RandomMask, false)]
    [InlineData("zero-random", 0, Control.None, false)]
    public void FollowFromTheSeedWhereNothingElseDecides(string mask0, int rewindTo, Control control, bool follow) =>
        Assert.Equal(follow, StartingWeights.FollowFromSeed(Run("rewind", mask0, control, rewindTo)));

    [Theory]
    [InlineData("keep", Control.None, false)]
    [InlineData("keep", Control.Reinit, true)]
    [InlineData("keep", Control.RandomMask, false)]
    [InlineData("keep", Control.Rewind, true)]
    [InlineData("constant-final-sign", Control.None, false)]
    [InlineData("constant-final-sign", Control.Rewind, true)]
    [InlineData("noise(2)", Control.None, true)]
    public void ActionsOnFinalWeightsDoNotFollowFromTheSeed(string mask1, Control control, bool follow)
    {
        RunSpecification run = Run(mask1, "zero", control);
        Assert.Equal(follow, StartingWeights.FollowFromSeed(run));
        Assert.Equal(follow, StartingWeights.RecipeOf(run) is not null);
        if (mask1 != "noise(2)") Assert.Equal(follow, StartingWeights.DependOn(run) is null);
    }

    [Fact]
    public void WeightsThatAreKeptNeedNoStepOfTheDenseRun()
    {
        Assert.False(StartingWeights.NeedDense(Run("keep", "zero", rewindTo: 7)));
        Assert.True(StartingWeights.NeedDense(Run("keep", "initial", rewindTo: 7)));
        Assert.True(StartingWeights.NeedDense(Run("keep", "zero", Control.Rewind, rewindTo: 7)));
        Assert.True(StartingWeights.NeedDense(Run("rewind", "zero", rewindTo: 7)));
    }

    [Fact]
    public void TheDenseRunFollowsFromItsSeed() => Assert.True(StartingWeights.FollowFromSeed(Run("rewind", "zero").Parent!));

    [Theory]
    [InlineData("rewind", "zero")]
    [InlineData("constant", "zero")]
    [InlineData("reinit", "zero")]
    [InlineData("reshuffle-same-sign", "zero-if-decreased")]
    [InlineData("rewind", "zero-if-decreased-kept-too")]
    [InlineData("rewind", "initial")]
    public void TheControlHasFreshWeightsWhateverTheActions(string mask1, string mask0)
    {
        RunSpecification ticket = Run(mask1, mask0), control = ticket with { Control = Control.Reinit, Parent = ticket };
        Weights dense = InitialWeights.Sample(Net, 1), final = InitialWeights.Sample(Net, 2);
        Weights fresh = InitialWeights.Resample(Net, 1, "reinit/level-1");
        Mask mask = Pruner.Cut(Mask.Full(Net), dense, final, Criterion.LargeFinal, new(0, 0.5m, 0.5m), PruneScope.Layer, 1, 1).Mask;
        Weights start = StartingWeights.Of(ticket, mask, dense, new(Mask.Full(Net), dense, final));
        Weights ended = start.Clone(); // after training: kept weights have moved, the frozen ones have not
        ForEachWeight((p, i) => ended[p][i] += mask[p]![i] ? 0.125f : 0);
        Weights other = StartingWeights.Of(control, mask, dense, new(mask, start, ended));
        ForEachWeight((p, i) => Assert.Equal(mask[p]![i] ? fresh[p][i] : start[p][i], other[p][i]));
        if (mask1 == "reinit") ForEachWeight((p, i) => Assert.True(!mask[p]![i] || start[p][i] != other[p][i]));
        Assert.Equal(new float[9], other[1].ToArray());
    }

    [Fact]
    public void ActionsOnTrainedWeightsUseTheRunThatWasTrained()
    {
        RunSpecification first = Run("rewind", "zero-if-decreased"), second = first with { Level = 2, Parent = first };
        Assert.Same(first, StartingWeights.DependOn(second));
        Assert.Same(second, StartingWeights.DependOn(second with { Control = Control.Reinit, Parent = second }));
        Assert.Same(first.Parent, StartingWeights.DependOn(second with { Control = Control.RandomMask, Parent = second }));
        Assert.Null(StartingWeights.DependOn(Run("rewind", "initial")));
        Assert.Null(StartingWeights.DependOn(first.Parent!));
    }

    private static void ForEachWeight(Action<int, int> act)
    {
        foreach (int p in new[] { 0, 2 })
            for (int i = 0; i < Net.Parameters[p].Count; i++) act(p, i);
    }

    private static RunSpecification Run(string mask1, string mask0, Control control = Control.None, int rewindTo = 0)
    {
        var dense = new RunSpecification
        {
            Network = Net, Seed = 1, Training = new() { Steps = 10 },
            Data = new() { Sha256 = new('a', 64), Validation = 0, SplitSeed = 0 },
        };
        return dense with
        {
            Level = 1, Parent = dense, Control = control,
            Prune = new() { Criterion = "large-final", Rates = new(0, 0.5m, 0.5m) }, Actions = new(mask1, mask0, rewindTo),
        };
    }
}
