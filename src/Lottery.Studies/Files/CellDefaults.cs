using Lottery.Formats.Networks;
using Lottery.Formats.Yaml;
using Lottery.Networks;
using Lottery.Studies.Settings;
using Lottery.Tickets;

namespace Lottery.Studies.Files;

/// <summary>What a cell has where nothing is stated: the defaults of the settings, and the protocol of its network.</summary>
/// <param name="IsSupermask">Whether supermasks are learned.</param>
/// <param name="Source">What errors about a default name; null where options state the settings.</param>
internal sealed record CellDefaults(bool IsSupermask, string? Source)
{
    /// <summary>The settings of a cell that states <paramref name="given"/>, complete.</summary>
    public YamlMap Under(YamlMap given) =>
        StudyTree.Merge(Protocol.Defaults(NetworkOf(given), given["protocol"], IsSupermask, Source), given, StudyShape.File);

    /// <summary>The network; null where there is none or it cannot be read, which is an error of its own.</summary>
    private static Network? NetworkOf(YamlMap given)
    {
        try
        {
            return given["network"] is { } network ? NetworkFile.Get(network.Text) : StudyCell.TicketPathOf(given) is { } path ? Ticket.Load(path).Network : null;
        }
        catch (UserException)
        {
            return null;
        }
    }
}
