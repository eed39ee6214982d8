using System.Globalization;
using System.Text.Json.Nodes;
using Lottery.Networks;
using Lottery.Report.Tables;
using Lottery.Studies.Identity;
using Lottery.Tickets;

namespace Lottery.Cli.Tickets;

/// <summary>What is said of tickets, in words and as JSON.</summary>
internal static class TicketWords
{
    /// <summary>Bytes of a dense network's values in single precision.</summary>
    public static long DenseBytes(Network network) => 4L * network.Parameters.Sum(parameter => (long)parameter.Count);

    /// <summary><c>97.6 % [97.3 97.9], 9,761 of 10,000 test images</c>.</summary>
    public static string Told(MeasuredAccuracy measured)
    {
        (double low, double high) = measured.Interval;
        return $"{Percent(measured.Value)} % [{Percent(low)} {Percent(high)}], {NumberFormat.Count(measured.Correct)} of {NumberFormat.Count(measured.Of)} test images";
    }

    /// <summary>How a ticket's size compares with the values of its dense network in single precision.</summary>
    public static string Smaller(Ticket ticket, long bytes)
    {
        long dense = DenseBytes(ticket.Network);
        double ratio = (double)dense / bytes;
        return $"{(ratio < 1.05 ? "no smaller than" : $"{ratio.ToString("0.0", CultureInfo.InvariantCulture)} times smaller than")} the {NumberFormat.Size(dense)} of the dense network in fp32";
    }

    /// <summary>Two decimals: one image of ten thousand is seen.</summary>
    public static string Percent(double share) => (100 * share).ToString("0.00", CultureInfo.InvariantCulture);

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

    /// <summary>What a ticket is, as JSON.</summary>
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

    /// <summary>How values are written, as options and headers call it.</summary>
    public static string Name(ValueFormat format) => format.ToString().ToLowerInvariant();
}
