using System.Collections.Immutable;

namespace Lottery.Report.Tables;

/// <summary>The planned runs that a table lacks.</summary>
/// <param name="Planned">How many runs were planned, finished ones included.</param>
/// <param name="Finished">How many of them are finished.</param>
/// <param name="Failed">The runs that failed: which they are, and why.</param>
internal sealed record MissingRuns(int Planned, int Finished, ImmutableArray<FailedRun> Failed)
{
    private const int MostNamed = 3;

    /// <summary>Nothing is missing.</summary>
    public static MissingRuns None { get; } = new(0, 0, []);

    /// <summary>Whether runs are missing that no failure explains: the work was interrupted or still goes on.</summary>
    public bool IsUnfinished => Finished < Planned && Failed.IsEmpty;

    /// <summary>A finding with what is missing after it; in its place, while runs are missing that did not fail.</summary>
    public string After(string finding) => IsUnfinished ? $"No finding yet: {Sentence}" : Sentence is { Length: > 0 } missing ? $"{finding} {missing}" : finding;

    /// <summary>What is missing, and why, in a sentence; empty if nothing is.</summary>
    public string Sentence
    {
        get
        {
            if (Finished >= Planned) return "";
            string rest = $"{NumberFormat.Count(Planned - Finished)} of {NumberFormat.Counted(Planned, "planned run")} {(Planned - Finished == 1 ? "is" : "are")} missing";
            if (Failed.IsEmpty) return $"{rest}: not trained yet.";
            string[] named = [.. Failed.Take(MostNamed).Select(run => run.ToString())];
            string more = Failed.Length > MostNamed ? $"; and {NumberFormat.Count(Failed.Length - MostNamed)} more" : "";
            return $"{rest}, {NumberFormat.Count(Failed.Length)} of them failed: {string.Join("; ", named)}{more}.";
        }
    }
}

/// <summary>A run that failed.</summary>
/// <param name="Condition">Its condition, by name and value of what distinguishes it; empty if nothing does.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Level">Its level.</param>
/// <param name="Reason">Why it failed, without a full stop.</param>
internal sealed record FailedRun(string Condition, ulong Seed, int Level, string Reason)
{
    /// <summary>The run and its reason: <c>learning rate 3, seed 7, level 0 (the loss is NaN)</c>.</summary>
    public override string ToString() => $"{(Condition.Length > 0 ? Condition + ", " : "")}seed {Seed}, level {Level} ({Reason})";
}
