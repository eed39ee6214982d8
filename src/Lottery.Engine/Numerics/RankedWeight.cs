namespace Lottery.Numerics;

/// <summary>
/// A kept weight, in the order of pruning: by score, then by random tie-break, then by position. No two are equal.
/// </summary>
/// <param name="Score">The criterion's score; never NaN.</param>
/// <param name="TieBreak">64 random bits, a function of seed and position.</param>
/// <param name="Parameter">Its parameter's index in the network.</param>
/// <param name="Index">Its row-major index in the parameter.</param>
internal readonly record struct RankedWeight(double Score, ulong TieBreak, int Parameter, int Index)
{
    /// <summary>True if <paramref name="a"/> is pruned before <paramref name="b"/>.</summary>
    internal static bool Before(in RankedWeight a, in RankedWeight b)
    {
        if (a.Score != b.Score) return a.Score < b.Score;
        if (a.TieBreak != b.TieBreak) return a.TieBreak < b.TieBreak;
        return a.Parameter != b.Parameter ? a.Parameter < b.Parameter : a.Index < b.Index;
    }

    /// <summary>
    /// Moves the <paramref name="count"/> weights that are pruned first to the front, the last of them to index count − 1
    /// (quickselect: Hoare's FIND). The set depends on the weights only; the order within it is unspecified.
    /// </summary>
    internal static void MoveFirst(Span<RankedWeight> weights, int count)
    {
        int target = count - 1, low = 0, high = target < 0 ? -1 : weights.Length - 1;
        for (int round = 0; low < high; round++)
        {
            if (round == MaxRounds)
            {
                weights[low..(high + 1)].Sort(static (a, b) => Before(a, b) ? -1 : Before(b, a) ? 1 : 0);
                return;
            }
            (int left, int right) = Partition(weights, low, high);
            if (target <= right) high = right;
            else if (target >= left) low = left;
            else return;
        }
    }

    // Halving 2³¹ weights takes 31 rounds; bad pivots must not make it quadratic.
    private const int MaxRounds = 100;

    // Afterwards nothing in [low, right] comes after anything in [left, high], and right < left.
    private static (int Left, int Right) Partition(Span<RankedWeight> weights, int low, int high)
    {
        RankedWeight pivot = weights[(int)(((uint)low + (uint)high) / 2)];
        int left = low, right = high;
        while (left <= right)
        {
            while (Before(weights[left], pivot)) left++;
            while (Before(pivot, weights[right])) right--;
            if (left > right) break;
            (weights[left], weights[right]) = (weights[right], weights[left]);
            left++;
            right--;
        }
        return (left, right);
    }
}
