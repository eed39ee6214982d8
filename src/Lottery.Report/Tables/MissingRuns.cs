using System.Collections.Immutable;

namespace Lottery.Report.Tables;

/// <summary>The planned runs that a table lacks.</summary>
/// <param name="Planned">How many runs were planned, finished ones included.</param>
/// <param name="Finished">How many of them are finished.</param>
/// <param name="Lost">The runs that failed or were skipped: which they are, and why.</param>
internal sealed record MissingRuns(int Planned, int Finished, ImmutableArray<LostRun> Lost)
{
    private const int MostNamed = 3;

    /// <summary>Nothing is missing.</summary>
    public static MissingRuns None { get; } = new(0, 0, []);

    /// <summary>Whether runs are missing that no failure explains: the work was interrupted or still goes on.</summary>
    public bool IsUnfinished => Finished + Lost.Length < Planned;

    /// <summary>What is missing, and why, in a sentence; empty if nothing is.</summary>
    public string Sentence
    {
        get
        {
            if (Finished >= Planned) return "";
            LostRun[] failed = [.. Lost.Where(run => !run.IsSkipped)];
            int skipped = Lost.Length - failed.Length, untrained = Planned - Finished - Lost.Length;
            string rest = $"{NumberFormat.Count(Planned - Finished)} of {NumberFormat.Counted(Planned, "planned run")} {(Planned - Finished == 1 ? "is" : "are")} missing";
            if (Lost.IsEmpty) return $"{rest}: not trained yet.";
            string[] why =
            [
                $"{NumberFormat.Count(failed.Length)} failed", .. skipped > 0 ? [$"{NumberFormat.Count(skipped)} that would come from {(failed.Length == 1 ? "it were" : "them were")} not trained"] : (string[])[],
                .. untrained > 0 ? [$"{NumberFormat.Count(untrained)} {(untrained == 1 ? "is" : "are")} not trained yet"] : (string[])[],
            ];
            string[] named = [.. failed.Take(MostNamed).Select(run => run.ToString())];
            string more = failed.Length > MostNamed ? $"; and {NumberFormat.Count(failed.Length - MostNamed)} more" : "";
            return $"{rest}: {string.Join(", ", why)}{(named.Length == 0 ? "" : $". Failed: {string.Join("; ", named)}{more}")}.";
        }
    }
}

/// <summary>A planned run that failed, or that was skipped because a run that it comes from failed.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Condition">Its condition, by name and value of what distinguishes it; empty if nothing does.</param>
/// <param name="Key">Equal to that of the runs whose replicate it would be.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Level">Its level.</param>
/// <param name="Reason">Why it failed, without a full stop.</param>
/// <param name="IsSkipped">True if it was skipped.</param>
internal sealed record LostRun(string Id, string Condition, string Key, ulong Seed, int Level, string Reason, bool IsSkipped)
{
    /// <summary>How many attempts at it failed.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>The run and its reason: <c>learning rate 3, seed 7, level 0 (the loss is NaN)</c>.</summary>
    public override string ToString() =>
        $"{(Condition.Length > 0 ? Condition + ", " : "")}seed {Seed}, level {Level} ({Reason}{(Attempts > 1 ? $"; {Attempts} attempts" : "")})";
}
