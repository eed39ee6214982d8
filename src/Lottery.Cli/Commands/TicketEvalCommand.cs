using System.CommandLine;
using System.Text.Json.Nodes;
using Lottery.Cli.Options;
using Lottery.Cli.Tickets;
using Lottery.Data;
using Lottery.Formats;
using Lottery.Studies.Tickets;
using Lottery.Tickets;

namespace Lottery.Cli.Commands;

/// <summary>What a ticket reaches on any examples.</summary>
internal sealed class TicketEvalCommand : TicketFileCommand
{
    private readonly Option<string> _data = new("--data")
    {
        Description = "Whose test images: a name from `lottery data list`, a folder, or folder:PATH.",
        HelpName = "NAME|PATH",
        Required = true,
    };

    public TicketEvalCommand(Terminal terminal) : base("eval", "Measure a ticket on the test images of any data.",
        "lottery ticket eval digits.ticket --data mnist", terminal) => Add(_data);

    protected override int Run(ParseResult parsed)
    {
        var ticket = Ticket.Load(PathOf(parsed));
        Dataset data = DataSource.Load(parsed.GetValue(_data)!);
        MeasuredAccuracy measured = TicketTest.Of(ticket, data, parsed.GetValue(Common.Jobs));
        if (parsed.GetValue(Common.Json)) Write(new JsonObject { ["data"] = data.Name, ["accuracy"] = TicketWords.Json(measured) });
        else Write([$"{TicketWords.Told(measured)} of {data.Name}."]);
        return 0;
    }
}
