using System.CommandLine;
using System.Text.Json.Nodes;
using Lottery.Cli.Options;
using Lottery.Cli.Tickets;
using Lottery.Data;
using Lottery.Studies.Tickets;
using Lottery.Tickets;

namespace Lottery.Cli.Commands;

/// <summary>Whether a ticket is what it says: its bytes, its weights, and what it reaches.</summary>
internal sealed class TicketVerifyCommand : TicketFileCommand
{
    private readonly Option<string?> _data = TicketData.Option("The examples that it was measured on, where they are not looked for.");

    public TicketVerifyCommand(Terminal terminal) : base("verify", "Check a ticket's bytes, regenerate its weights, and measure it again.",
        "lottery ticket verify digits.ticket", terminal) => Add(_data);

    protected override int Run(ParseResult parsed)
    {
        string path = PathOf(parsed);
        var ticket = Ticket.Load(path);
        MeasuredAccuracy? told = ticket.Provenance.Accuracy;
        Dataset? data = told is null ? null : TicketData.Of(ticket, parsed.GetValue(_data));
        MeasuredAccuracy? found = data is null ? null : TicketTest.Of(ticket, data, parsed.GetValue(Common.Jobs));
        if (parsed.GetValue(Common.Json))
            Write(new JsonObject { ["file"] = path, ["told"] = TicketWords.Json(told), ["found"] = TicketWords.Json(found), ["agrees"] = found is null ? null : found == told });
        if (found is not null && found != told)
            throw new UserException($"{path} says {TicketWords.Told(told!.Value)}, and reaches {TicketWords.Told(found.Value)}: it is not the ticket that was measured.", 1);
        if (!parsed.GetValue(Common.Json)) Write(Lines(path, ticket, found));
        return 0;
    }

    private static IEnumerable<string> Lines(string path, Ticket ticket, MeasuredAccuracy? found)
    {
        yield return $"{path} is whole: its checksum agrees{(ticket.Kind == TicketKind.Recipe ? ", and its seed gives the weights that it was made of" : "")}.";
        yield return found is { } accuracy ? $"It reaches what it says: {TicketWords.Told(accuracy)} of {ticket.Provenance.Data}."
            : ticket.Provenance.Accuracy is null ? "It says nothing of what it reaches."
            : $"What it says that it reaches ({TicketWords.Told(ticket.Provenance.Accuracy.Value)}) was not checked: {ticket.Provenance.Data ?? "its data"} is not here; name it with --data.";
    }
}
