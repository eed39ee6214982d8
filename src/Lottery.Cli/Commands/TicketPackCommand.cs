using System.CommandLine;
using System.Globalization;
using Lottery.Cli.Options;
using Lottery.Cli.Tickets;
using Lottery.Report.Tables;
using Lottery.Studies.Tickets;
using Lottery.Tickets;

namespace Lottery.Cli.Commands;

/// <summary>A run, or weights that were trained elsewhere, in a file that ships.</summary>
internal sealed class TicketPackCommand : StoreCommand
{
    private readonly Argument<string?> _run = new("RUN")
    {
        Description = "A run's id, or the beginning of one; none with --final.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly PackOptions _options = new();

    private readonly OutputOption _output = new("The file to write. [default: network and run, as in lenet-300-100-3f2a91c04b.ticket]");

    public TicketPackCommand(Terminal terminal) : base("pack", "Pack a run into a small file: a mask and a seed, or the trained weights.",
        "lottery ticket pack 3f2a --kind trained --values i8 -o digits.ticket", terminal)
    {
        Add(_run);
        foreach (Option option in (Option[])[.. _options.All, .. _output.All]) Add(option);
    }

    protected override int Run(ParseResult parsed)
    {
        PackSource source = _options.Source(parsed.GetValue(_run), parsed, () => Open(parsed));
        string path = _output.Of(parsed, source.UsualName);
        Ticket ticket = source.Make();
        MeasuredAccuracy measured = TicketTest.Of(ticket, source.Data, parsed.GetValue(Common.Jobs));
        ticket = ticket with { Provenance = ticket.Provenance with { Accuracy = measured } };
        byte[] bytes = Checked(ticket);
        OutputOption.Write(path, bytes);
        if (parsed.GetValue(Common.Json)) Write(TicketWords.Json(ticket, path, bytes.Length));
        else Write(Lines(ticket, path, bytes.Length, measured));
        return 0;
    }

    /// <summary>Its bytes, found to be read back as what was measured: a name in the header may be none that a reader takes.</summary>
    private static byte[] Checked(Ticket ticket)
    {
        byte[] bytes = ticket.Write();
        try
        {
            if (Ticket.Read(bytes).Weights.Sha256 == ticket.Weights.Sha256) return bytes;
        }
        catch (InvalidDataException wrong)
        {
            throw new UserException($"The ticket could not be read back: {wrong.Message}", 1, wrong);
        }
        throw new InvalidOperationException("a ticket that is read back has other weights");
    }

    private static IEnumerable<string> Lines(Ticket ticket, string path, int bytes, MeasuredAccuracy measured)
    {
        return TextGrid.Lines(
        [
            [path, TicketWords.Kind(ticket)],
            ["keeps", $"{NumberFormat.Count(ticket.Mask.Kept)} of {NumberFormat.Count(ticket.Network.PrunableCount)} weights of {ticket.Network.Name}, {NumberFormat.Density(ticket.Mask.Density)}"],
            ["size", $"{NumberFormat.Count(bytes)} bytes, {TicketWords.Smaller(ticket, bytes)}"],
            ["accuracy", TicketWords.Told(measured)],
            .. ticket.Provenance.Trained is { } trained ? (string[][])[["trained", Compared(ticket, measured, trained)]] : [],
        ]);
    }

    private static string Compared(Ticket ticket, MeasuredAccuracy measured, MeasuredAccuracy trained)
    {
        string run = $"the run's {TicketWords.Percent(trained.Value)} %";
        if (ticket.Kind == TicketKind.Recipe) return $"{run} after training; a recipe is the ticket before it";
        int lost = trained.Correct - measured.Correct;
        return lost == 0 ? $"{run}, nothing lost"
            : $"{run}, {(lost > 0 ? "of which packing lost" : "to which packing added")} {Math.Abs(100.0 * lost / trained.Of).ToString("0.00", CultureInfo.InvariantCulture)} points";
    }
}
