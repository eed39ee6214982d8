using Lottery.Studies.Identity;

namespace Lottery.Studies.Store;

/// <summary>The order of runs in lists: by network, data, seed, level; the ticket before its controls.</summary>
internal static class RunOrder
{
    /// <summary>Sorts runs. What they are sorted by is collected first: a hundred thousand runs lie all over the memory.</summary>
    public static void Sort(RunSummary[] runs) => Array.Sort([.. runs.Select(Key.Of)], runs);

    private readonly record struct Key(string Network, string Data, ulong Seed, int Level, string? Criterion, string Control, int Draw, string Id) : IComparable<Key>
    {
        public static Key Of(RunSummary run) => new(run.Network, run.Data, run.Seed, run.Level, run.Criterion, KebabCase.Of(run.Control), run.Draw, run.Id);

        public int CompareTo(Key other)
        {
            int order = string.CompareOrdinal(Network, other.Network);
            if (order == 0) order = string.CompareOrdinal(Data, other.Data);
            if (order == 0) order = Seed.CompareTo(other.Seed);
            if (order == 0) order = Level.CompareTo(other.Level);
            if (order == 0) order = string.CompareOrdinal(Criterion, other.Criterion);
            if (order == 0) order = string.CompareOrdinal(Control, other.Control);
            if (order == 0) order = Draw.CompareTo(other.Draw);
            return order != 0 ? order : string.CompareOrdinal(Id, other.Id);
        }
    }
}
