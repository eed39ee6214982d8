using System.Globalization;
using System.Text.Json.Nodes;
using Lottery.Networks;
using Lottery.Report.Tables;
using Lottery.Studies.Identity;
using Lottery.Tickets;

namespace Lottery.Cli.Tickets;

/// <summary>Descriptions of tickets, as text and as JSON.</summary>
internal static class TicketText
{
    /// <summary>Bytes of the dense network's parameters in fp32.</summary>
    public static long DenseBytes(Network network) => 4L * network.Parameters.Sum(parameter => (long)parameter.Count);

    /// <summary><c>97.6 % [97.3 97.9], 9,761 of 10,000 test images</c>.</summary>
    /// <param name="ticket">The ticket that was measured.</param>
    /// <param name="measured">Its accuracy.</param>
    public static string Describe(Ticket ticket, MeasuredAccuracy measured)
    {
        (double low, double high) = measured.Interval;
        return $"{Percent(measured.Value)} % [{Percent(low)} {Percent(high)}], {NumberFormat.Count(measured.Correct)} of {NumberFormat.Count(measured.Of)} test {ExampleWord.Of(!ticket.Scale.IsPerFeature(ticket.Network.Input))}";
    }

    /// <summary>A ticket's size compared with the parameters of its dense network in fp32.</summary>
    public static string Smaller(Ticket ticket, long bytes)
    {
        long dense = DenseBytes(ticket.Network);
        double ratio = (double)dense / bytes;
        return $"{(ratio < 1.05 ? "no smaller than" : $"{ratio.ToString("0.0", CultureInfo.InvariantCulture)} times smaller than")} the {NumberFormat.Size(dense)} of the dense network in fp32";
    }

    /// <summary>A fraction in per cent with two decimals, which show one image of ten thousand.</summary>
    public static string Percent(double fraction) => (100 * fraction).ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary><c>recipe</c>, or <c>trained, i8</c>.</summary>
    public static string Kind(Ticket ticket) => ticket.Kind == TicketKind.Trained
        ? $"trained, {Name(ticket.Format)}" : KebabCase.Of(ticket.Kind);

    /// <summary>An accuracy as JSON, or null.</summary>
    public static JsonNode? Json(MeasuredAccuracy? accuracy) => accuracy is not { } measured ? null : new JsonObject
    {
        ["correct"] = measured.Correct,
        ["of"] = measured.Of,
        ["mean"] = measured.Value,
        ["low"] = measured.Interval.Low,
        ["high"] = measured.Interval.High,
    };

    /// <summary>A ticket's properties as JSON.</summary>
    public static JsonObject Json(Ticket ticket, string file, long bytes) => new()
    {
        ["file"] = file,
        ["bytes"] = bytes,
        ["dense_bytes"] = DenseBytes(ticket.Network),
        ["ratio"] = (double)DenseBytes(ticket.Network) / bytes,
        ["kind"] = KebabCase.Of(ticket.Kind),
        ["values"] = ticket.Kind == TicketKind.Trained ? Name(ticket.Format) : null,
        ["network"] = ticket.Network.Name,
        ["density"] = ticket.Mask.Density,
        ["kept"] = ticket.Mask.Kept,
        ["weights"] = ticket.Network.PrunableCount,
        ["run"] = ticket.Provenance.Run,
        ["data"] = ticket.Provenance.Data,
        ["accuracy"] = Json(ticket.Provenance.Accuracy),
        ["trained_accuracy"] = Json(ticket.Provenance.Trained),
    };

    /// <summary>The name of a value format in options and headers.</summary>
    public static string Name(ValueFormat format) => format.ToString().ToLowerInvariant();
}

/// <summary>Bytes of a ticket file and of its parts.</summary>
internal readonly record struct TicketSize(int All, int Header, int Masks, int Values)
{
    /// <summary>The sizes of <paramref name="ticket"/> as a file.</summary>
    public static TicketSize Of(Ticket ticket)
    {
        byte[] bytes = ticket.Write();
        TicketFile.Read(bytes, out ReadOnlySpan<byte> header, out ReadOnlySpan<byte> masks, out ReadOnlySpan<byte> values);
        return new(bytes.Length, header.Length, masks.Length, values.Length);
    }
}
