using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Lottery.Cli.Options;
using Lottery.Cli.Tickets;
using Lottery.Formats.Images;
using Lottery.Prediction;
using Lottery.Report.Tables;
using Lottery.Studies.Tickets;
using Lottery.Tickets;

namespace Lottery.Cli.Commands;

/// <summary>What a ticket takes an image for.</summary>
internal sealed class TicketPredictCommand : TicketFileCommand
{
    private const int Shown = 5;

    private readonly Argument<string> _image = new("IMAGE") { Description = "A PNG, JPEG or PGM file of the size that the network takes." };

    public TicketPredictCommand(Terminal terminal) : base("predict", "Say what an image shows.",
        "lottery ticket predict digits.ticket seven.png", terminal) => Add(_image);

    protected override int Run(ParseResult parsed)
    {
        var ticket = Ticket.Load(PathOf(parsed));
        byte[] pixels = ImageInput.Read(parsed.GetValue(_image)!, ticket.Network.Input);
        var scores = new float[ticket.Network.Outputs];
        using (Predictor predictor = ticket.Predictor()) predictor.Scores(pixels, scores);
        (int Class, double Probability)[] best = [.. Probabilities(scores).Index().OrderByDescending(one => one.Item).Take(Shown)];
        if (parsed.GetValue(Common.Json)) Write(Document(ticket, best));
        else Write(TextGrid.Lines([.. best.Select(one => new[] { NameOf(ticket, one.Class), $"{TicketWords.Percent(one.Probability)} %" })], false, true));
        return 0;
    }

    private static string NameOf(Ticket ticket, int number) =>
        ticket.Classes.IsEmpty ? number.ToString(CultureInfo.InvariantCulture) : ticket.Classes[number];

    private static JsonObject Document(Ticket ticket, (int Class, double Probability)[] best) => new()
    {
        ["class"] = best[0].Class,
        ["name"] = NameOf(ticket, best[0].Class),
        ["classes"] = new JsonArray([.. best.Select(one => (JsonNode)new JsonObject
        {
            ["class"] = one.Class, ["name"] = NameOf(ticket, one.Class), ["probability"] = one.Probability,
        })]),
    };

    /// <summary>Softmax, with the largest score taken away so that no exponential is too large.</summary>
    private static double[] Probabilities(float[] scores)
    {
        double largest = scores.Max();
        double[] exponentials = [.. scores.Select(score => Math.Exp(score - largest))];
        double sum = exponentials.Sum();
        return [.. exponentials.Select(one => one / sum)];
    }
}
