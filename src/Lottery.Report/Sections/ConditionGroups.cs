using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Lottery.Report.Tables;
using Lottery.Studies.Identity;
using Lottery.Studies.Queries;
using Lottery.Studies.Store;

namespace Lottery.Report.Sections;

/// <summary>Runs grouped by what differs in their settings, seed and level apart.</summary>
/// <param name="Axes">What differs between groups: no more settings than it takes to distinguish them.</param>
/// <param name="Groups">The groups, in the order of their first runs.</param>
internal sealed record ConditionGroups(ImmutableArray<RunField> Axes, ImmutableArray<ConditionGroup> Groups)
{
    /// <summary>Groups <paramref name="runs"/>; at least one.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="first">The settings that are named first, in this order, if they differ; by default none.</param>
    public static ConditionGroups Create(IEnumerable<RunSummary> runs, ImmutableArray<RunField> first = default)
    {
        if (first.IsDefault) first = [];
        RunSummary[][] cells = [.. Shared(runs.GroupBy(RunSettings.ConditionKey).Select(cell => cell.ToArray()))];
        RunField[] varying =
        [
            .. RunFields.Settings.Where((_, i) => cells.Select(cell => RunSettings.Values(cell[0])[i]).Distinct().Skip(1).Any())
                .OrderBy(field => first.Contains(field) ? first.IndexOf(field) : first.Length),
        ];
        Dictionary<RunField, string?[]> texts = varying.ToDictionary(field => field, field => cells.Select(cell => Labels.Value(field, cell[0])).ToArray());
        if (!Distinguish(texts, varying, cells.Length))
            foreach (RunField field in varying) texts[field] = [.. cells.Select(cell => WithHash(field, cell[0]))];
        ImmutableArray<RunField> axes = Necessary(texts, varying, cells.Length);
        return new(axes, [.. cells.Select((cell, i) => new ConditionGroup([.. axes.Select(axis => texts[axis][i] ?? Labels.Absent)], [.. cell.OrderBy(run => run.Level)]))]);
    }

    /// <summary>Puts runs to which a setting does not apply into the cells of all its values; where there is none, they are a cell.</summary>
    private static IEnumerable<RunSummary[]> Shared(IEnumerable<RunSummary[]> cells)
    {
        RunSummary[][] all = [.. cells];
        ILookup<string, RunSummary[]> shared = all.Where(IsShared).ToLookup(cell => RunSettings.AppliedKey(cell[0]));
        HashSet<string> others = [.. all.Where(cell => !IsShared(cell)).Select(cell => RunSettings.AppliedKey(cell[0]))];
        foreach (RunSummary[] cell in all)
        {
            string key = RunSettings.AppliedKey(cell[0]);
            if (!IsShared(cell)) yield return [.. cell, .. shared[key].SelectMany(one => one)];
            else if (!others.Contains(key)) yield return cell;
        }
    }

    private static bool IsShared(RunSummary[] cell) => RunFields.Settings.Any(field => field.Applies?.Invoke(cell[0].Specification) == false);

    /// <summary>
    /// Leaves out settings that follow from another, as beta1 does from the optimizer, and settings that have one value
    /// wherever they apply, as long as the others distinguish all groups.
    /// </summary>
    private static ImmutableArray<RunField> Necessary(Dictionary<RunField, string?[]> texts, RunField[] varying, int groups)
    {
        ImmutableArray<RunField> axes = [.. varying];
        foreach (RunField field in varying.Reverse().OrderBy(field => field.DependsOn is null))
        {
            bool hasOneText = !texts[field].OfType<string>().Distinct().Skip(1).Any();
            bool follows = field.DependsOn is { } decisive && texts.GetValueOrDefault(RunFields.Get(decisive)) is { } deciding
                && deciding.Zip(texts[field]).Distinct().Count() == deciding.Distinct().Count();
            if ((hasOneText || follows) && Distinguish(texts, axes.Remove(field), groups)) axes = axes.Remove(field);
        }
        return axes;
    }

    private static bool Distinguish(Dictionary<RunField, string?[]> texts, IReadOnlyCollection<RunField> axes, int groups) =>
        Enumerable.Range(0, groups).Select(i => string.Join('\n', axes.Select(axis => texts[axis][i]))).Distinct().Count() == groups;

    /// <summary>The value with the beginning of a hash, where names alone do not distinguish, as of two networks of one name.</summary>
    private static string? WithHash(RunField field, RunSummary run) => Labels.Value(field, run) is not { } text ? null
        : field.Setting!(run.Specification) is not string identity || identity == text ? text
        : $"{text} ({RunIdentity.Short(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity))))})";
}

/// <summary>Runs that differ in nothing but seed and level.</summary>
/// <param name="Values">Their value on each axis; <see cref="Labels.Absent"/> where it does not apply.</param>
/// <param name="Runs">The runs, by level.</param>
internal sealed record ConditionGroup(ImmutableArray<string> Values, ImmutableArray<RunSummary> Runs);
