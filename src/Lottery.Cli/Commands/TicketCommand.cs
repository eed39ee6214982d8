using System.CommandLine;

namespace Lottery.Cli.Commands;

/// <summary>Tickets in files of their own.</summary>
internal sealed class TicketCommand : Command
{
    public TicketCommand(Terminal terminal) : base("ticket", "Pack a ticket into a small file, and look at, check, use or convert one.")
    {
        Add(new TicketPackCommand(terminal));
        Add(new TicketInspectCommand(terminal));
        Add(new TicketVerifyCommand(terminal));
        Add(new TicketEvalCommand(terminal));
        Add(new TicketPredictCommand(terminal));
        Add(new TicketUnpackCommand(terminal));
        Add(new TicketExportCommand(terminal));
    }
}

/// <summary>A verb that works on a ticket's file; its checksum is checked before anything else.</summary>
internal abstract class TicketFileCommand : Verb
{
    private readonly Argument<string> _file = new("FILE") { Description = "A ticket." };

    protected TicketFileCommand(string name, string description, string example, Terminal terminal)
        : base(name, description, example, terminal) => Add(_file);

    /// <summary>The path that was given.</summary>
    protected string PathOf(ParseResult parsed) => parsed.GetValue(_file)!;
}
