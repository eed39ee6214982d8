using System.Collections.Immutable;
using Lottery.Networks;
using Lottery.Report.Statistics;
using Lottery.Specifications;
using Lottery.Studies.Queries;

namespace Lottery.Report.Comparisons;

/// <summary>
/// What the weights of stored runs say: how far masks overlap, whether training changed signs, how far it moved weights, and
/// how many kept weights each unit has.
/// </summary>
internal sealed record RunComparison
{
    /// <summary>The settings that distinguish the conditions.</summary>
    public required ImmutableArray<RunField> Axes { get; init; }

    /// <summary>The overlaps of masks, by level, then by kind.</summary>
    public required ImmutableArray<OverlapRow> Overlaps { get; init; }

    /// <summary>How weights moved, by level, then in the order of the conditions.</summary>
    public required ImmutableArray<MovementRow> Movements { get; init; }

    /// <summary>The kept weights of units, by level, then in the order of the conditions, then by layer.</summary>
    public required ImmutableArray<ConnectionRow> Connections { get; init; }

    /// <summary>A sentence for what was left out; empty if nothing was.</summary>
    public required string Limits { get; init; }

    /// <summary>Compares runs. The weights of one level are in memory at a time, and those of the dense networks.</summary>
    /// <param name="compared">The runs.</param>
    /// <param name="weights">Reads them.</param>
    /// <exception cref="UserException">No run has a mask or was trained.</exception>
    public static RunComparison Create(ComparedGroups compared, RunWeights weights)
    {
        var overlaps = ImmutableArray.CreateBuilder<OverlapRow>();
        var movements = ImmutableArray.CreateBuilder<MovementRow>();
        var connections = ImmutableArray.CreateBuilder<ConnectionRow>();
        LoadedGroup[] before = [];
        foreach (ComparedGroup[] level in compared.AreRuns ? [[.. compared.Groups]] : compared.Groups.GroupBy(group => group.Level).Select(level => level.ToArray()))
        {
            LoadedGroup[] loaded = Load(level, weights);
            movements.AddRange(loaded.Where(HasMoved).Select(Movement));
            LoadedGroup[] masked = [.. loaded.Where(group => compared.AreRuns || group.Group.HasOwnMask)];
            connections.AddRange(masked.SelectMany(Connection));
            overlaps.AddRange(compared.AreRuns ? EachWithEach(masked, OverlapKind.Runs) : [.. BetweenSeeds(masked), .. BetweenLevels(before, masked), .. EachWithEach(masked, OverlapKind.Conditions)]);
            before = [.. masked, .. before.Where(old => masked.All(group => group.Group.Name != old.Group.Name))];
        }
        return new()
        {
            Axes = compared.Axes, Overlaps = overlaps.ToImmutable(), Movements = movements.ToImmutable(), Connections = connections.ToImmutable(), Limits = compared.Limits,
        };
    }

    private static LoadedGroup[] Load(ComparedGroup[] groups, RunWeights weights)
    {
        var runs = new ComparedRun?[groups.Length][];
        for (int g = 0; g < groups.Length; g++) runs[g] = new ComparedRun?[groups[g].Runs.Length];
        Parallel.ForEach(groups.Index().SelectMany(group => group.Item.Runs.Select((run, r) => (group.Index, r, run))),
            one => runs[one.Index][one.r] = weights.Read(one.run.Run, one.run.Dense));
        return [.. groups.Select((group, g) => new LoadedGroup(group, [.. runs[g].OfType<ComparedRun>()])).Where(group => !group.Runs.IsEmpty)];
    }

    private static IEnumerable<OverlapRow> BetweenSeeds(LoadedGroup[] groups) =>
        from one in groups
        where one.Runs.Length > 1
        select Overlap(OverlapKind.Seeds, one.Group, one.Group,
            [.. from first in one.Runs.Index() from second in one.Runs.Skip(first.Index + 1) select (first.Item, second)]);

    private static IEnumerable<OverlapRow> BetweenLevels(LoadedGroup[] before, LoadedGroup[] groups) =>
        from one in groups
        // A random mask is sampled for its level.
        where one.Runs[0].Run.Control == Control.None
        let earlier = before.FirstOrDefault(old => old.Group.Name == one.Group.Name)
        where earlier is not null
        let pairs = OfEqualSeeds(one, earlier)
        where !pairs.IsEmpty
        select Overlap(OverlapKind.Levels, one.Group, earlier.Group, pairs);

    private static IEnumerable<OverlapRow> EachWithEach(LoadedGroup[] groups, OverlapKind kind) =>
        from one in groups.Index()
        from other in groups.Skip(one.Index + 1)
        let pairs = kind == OverlapKind.Runs ? [(one.Item.Runs[0], other.Runs[0])] : OfEqualSeeds(one.Item, other)
        where !pairs.IsEmpty
        select Overlap(kind, one.Item.Group, other.Group, pairs);

    private static ImmutableArray<(ComparedRun, ComparedRun)> OfEqualSeeds(LoadedGroup one, LoadedGroup other) =>
        [.. one.Runs.Join(other.Runs, run => run.Run.Seed, run => run.Run.Seed, (a, b) => (a, b))];

