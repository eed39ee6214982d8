using Lottery.Formats.Yaml;
using Lottery.Networks;
using Lottery.Studies.Store;
using Lottery.Tickets;

namespace Lottery.Studies.Files;

/// <summary>What a cell of a study begins with: its keys <c>mask</c> and <c>start</c>.</summary>
internal static class StudyStart
{
    /// <summary>The start of a cell.</summary>
    /// <param name="settings">The cell's values.</param>
    /// <param name="mask">The mask, as the file names it; null to begin dense.</param>
    /// <param name="network">The cell's network.</param>
    /// <param name="starts">Reads files.</param>
    /// <exception cref="UserException">A file is missing, or is none of the network.</exception>
    public static SearchStart Of(YamlMap settings, string? mask, Network network, SearchStarts starts)
    {
        if (settings["start"] is YamlScalar ticket) return OfTicket(PathOf(ticket)!, settings, mask, network);
        var files = settings["start"] as YamlMap;
        if (files is { Entries.IsEmpty: true }) throw new UserException("start is empty; name a ticket, or the files of weights as initial and final");
        return starts.Find(new(mask, PathOf(files?["initial"]), PathOf(files?["final"])), network);
    }

    private static SearchStart OfTicket(string path, YamlMap settings, string? mask, Network network)
    {
        if (mask is not null) throw new UserException($"{path} is a ticket with a mask of its own, and mask is given too; keep one");
        var ticket = Ticket.Load(path);
        if (!ticket.Network.Equals(network))
            throw new UserException($"{path} is a ticket of {ticket.Network.Name}, and the network is {network.Name}; write the ticket's");
        return SearchStart.Of(path, ticket, Says("mask0"), Says("data", "scale"));

        // What the file does not say has its place in the defaults, which have no lines.
        bool Says(params ReadOnlySpan<string> keys) => settings.At(keys) is { Place.Line: > 0 } or { Place.Source: ['-', ..] };
    }

    /// <summary>A file is named from where the study's own lies; on the command line, from where one is.</summary>
    private static string? PathOf(YamlNode? node) => node is null ? null
        : node.Place.Line == 0 ? node.Text
        : Path.Combine(Path.GetDirectoryName(node.Place.Source) ?? "", node.Text);
}
