namespace Lottery;

/// <summary>The name that someone who misspelt one most likely meant.</summary>
public static class Suggestion
{
    /// <summary>
    /// The candidate nearest to <paramref name="name"/>, or null when none is near: the letters to insert, delete,
    /// replace or swap with a neighbour, upper and lower case alike, may be at most a third of the longer name (and
    /// at least two letters, but never all of them). The first of equally near ones.
    /// </summary>
    public static string? Nearest(string name, IEnumerable<string> candidates)
    {
        string? nearest = null;
        int smallest = int.MaxValue;
        foreach (string candidate in candidates)
        {
            int longer = Math.Max(name.Length, candidate.Length);
            int allowed = Math.Min(Math.Max(2, longer / 3), longer - 1);
            if (Math.Abs(name.Length - candidate.Length) > allowed) continue; // a stranger's name may have a million letters
            int distance = Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant());
            if (distance > allowed || distance >= smallest) continue;
            (nearest, smallest) = (candidate, distance);
        }
        return nearest;
    }

    /// <summary>The end of a sentence about an unknown name: <c>; did you mean 'mnist'?</c>, or a full stop.</summary>
    public static string Ending(string name, IEnumerable<string> candidates) =>
        Nearest(name, candidates) is { } nearest ? $"; did you mean '{nearest}'?" : ".";

    // The optimal string alignment distance, a row at a time: [i, j] needs the rows i − 1 and i − 2 alone.
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
