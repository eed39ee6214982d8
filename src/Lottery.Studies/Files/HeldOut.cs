using Lottery.Data;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Identity;

namespace Lottery.Studies.Files;

/// <summary>
/// The examples that a search holds out where its mask or weights were trained before: the same as there where that is known, since
/// validation would else hold examples that they were trained on. Where it is not known, a note says so.
/// </summary>
/// <param name="SplitSeed">The seed that selects the examples; null for that of each replicate.</param>
/// <param name="Note">A sentence for the user; null where nothing is to be said.</param>
internal readonly record struct HeldOut(ulong? SplitSeed, string? Note)
{
    private const string Leak = "validation may hold examples that it was trained on";

    /// <summary>What a search holds out that begins with what a run left.</summary>
    /// <param name="search">The search.</param>
    /// <param name="data">Its data set.</param>
    /// <param name="trained">The run whose mask it takes; null where it is not known.</param>
    /// <param name="what">What it takes, at the beginning of a sentence.</param>
    public static HeldOut After(SearchDefinition search, Dataset data, RunSpecification? trained, string what)
    {
        // A validation set of the data's own is the same for all.
        if (data.OwnValidation > 0) return new(search.Data.SplitSeed, null);
        if (search.Data.SplitSeed is { } stated)
            return trained is null || !Overlaps(trained, data) || stated == trained.SplitSeed ? new(stated, null)
                : new(stated, $"{what} comes from run {Id(trained)}, which held out the examples of split seed {trained.SplitSeed}: {Leak}. "
                    + "Leave data.split-seed (--split-seed) out to hold out the same.");
        if (trained is null)
            return new(null, $"{what} does not say which examples were held out where it was trained: {Leak}. If you know the seed, state it as "
                + "data.split-seed (--split-seed).");
        if (!Overlaps(trained, data)) return new(null, null);
        if (trained.Data.Validation != search.Data.Validation)
            return new(null, $"{what} comes from run {Id(trained)}, which held out {trained.Data.Validation} examples and not {search.Data.Validation}: "
                + $"{Leak}. Set data.validation (--validation) to {trained.Data.Validation} to hold out the same.");
        return new(search.Seeds.All(seed => seed == trained.SplitSeed) ? null : trained.SplitSeed, null);
    }

    /// <summary>The note about masks that are taken from searches of other seeds, which hold out other examples; null where they do not.</summary>
    /// <param name="search">The search.</param>
    /// <param name="data">Its data set.</param>
    /// <param name="seed">One of its seeds.</param>
    /// <param name="ticket">A run of the search that the mask of this seed is taken from.</param>
    public static string? NoteOf(SearchDefinition search, Dataset data, ulong seed, RunSpecification ticket) =>
        data.OwnValidation > 0 || !Overlaps(ticket, data) || (ticket.SplitSeed == (search.Data.SplitSeed ?? seed) && ticket.Data.Validation == search.Data.Validation) ? null
            : "A seed's validation examples may be among those that another seed's mask was trained on: with data.split-seed: 0 all seeds have the same ones.";

    private static bool Overlaps(RunSpecification trained, Dataset data) => trained.Data.Sha256 == data.Sha256;

    private static string Id(RunSpecification run) => RunIdentity.Short(RunIdentity.Of(run));
}
