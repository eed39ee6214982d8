using System.Text.Json.Nodes;
using Lottery.Fuzz.Targets;
using Lottery.Networks;
using Lottery.Tickets;

namespace Lottery.SystemTests.Cli;

/// <summary>What a ticket says of an image.</summary>
public sealed class TicketPredictTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TicketPredictTests()
    {
        // Two pixels and seven classes: class k has the score k × the left one − the right one ÷ 2.
        Network network = NetworkCatalogue.Get("mlp:2-7");
        var weights = new Weights(network);
        for (int k = 0; k < 7; k++) (weights[0][2 * k], weights[0][2 * k + 1]) = (k, -0.5f);
        (Ticket.FromTrained(Mask.Full(network), weights) with { Classes = ["a", "b", "c", "d", "e", "f", "g"] }).Save(_folder["named.ticket"]);
        Ticket.FromTrained(Mask.Full(network), weights).Save(_folder["plain.ticket"]);
        File.WriteAllBytes(_folder["p.png"], ImageSample.Png(1, 2, 1, [255, 0]));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Five_classes_are_listed_with_their_probabilities()
    {
        // 1 − 1/e over 1 − e⁻⁷, and each next a part of e less.
        CommandLineRun run = Predict("named.ticket");
        Assert.Equal(new CommandLineRun(0, "g  63.27 %\nf  23.28 %\ne   8.56 %\nd   3.15 %\nc   1.16 %\n", ""), run);
        Assert.StartsWith("6  63.27 %\n", Predict("plain.ticket").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void They_are_one_document()
    {
        JsonNode json = Predict("named.ticket", "--json").Json;
        Assert.Equal((6, "g", 5), ((int)json["class"]!, (string)json["name"]!, json["classes"]!.AsArray().Count));
        double expected = (1 - Math.Exp(-1)) / (1 - Math.Exp(-7));
        Assert.Equal(expected, (double)json["classes"]![0]!["probability"]!, 1e-6);
    }

    [Fact]
    public void A_image_of_another_size_is_refused()
    {
        File.WriteAllBytes(_folder["p.png"], ImageSample.Png(2, 2, 1, [1, 2, 3, 4]));
        Assert.Equal(new CommandLineRun(2, "", $"lottery: {_folder["p.png"]} is 2×2, but the network takes 2 pixels: give an image of that size.\n"), Predict("named.ticket"));
    }

    private CommandLineRun Predict(string ticket, params string[] options) => CommandLineRun.Of(["ticket", "predict", _folder[ticket], _folder["p.png"], .. options]);
}
