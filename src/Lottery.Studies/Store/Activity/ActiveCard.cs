using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Lottery.Studies.Identity;
using Lottery.Studies.Store.Files;

namespace Lottery.Studies.Store.Activity;

/// <summary>A card that a process trains runs on, as that process last wrote it, for the dashboard: no result depends on it.</summary>
/// <param name="Host">The name of its machine.</param>
/// <param name="Number">The card's number there.</param>
/// <param name="Name">Its name.</param>
/// <param name="UsedBytes">Memory that any process uses; null if the card does not tell.</param>
/// <param name="TotalBytes">Its memory.</param>
/// <param name="Utilization">The share of the last moments in which it worked, in percent; null where no library tells.</param>
/// <param name="Runs">The ids of the process's runs on it.</param>
internal sealed record ActiveCard(
    string Host, int Number, string Name, long? UsedBytes, long TotalBytes, int? Utilization, ImmutableArray<string> Runs)
{
    /// <summary>The cards that processes train on now: each once, with the runs of all of them.</summary>
    internal static ImmutableArray<ActiveCard> List(StorePaths paths) =>
    [
        .. StoreFolder.NamesIn(paths.Cards).Where(name => paths.Claims.IsHeld(Path.Combine(paths.Card(name), StorePaths.ClaimFile)))
            .Select(name => Read(paths, name)).OfType<ActiveCard>()
            .GroupBy(card => (card.Host, card.Number, card.Name)).OrderBy(same => same.Key.Host, StringComparer.Ordinal).ThenBy(same => same.Key.Number)
            .Select(same => same.First() with
            {
                UsedBytes = same.Max(card => card.UsedBytes), Utilization = same.Max(card => card.Utilization),
                Runs = [.. same.SelectMany(card => card.Runs).Distinct().Order(StringComparer.Ordinal)],
            }),
    ];

    private static ActiveCard? Read(StorePaths paths, string name)
    {
        try
        {
            byte[] json = RegularFile.Read(Path.Combine(paths.Card(name), StorePaths.CardFile));
            return JsonSerializer.Deserialize(json, ActiveCardJson.Default.ActiveCard) is { Host: not null, Name: not null, TotalBytes: > 0, Runs.IsDefault: false } card
                && card.Runs.All(id => id is not null && RunIdentity.IsId(id)) ? card : null;
        }
        catch (Exception missing) when (missing is IOException or JsonException or UnauthorizedAccessException or InvalidDataException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower)]
[JsonSerializable(typeof(ActiveCard))]
internal sealed partial class ActiveCardJson : JsonSerializerContext;