    private static OverlapRow Overlap(OverlapKind kind, ComparedGroup one, ComparedGroup other, ImmutableArray<(ComparedRun One, ComparedRun Other)> pairs)
    {
        (int P, Parameter Parameter)[] layers = [.. pairs[0].One.Mask.Network.Parameters.Index().Where(tensor => tensor.Item.Prunable)];
        return new(kind, one.Level, one.Density, one.Name, other.Name, other.Level,
            Average(pair => MaskOverlap.Of(pair.One.Mask, pair.Other.Mask), pair => MaskOverlap.Chance(pair.One.Mask, pair.Other.Mask)),
            [
                .. layers.Select(layer => (layer.Parameter.Name, Average(
                    pair => MaskOverlap.Of(pair.One.Mask[layer.P]!, pair.Other.Mask[layer.P]!),
                    pair => MaskOverlap.Chance(new LayerCounts(layer.Parameter.Count, pair.One.Mask[layer.P]!.Count(), pair.Other.Mask[layer.P]!.Count()))))),
            ])
        {
            IsNested = pairs.All(pair => MaskOverlap.Of(pair.One.Mask, pair.Other.Mask).Both == Math.Min(pair.One.Mask.Kept, pair.Other.Mask.Kept)),
        };

        PairOverlap Average(Func<(ComparedRun One, ComparedRun Other), MaskOverlap> overlap, Func<(ComparedRun One, ComparedRun Other), double> chance)
        {
            double[] values = [.. pairs.Select(pair => overlap(pair).Fraction)];
            var mean = Estimate.FromFractions(values);
            // Pairs of seeds share their runs, so that they are no sample of independent values.
            if (kind == OverlapKind.Seeds) mean = new(mean.Mean, double.NaN, double.NaN, values.Length, IntervalKind.None);
            return new(mean, values.Min(), values.Max(), pairs.Average(chance), values.Length);
        }
    }

    private static bool HasMoved(LoadedGroup group) => group.Runs.Any(run => run.Layers.Any(layer => layer.Own is not null || layer.DenseKept is not null));

    private static MovementRow Movement(LoadedGroup loaded)
    {
        (ComparedGroup group, ImmutableArray<ComparedRun> runs) = loaded;
        int layers = runs[0].Layers.Length;
        return new(group.Name, group.Values, group.Level, group.Density, Average(run => run.Layers),
            [.. Enumerable.Range(0, layers).Select(l => (runs[0].Layers[l].Parameter.Name, Average(run => [run.Layers[l]])))])
        {
            HasOwnMask = group.HasOwnMask,
            Sums = [.. Enumerable.Range(0, layers).Select(l => runs[0].Layers[l] with
            {
                DenseKept = Sum(runs.Select(run => run.Layers[l].DenseKept)),
                DensePruned = Sum(runs.Select(run => run.Layers[l].DensePruned)),
                Own = Sum(runs.Select(run => run.Layers[l].Own)),
            })],
        };

        Movements Average(Func<ComparedRun, ImmutableArray<LayerMovement>> of) => new(
            Estimates(run => of(run).Select(layer => layer.DenseKept)),
            Estimates(run => of(run).Select(layer => layer.DensePruned)),
            Estimates(run => of(run).Select(layer => layer.Own)));

        MovementEstimate Estimates(Func<ComparedRun, IEnumerable<WeightMovement?>> of)
        {
            WeightMovement[] sums = [.. runs.Select(run => Sum(of(run))).OfType<WeightMovement>().Where(sum => sum.Count > 0)];
            var distance = Estimate.FromValues([.. sums.Select(sum => sum.MeanDistance)]);
            return new(
                Estimate.FromFractions([.. sums.Select(sum => sum.SameSignFraction)]), Estimate.FromFractions([.. sums.Select(sum => sum.FlippedFraction)]),
                distance with { Low = Math.Max(0, distance.Low) });
        }
    }

    private static WeightMovement? Sum(IEnumerable<WeightMovement?> movements) =>
        movements.OfType<WeightMovement>().Aggregate((WeightMovement?)null, (sum, one) => sum is null ? one : sum + one);

    private static IEnumerable<ConnectionRow> Connection(LoadedGroup loaded)
    {
        (ComparedGroup group, ImmutableArray<ComparedRun> runs) = loaded;
        foreach ((int p, Parameter parameter) in runs[0].Mask.Network.Parameters.Index().Where(tensor => tensor.Item.Prunable))
        {
            yield return Row(isIncoming: true, [.. runs.Select(run => UnitConnections.Incoming(parameter, run.Mask[p]!))]);
            ImmutableArray<UnitConnections> outgoing = [.. runs.Select(run => UnitConnections.Outgoing(parameter, run.Mask[p]!)).OfType<UnitConnections>()];
            if (!outgoing.IsEmpty) yield return Row(isIncoming: false, outgoing);

            ConnectionRow Row(bool isIncoming, ImmutableArray<UnitConnections> units) =>
                new(group.Name, group.Values, group.Level, group.Density, parameter.Name, isIncoming, units);
        }
    }

    /// <summary>A group with its runs' masks.</summary>
    private sealed record LoadedGroup(ComparedGroup Group, ImmutableArray<ComparedRun> Runs);
}
