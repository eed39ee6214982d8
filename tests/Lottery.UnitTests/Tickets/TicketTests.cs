using Lottery.Actions;
using Lottery.Networks;
using Lottery.Tickets;

namespace Lottery.UnitTests.Tickets;

public class TicketTests
{
    private static readonly Network Net = NetworkCatalogue.Get("mlp:12-9-4");

    [Fact]
    public void ARecipeComesBack()
    {
        Ticket ticket = Ticket.FromRecipe(SomeMask.Of(Net, 5, 30), new() { Seed = 7, Level = 3, Mask1 = "constant-same-sign(0.05)" }) with
        {
            Scale = PixelScale.Standardized((33.1, 78.2)), Classes = ["a", "b", "c", "d"],
            Provenance = new()
            {
                Run = "0123456789abcdef", Studies = ["one", "two"], Data = "mnist", DataSha256 = "00112233", Accuracy = new(912, 1000), Trained = new(981, 1000),
            },
        };
        Ticket read = Ticket.Read(ticket.Write());
        AssertSame(ticket, read);
        Assert.Equal(TicketKind.Recipe, read.Kind);
        Assert.Equal(0.05f, read.Weights[0].ToArray().Max());
    }

    [Theory]
    [InlineData(ValueFormat.F32, 0)]
    [InlineData(ValueFormat.F16, 1 / 2048.0)]
    [InlineData(ValueFormat.I8, 1 / 250.0)]
    public void ATrainedTicketComesBackAsRoundedAsItsFormat(ValueFormat format, double error)
    {
        Mask mask = SomeMask.Of(Net, 5, 40);
        Weights weights = new Recipe { Seed = 3 }.Weights(mask);
        Ticket ticket = Ticket.FromTrained(mask, weights, format), read = Ticket.Read(ticket.Write());
        AssertSame(ticket, read);
        Assert.Equal(ticket.Write(), read.Write());
        for (int i = 0; i < weights[0].Length; i++) Assert.Equal(weights[0][i], read.Weights[0][i], error * weights[0].ToArray().Max(Math.Abs));
    }

    [Fact]
    public void ASignedTicketHasOneMagnitude()
    {
        Mask mask = SomeMask.Of(Net, 5, 40);
        Weights weights = new Recipe { Seed = 3, Mask1 = "constant" }.Weights(mask);
        weights[1][2] = 0.25f;
        Ticket ticket = Ticket.FromSigns(mask, weights), read = Ticket.Read(ticket.Write());
        AssertSame(ticket, read);
        for (int p = 0; p < 4; p++) Assert.Equal(weights[p].ToArray(), read.Weights[p].ToArray());
    }

    [Fact]
    public void ARecipeThatRewindsGivesTheWeightsOfALevel()
    {
        foreach (Network network in SomeTickets.EveryNetwork)
            foreach (int seed in (int[])[0, 1, 2, 3, 4])
            {
                Mask mask = SomeTickets.Mask(network, seed);
                Weights sampled = new Recipe { Seed = 9 }.Weights(mask);
                Weights expected = MaskActions.Apply(mask, InitialWeights.Sample(network, 9), before: null, Mask1.Rewind, Mask0.Zero, 9, 0);
                for (int p = 0; p < network.Parameters.Length; p++) Assert.Equal(expected[p].ToArray(), sampled[p].ToArray());
            }
    }

    [Fact]
    public void ARescaledRecipeMultipliesByWeightsOverKeptOnes()
    {
        Mask mask = SomeTickets.Mask(Net, 0);
        Weights plain = new Recipe { Seed = 9 }.Weights(mask), rescaled = new Recipe { Seed = 9, Rescale = true }.Weights(mask);
        float factor = (float)((double)mask[0]!.Length / mask[0]!.Count());
        for (int i = 0; i < plain[0].Length; i++) Assert.Equal(plain[0][i] * factor, rescaled[0][i]);
    }

    private static void AssertSame(Ticket expected, Ticket read)
    {
        Assert.Equal((expected.Kind, expected.Network, expected.Mask, expected.Recipe, expected.Format), (read.Kind, read.Network, read.Mask, read.Recipe, read.Format));
        Assert.Equal(expected.Network.Name, read.Network.Name);
        for (int p = 0; p < expected.Network.Parameters.Length; p++) Assert.Equal(expected.Weights[p].ToArray(), read.Weights[p].ToArray());
        Assert.Equal(expected.Scale.Numbers.ToArray(), read.Scale.Numbers.ToArray());
        Assert.Equal<string>(expected.Classes, read.Classes);
        Assert.Equal<string>(expected.Provenance.Studies, read.Provenance.Studies);
        Assert.Equal(expected.Provenance with { Studies = [] }, read.Provenance with { Studies = [] });
    }
}
