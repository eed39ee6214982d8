using Lottery.Tickets;

namespace Lottery.Cli.Tickets;

/// <summary>The bytes of a ticket and of its parts.</summary>
internal readonly record struct TicketSize(int All, int Header, int Masks, int Values)
{
    /// <summary>What a ticket takes, written.</summary>
    public static TicketSize Of(Ticket ticket)
    {
        byte[] bytes = ticket.Write();
        TicketFile.Read(bytes, out ReadOnlySpan<byte> header, out ReadOnlySpan<byte> masks, out ReadOnlySpan<byte> values);
        return new(bytes.Length, header.Length, masks.Length, values.Length);
    }
}
