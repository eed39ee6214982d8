namespace Lottery;

/// <summary>Suggests the most likely name for a misspelt one.</summary>
internal static class Suggestion
{
    /// <summary>
    /// The candidate with the smallest edit distance to <paramref name="name"/>, or null if none is close. Insertions,
    /// deletions, replacements and swaps of neighbours count, ignoring case; at most a third of the longer name may differ
    /// (at least two letters, but never all). Of equally close candidates, the first.
    /// </summary>
    public static string? Nearest(string name, IEnumerable<string> candidates)
    {
        string? nearest = null;
        int smallest = int.MaxValue;
        foreach (string candidate in candidates)
        {
            int longer = Math.Max(name.Length, candidate.Length);
            int allowed = Math.Min(Math.Max(2, longer / 3), longer - 1);
            if (Math.Abs(name.Length - candidate.Length) > allowed) continue; // an untrusted name may be very long
            int distance = Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant());
            if (distance > allowed || distance >= smallest) continue;
            (nearest, smallest) = (candidate, distance);
        }
        return nearest;
    }

    /// <summary>The end of a sentence about an unknown name: <c>; did you mean 'mnist'?</c>, or a full stop.</summary>
    public static string Ending(string name, IEnumerable<string> candidates) =>
        Nearest(name, candidates) is { } nearest ? $"; did you mean '{nearest}'?" : ".";

    // The optimal string alignment distance, row by row: [i, j] needs rows i − 1 and i − 2 only.
    private static int Distance(string a, string b)
    {
        var before = new int[b.Length + 1];
        int[] last = [.. Enumerable.Range(0, b.Length + 1)];
        var row = new int[b.Length + 1];
        for (int i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(replaced, Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
            }
            (before, last, row) = (last, row, before);
        }
        return last[b.Length];
    }
}
