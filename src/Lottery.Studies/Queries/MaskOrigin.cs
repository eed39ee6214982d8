using System.Globalization;
using Lottery.Actions;
using Lottery.Data;
using Lottery.Specifications;
using Lottery.Studies.Identity;

namespace Lottery.Studies.Queries;

/// <summary>Says whose ticket a mask was taken from: how that search differs from the run that trains the mask.</summary>
internal static class MaskOrigin
{
    /// <summary>As in <c>seed + 1, with its weights</c> or <c>data fashion-mnist</c>; null where the mask was pruned here.</summary>
    public static string? Of(RunSpecification run)
    {
        if (run.Transfer is not { } weights) return null;
        RunSpecification taken = run.Control == Control.None ? run : run.Parent!, ticket = taken.Parent!;
        string[] parts =
        [
            .. ticket.Seed == run.Seed ? (string[])[] : [Offset(run.Seed, ticket.Seed)],
            .. RunFields.Settings.Where(field => field.IsShared).Select(field => Difference(field, ticket, run)).OfType<string>(),
            .. ticket.Actions!.Mask1 == Mask1.Rewind.Name ? (string[])[] : [ticket.Actions.Mask1],
            .. ticket.Actions.Mask0 == Mask0.Zero.Name ? (string[])[] : [ticket.Actions.Mask0],
        ];
        return (parts.Length == 0 ? "the ticket" : string.Join(", ", parts)) + (weights == TransferredWeights.Ticket ? ", with its weights" : "");
    }

    private static string? Difference(RunField field, RunSpecification ticket, RunSpecification run)
    {
        object? there = field.Setting!(ticket);
        return Equals(there, field.Setting(run)) ? null : string.Create(CultureInfo.InvariantCulture, $"{field.Label} {Name(there)}");
    }

    /// <summary>A data set by its name if it is a known one; other hashes by their beginning.</summary>
    private static object Name(object? value) => value switch
    {
        null => "none",
        string { Length: 64 } hash => KnownSet.All.FirstOrDefault(set => set.ContentSha256 == hash)?.Name ?? RunIdentity.Short(hash),
        _ => value,
    };

    private static string Offset(ulong own, ulong other) => string.Create(CultureInfo.InvariantCulture,
        $"seed {(other > own ? "+" : "−")} {(other > own ? other - own : own - other)}");
}
