using Lottery.Studies.Identity;

namespace Lottery.Studies.Store;

/// <summary>The order of runs in lists.</summary>
internal static class RunOrder
{
    /// <summary>By network, data, seed, level; the ticket before its controls.</summary>
    public static IComparer<RunSummary> Listed { get; } = Comparer<RunSummary>.Create(Compare);

    private static int Compare(RunSummary left, RunSummary right)
    {
        int order = string.CompareOrdinal(left.Network, right.Network);
        if (order == 0) order = string.CompareOrdinal(left.Data, right.Data);
        if (order == 0) order = left.Seed.CompareTo(right.Seed);
        if (order == 0) order = left.Level.CompareTo(right.Level);
        if (order == 0) order = string.CompareOrdinal(left.Criterion, right.Criterion);
        if (order == 0) order = string.CompareOrdinal(KebabCase.Of(left.Control), KebabCase.Of(right.Control));
        if (order == 0) order = left.Draw.CompareTo(right.Draw);
        return order != 0 ? order : string.CompareOrdinal(left.Id, right.Id);
    }
}
