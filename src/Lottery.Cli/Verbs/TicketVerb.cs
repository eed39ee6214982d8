using System.CommandLine;

namespace Lottery.Cli.Verbs;

/// <summary>Tickets in files of their own.</summary>
internal sealed class TicketVerb : Command
{
    public TicketVerb(Terminal terminal) : base("ticket", "Pack a ticket into a small file, and look at, check, use or convert one.")
    {
        Add(new TicketPackVerb(terminal));
        Add(new TicketInspectVerb(terminal));
        Add(new TicketVerifyVerb(terminal));
        Add(new TicketEvalVerb(terminal));
        Add(new TicketPredictVerb(terminal));
        Add(new TicketUnpackVerb(terminal));
        Add(new TicketExportVerb(terminal));
    }
}

/// <summary>A verb that works on a ticket's file; its checksum is checked before anything else.</summary>
internal abstract class TicketFileVerb : Verb
{
    private readonly Argument<string> _file = new("FILE") { Description = "A ticket." };

    protected TicketFileVerb(string name, string description, string example, Terminal terminal)
        : base(name, description, example, terminal) => Add(_file);

    /// <summary>The path that was given.</summary>
    protected string PathOf(ParseResult parsed) => parsed.GetValue(_file)!;
}
