using Lottery.Networks;

namespace Lottery.Tickets;

/// <summary>A ticket as bytes: header, masks, values, in their envelope (<see cref="TicketFile"/>).</summary>
internal static class TicketCodec
{
    /// <summary>Bytes of a recipe that tell whether its seed gave the right weights: the first of their SHA-256.</summary>
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
            HeaderReader.Read(header); // or else nobody could
        }
        catch (FormatException wrong)
        {
            throw new UserException($"A ticket of {ticket.Network.Name} cannot be written: {wrong.Message}.", 2, wrong);
        }
        return TicketFile.Write(header, MaskCodec.Write(ticket.Mask), ticket.Values);
    }

    /// <exception cref="InvalidDataException">The stream is no ticket.</exception>
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

    /// <exception cref="InvalidDataException">The bytes are no ticket.</exception>
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

    /// <summary>The first bytes of what weights are known by.</summary>
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
        new($"This is no ticket that can be read: {wrong.Message}.", wrong);

    private static Weights WeightsOf(TicketHeader header, Mask mask, ReadOnlySpan<byte> values)
    {
        if (header.Kind != TicketKind.Recipe) return ValueReader.Read(values, mask, new(header.Kind, header.Format, header.Dense));
        if (values.Length != WeightsHash) throw new FormatException($"it has {values.Length} bytes where the hash of its weights should have {WeightsHash}");
        Weights weights = header.Recipe!.Weights(mask);
        return HashOf(weights).AsSpan().SequenceEqual(values)
            ? weights
            : throw new FormatException("the weights that its seed gives are not those that it was made of");
    }
}
