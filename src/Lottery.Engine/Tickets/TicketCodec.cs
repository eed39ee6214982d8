using Lottery.Networks;

namespace Lottery.Tickets;

/// <summary>Encodes and decodes tickets: header, masks and values, in a container (<see cref="TicketFile"/>).</summary>
internal static class TicketCodec
{
    /// <summary>The stored bytes of the SHA-256 of a recipe's weights, by which a reader checks that the seed gave the right ones.</summary>
    private const int WeightsHash = 16;

    public static byte[] Write(Ticket ticket)
    {
        byte[] header = HeaderWriter.Write(new()
        {
            Kind = ticket.Kind, Network = ticket.Network, Recipe = ticket.Recipe, Format = ticket.Format, Dense = ticket.IsDense,
            Scale = ticket.Scale, Classes = ticket.Classes, Provenance = ticket.Provenance,
        });
        try
        {
            HeaderReader.Read(header); // what is written must be readable
        }
        catch (FormatException wrong)
        {
            throw new UserException($"A ticket of {ticket.Network.Name} cannot be written: {wrong.Message}.", wrong);
        }
        return TicketFile.Write(header, MaskCodec.Write(ticket.Mask), ticket.Values);
    }

    /// <exception cref="InvalidDataException">The stream is not a ticket.</exception>
    public static Ticket Load(Stream stream)
    {
        try
        {
            return Parse(TicketFile.Load(stream));
        }
        catch (FormatException wrong)
        {
            throw Unreadable(wrong);
        }
    }

    /// <exception cref="InvalidDataException">The bytes are not a ticket.</exception>
    public static Ticket Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Parse(bytes);
        }
        catch (FormatException wrong)
        {
            throw Unreadable(wrong);
        }
    }

    /// <summary>The first bytes of the SHA-256 of weights.</summary>
    public static byte[] HashOf(Weights weights) => Convert.FromHexString(weights.Sha256.AsSpan(0, 2 * WeightsHash));

    private static Ticket Parse(ReadOnlySpan<byte> bytes)
    {
        TicketFile.Read(bytes, out ReadOnlySpan<byte> headerBytes, out ReadOnlySpan<byte> masks, out ReadOnlySpan<byte> values);
        TicketHeader header = HeaderReader.Read(headerBytes);
        Mask mask = MaskCodec.Read(masks, header.Network);
        return new(header.Kind, mask, WeightsOf(header, mask, values), values.ToArray())
        {
            Recipe = header.Recipe, Format = header.Format, IsDense = header.Dense,
            Scale = header.Scale, Classes = header.Classes, Provenance = header.Provenance,
        };
    }

    private static InvalidDataException Unreadable(FormatException wrong) =>
        new($"This is not a readable ticket: {wrong.Message}.", wrong);

    private static Weights WeightsOf(TicketHeader header, Mask mask, ReadOnlySpan<byte> values)
    {
        if (header.Kind != TicketKind.Recipe) return ValueReader.Read(values, mask, new(header.Kind, header.Format, header.Dense));
        if (values.Length != WeightsHash) throw new FormatException($"the hash of its weights has {values.Length} bytes, but should have {WeightsHash}");
        Weights weights = header.Recipe!.Weights(mask);
        return HashOf(weights).AsSpan().SequenceEqual(values)
            ? weights
            : throw new FormatException("the weights that its seed gives do not match their hash");
    }
}
