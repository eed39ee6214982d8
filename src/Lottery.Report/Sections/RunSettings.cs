using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Lottery.Specifications;
using Lottery.Studies.Queries;
using Lottery.Studies.Store;

namespace Lottery.Report.Sections;

/// <summary>The settings of runs (<see cref="RunFields.Settings"/>), by which they are grouped and named.</summary>
internal static class RunSettings
{
    /// <summary>What runs share that differ in nothing but their seeds and the runs that they come from, by an object that such runs have in common.</summary>
    private static readonly ConditionalWeakTable<TrainingSpecification, ConcurrentDictionary<RunSpecification, SettingValues>> s_known = [];

    /// <summary>Actions that runs of level 0 have, too, if their search began with a mask.</summary>
    private static readonly string[] s_actions = ["mask1", "mask0", "rewind_to"];

    /// <summary>The values of a run, in the order of <see cref="RunFields.Settings"/>; null where a setting does not apply.</summary>
    public static object?[] Values(RunSummary run) => Of(run.Specification).Values;

    /// <summary>Equal for runs of one condition: those that differ in nothing but seed and level.</summary>
    public static string ConditionKey(RunSummary run) => ConditionKey(run.Specification);

    /// <summary>Likewise of a run that is not finished.</summary>
    public static string ConditionKey(RunSpecification run)
    {
        SettingValues known = Of(run);
        return known.ConditionKey ??= Key(known.Values, _ => true);
    }

    /// <summary>The <see cref="ConditionKey(RunSummary)"/> without settings that do not apply to some runs.</summary>
    public static string AppliedKey(RunSummary run) => Key(Values(run), field => field.Applies is null);

    /// <summary>Equal for runs of one search, and for searches that differ in <paramref name="except"/> or in how weights are pruned.</summary>
    public static string SharedKey(RunSummary run, ImmutableArray<RunField> except = default) => SharedKey(run.Specification, except);

    /// <summary>Likewise of a run that is not finished.</summary>
    public static string SharedKey(RunSpecification run, ImmutableArray<RunField> except = default)
    {
        SettingValues known = Of(run);
        if (except.IsDefaultOrEmpty) return known.SharedKey ??= SharedKey(run, known.Values, except);
        // Runs are grouped with one exception after the other, each of which thousands of runs have in common.
        if (known.Except is { } last && last.Fields == except) return last.Key;
        string key = SharedKey(run, known.Values, except);
        known.Except = new(except, key);
        return key;
    }

    /// <summary>What is known of the settings of runs like this one.</summary>
    private static SettingValues Of(RunSpecification run)
    {
        // What a mask was taken from is only known from the runs that it comes from.
        if (run.Transfer is not null) return Compute(run);
        return s_known.GetValue(run.Training, static _ => []).GetOrAdd(run with { Seed = 0, Parent = null }, static run => Compute(run));

        static SettingValues Compute(RunSpecification run) => new([.. RunFields.Settings.Select(field => field.Setting!(run))]);
    }

    private static string SharedKey(RunSpecification run, object?[] values, ImmutableArray<RunField> except)
    {
        bool hasActions = run.Start?.Mask is not null;
        return Key(values, field => (field.IsShared || (hasActions && s_actions.Contains(field.Name))) && (except.IsDefault || !except.Contains(field)));
    }

    private static string Key(object?[] values, Func<RunField, bool> counts) =>
        string.Join('\n', RunFields.Settings.Select((field, i) => counts(field) ? values[i] : null));

    /// <summary>The settings of a run, and the keys that were made of them.</summary>
    private sealed class SettingValues(object?[] values)
    {
        public object?[] Values { get; } = values;

        public string? ConditionKey { get; set; }

        public string? SharedKey { get; set; }

        public KeyExcept? Except { get; set; }
    }

    /// <summary>A shared key without some settings.</summary>
    private sealed record KeyExcept(ImmutableArray<RunField> Fields, string Key);
}

/// <summary>What the runs of a condition do: sections have one kind, because their tables and charts differ.</summary>
internal enum RunKind
{
    /// <summary>Weights are trained.</summary>
    Trained,

    /// <summary>Masks are evaluated on weights that were never trained.</summary>
    Untrained,

    /// <summary>Masks are learned on weights that are never trained.</summary>
    Learned,
}

/// <summary>The kinds of runs.</summary>
internal static class RunKinds
{
    /// <summary>The kind of <paramref name="run"/>.</summary>
    public static RunKind KindOf(RunSummary run) => KindOf(run.Specification);

    /// <summary>Likewise of what was asked.</summary>
    public static RunKind KindOf(RunSpecification run) => run.Supermask is not null ? RunKind.Learned
        : run is { Level: > 0, Training.Steps: 0 } or { Control: not Control.None, Training.Steps: 0 } ? RunKind.Untrained : RunKind.Trained;
}
