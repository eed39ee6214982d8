using System.Text.Json.Nodes;
using Lottery.Networks;
using Lottery.Report.Charts;
using Lottery.Report.Comparisons;
using Lottery.Report.Sections;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;

namespace Lottery.UnitTests.Report.Comparisons;

/// <summary>Runs of a store that are compared: two seeds, two criteria, a control.</summary>
public sealed class RunComparisonTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RunStore _store;
    private readonly ReportSection _section;

    public RunComparisonTests()
    {
        _store = new(_folder["store"]) { Initial = MadeUp.Initial };
        foreach (ulong seed in (ulong[])[1, 2])
        {
            RunSpecification dense = MadeUp.Dense(seed), one = MadeUp.Next(dense);
            foreach (RunSpecification run in (RunSpecification[])[dense, one, MadeUp.Next(one), MadeUp.Next(one, Control.Reinit), MadeUp.Next(dense, criterion: "movement")])
                MadeUp.Keep(_store, run);
        }
        _section = Assert.Single(new SectionReader(_store).Read(_store.List().Select(run => run.Id)));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Overlaps_are_those_of_the_stored_masks()
    {
        RunComparison comparison = Compare();
        OverlapRow seeds = Assert.Single(comparison.Overlaps, row => row.Kind == OverlapKind.Seeds && row.Level == 1 && row.First.EndsWith("large-final", StringComparison.Ordinal));
        Mask[] masks = [.. ((ulong[])[1, 2]).Select(seed => MadeUp.MaskOf(MadeUp.Next(MadeUp.Dense(seed))))];
        Assert.Equal(MaskOverlap.Of(masks[0], masks[1]).Fraction, seeds.All.Overlap.Mean);
        Assert.Equal(MaskOverlap.Chance(masks[0], masks[1]), seeds.All.Chance);
        Assert.Equal(1, seeds.All.Pairs);
        Assert.True(double.IsNaN(seeds.All.Overlap.Low));
        Assert.Equal(["fc1.weight", "output.weight"], seeds.Layers.Select(layer => layer.Layer));
        Assert.Equal(MaskOverlap.Of(masks[0][0]!, masks[1][0]!).Fraction, seeds.Layers[0].Overlap.Overlap.Mean);
        // Made-up masks of a level are the same for every criterion, and a level's are part of those of the level before.
        OverlapRow criteria = Assert.Single(comparison.Overlaps, row => row.Kind == OverlapKind.Conditions);
        Assert.Equal((1.0, 1.0, 1.0, 2), (criteria.All.Overlap.Mean, criteria.All.Overlap.Low, criteria.All.Least, criteria.All.Pairs));
        OverlapRow levels = Assert.Single(comparison.Overlaps, row => row.Kind == OverlapKind.Levels);
        Assert.Equal((2, 1, true), (levels.Level, levels.SecondLevel, levels.IsNested));
    }

    [Fact]
    public void Movement_is_that_of_the_dense_training_and_of_the_runs_own()
    {
        RunSpecification run = MadeUp.Next(MadeUp.Next(MadeUp.Dense(2)));
        MovementRow row = Assert.Single(Compare(seeds: 1).Movements, row => row.Level == 2);
        Assert.Equal(1, row.All.Own.Distance.Count);
        row = Assert.Single(Compare().Movements, row => row.Level == 2);
        double[] kept = [.. ((ulong[])[1, 2]).Select(seed => Distance(MadeUp.MaskOf(run with { Seed = seed }), MadeUp.Result(MadeUp.Dense(seed)), ofKept: true))];
        double[] pruned = [.. ((ulong[])[1, 2]).Select(seed => Distance(MadeUp.MaskOf(run with { Seed = seed }), MadeUp.Result(MadeUp.Dense(seed)), ofKept: false))];
        Assert.Equal(kept.Average(), row.All.DenseKept.Distance.Mean, 1e-9);
        Assert.Equal(pruned.Average(), row.All.DensePruned.Distance.Mean, 1e-9);
        RunResult[] own = [.. ((ulong[])[1, 2]).Select(seed => MadeUp.Result(MadeUp.Next(MadeUp.Next(MadeUp.Dense(seed)))))];
        Assert.Equal(own.Average(one => Distance(one.Mask, one, ofKept: true)), row.All.Own.Distance.Mean, 1e-9);
        Assert.Equal("dense", Compare().Movements[0].Condition);
        Assert.Contains(Compare().Movements, one => one.Condition.StartsWith("reinitialized", StringComparison.Ordinal) && !one.HasOwnMask);
    }

    [Fact]
    public void A_selection_says_what_it_leaves_out()
    {
        RunComparison comparison = RunComparison.Create(ComparedGroups.Of(_section, mostLevels: 1, mostSeeds: 1), new(_store));
        Assert.Equal("Compared are 1 of 2 pruned levels and the first 1 of 2 seeds.", comparison.Limits);
        Assert.DoesNotContain(comparison.Overlaps, row => row.Kind == OverlapKind.Seeds);
        Assert.Equal("", Compare().Limits);
        Assert.Equal([2], RunComparison.Create(ComparedGroups.Of(_section, levels: 2), new(_store)).Connections.Select(row => row.Level).Distinct());
        Assert.Contains("has no level 7: its runs are pruned at level 1, 2.", Assert.Throws<UserException>(() => ComparedGroups.Of(_section, levels: 7)).Message);
    }

    [Fact]
    public void Runs_that_are_named_are_compared_with_one_another()
    {
        RunSummary[] runs = [.. _store.List().Where(run => run.Seed == 1 && run.Level > 0)];
        Dictionary<string, RunSummary> all = _store.List().ToDictionary(run => run.Id);
        RunComparison comparison = RunComparison.Create(ComparedGroups.Of(runs, all), new(_store));
        Assert.Equal(runs.Length * (runs.Length - 1) / 2, comparison.Overlaps.Length);
        Assert.All(comparison.Overlaps, row => Assert.Equal(OverlapKind.Runs, row.Kind));
        MadeUp.Keep(_store, MadeUp.Dense(network: NetworkCatalogue.Get("mlp:7-6-3")));
        RunSummary other = _store.List().Single(run => run.Weights == 60);
        Assert.Equal($"Runs {RunIdentity.Short(runs[0].Id)} ({runs[0].Network}) and {RunIdentity.Short(other.Id)} ({other.Network}) are of networks with different weights: "
            + "give runs of one network.", Assert.Throws<UserException>(() => ComparedGroups.Of([runs[0], other], all)).Message);
    }

    [Fact]
    public void A_run_that_cannot_be_read_is_left_out_and_named()
    {
        string id = RunIdentity.Of(MadeUp.Next(MadeUp.Dense(2)));
        File.WriteAllText(Path.Combine(_store.Paths.Run(id), StorePaths.TensorsFile), "nothing");
        var weights = new RunWeights(_store);
        RunComparison comparison = RunComparison.Create(ComparedGroups.Of(_section), weights);
        Assert.Contains(id, Assert.Single(weights.Problems));
        Assert.Equal(1, comparison.Movements.Single(row => row.Level == 1 && row.Condition.EndsWith("large-final", StringComparison.Ordinal) && row.HasOwnMask).All.Own.Distance.Count);
    }

    [Fact]
    public void Charts_and_JSON_have_every_row()
    {
        RunComparison comparison = Compare();
        Chart[] charts = [.. ComparisonCharts.Create(_section, comparison)];
        Assert.Equal(["mask-overlap", "signs", "distances", "distance-histograms", "connections"], charts.Select(chart => chart.Key));
        Assert.Equal(3, charts[0].Frames.Length);
        Assert.All(charts, chart => Assert.NotEmpty(ChartTable.Create(chart).Rows));
        JsonObject json = ComparisonJson.Write("s", comparison);
        Assert.Equal((comparison.Overlaps.Length, comparison.Movements.Length, comparison.Connections.Length),
            (json["overlaps"]!.AsArray().Count, json["movement"]!.AsArray().Count, json["connections"]!.AsArray().Count));
        ConnectionRow units = comparison.Connections[0];
        Assert.Equal(units.Replicates.Sum(one => one.Kept.Length), json["connections"]![0]!["units"]!.AsArray().Sum(bin => (int)bin!["units"]!));
        Assert.Equal(units.Replicates.Sum(one => one.Kept.Sum()), json["connections"]![0]!["units"]!.AsArray().Sum(bin => (int)bin!["kept"]! * (int)bin["units"]!));
    }

    private RunComparison Compare(int seeds = int.MaxValue) => RunComparison.Create(ComparedGroups.Of(_section, mostSeeds: seeds), new(_store));

    private static double Distance(Mask mask, RunResult trained, bool ofKept)
    {
        double sum = 0;
        int count = 0;
        for (int p = 0; p < mask.Network.Parameters.Length; p++)
            for (int i = 0; i < (mask[p]?.Length ?? 0); i++)
            {
                if (mask[p]![i] != ofKept) continue;
                sum += Math.Abs((double)trained.Final[p][i] - trained.Initial[p][i]);
                count++;
            }
        return sum / count;
    }
}
