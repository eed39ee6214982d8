using System.Security.Cryptography;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Tickets;

namespace Lottery.UnitTests.Tickets;

/// <summary>Files that were written once must be readable for ever: none of these may change.</summary>
public class TicketFormatTests
{
    [Fact]
    public void TheExampleOfTheDocumentIsAsWritten()
    {
        Network network = NetworkCatalogue.Get("mlp:4-3-2");
        var first = new BitSet(12);
        first[1] = first[6] = first[7] = true;
        Ticket ticket = Ticket.FromRecipe(new(network, [first, null, BitSet.Full(6), null]), new() { Seed = 1 });
        string written = string.Concat(Repository.Read("docs/ticket-format.md").Split("```hex")[1].Split("```")[0].Split(' ', '\n'));
        Assert.Equal(written, Convert.ToHexStringLower(ticket.Write()));
        Assert.Equal(0.6342182f, ticket.Weights[0][1]);
    }

    [Fact]
    public void EveryKindIsAsItWas() => Assert.Equal("9ef0f9226c0a3cba", Hash(SomeTickets.Every()));

    [Fact]
    public void ATicketOfLenetIsAsItWas() => Assert.Equal("32edec3db5bf307c", Hash(
        [Ticket.FromRecipe(SomeMask.Of(Network.Lenet300100, 3, 20, 10, 50), new() { Seed = 12, Level = 15, Mask1 = "constant" })]));

    private static string Hash(IEnumerable<Ticket> tickets)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Ticket ticket in tickets) hash.AppendData(ticket.Write());
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
