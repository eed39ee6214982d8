namespace Lottery.Numerics;

/// <summary>
/// A kept weight in the order in which weights go: by score, then by the seeded draw, then by place. No two are equal.
/// </summary>
/// <param name="Score">Its score; never NaN.</param>
/// <param name="Draw">64 random bits of its own.</param>
/// <param name="Parameter">Its parameter's index in the network.</param>
/// <param name="Index">Its row-major index in the parameter.</param>
internal readonly record struct Ranked(double Score, ulong Draw, int Parameter, int Index)
{
    /// <summary>True when <paramref name="a"/> goes before <paramref name="b"/>.</summary>
    internal static bool Before(in Ranked a, in Ranked b)
    {
        if (a.Score != b.Score) return a.Score < b.Score;
        if (a.Draw != b.Draw) return a.Draw < b.Draw;
        return a.Parameter != b.Parameter ? a.Parameter < b.Parameter : a.Index < b.Index;
    }

    /// <summary>
    /// Moves the <paramref name="count"/> that go first to the front, the last of them to place count − 1 (Hoare's
    /// FIND). Which these are depends on the weights alone, their order otherwise on nothing that matters.
    /// </summary>
    internal static void MoveFirst(Span<Ranked> weights, int count)
    {
        int place = count - 1, low = 0, high = place < 0 ? -1 : weights.Length - 1;
        for (int round = 0; low < high; round++)
        {
            if (round == MostRounds)
            {
                weights[low..(high + 1)].Sort(static (a, b) => Before(a, b) ? -1 : Before(b, a) ? 1 : 0);
                return;
            }
            (int left, int right) = Partition(weights, low, high);
            if (place <= right) high = right;
            else if (place >= left) low = left;
            else return;
        }
    }

    // Halving 2³¹ weights takes 31 rounds; bad luck with pivots must not make it quadratic.
    private const int MostRounds = 100;

    // Afterwards nothing in [low, right] goes after anything in [left, high], and right < left.
    private static (int Left, int Right) Partition(Span<Ranked> weights, int low, int high)
    {
        Ranked pivot = weights[(int)(((uint)low + (uint)high) / 2)];
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
