using Lottery.Gpu;
using Lottery.Networks;

namespace Lottery.UnitTests.Gpu;

/// <summary>What <c>./dev gpu</c> trains.</summary>
public class GoldenCaseTests
{
    [Fact]
    public void A_card_trains_every_network_of_the_catalogue_whole_and_the_emulator_its_small_form()
    {
        foreach (string name in NetworkCatalogue.Names)
        {
            Assert.Equal(3, GoldenCase.All.Count(one => one.Network.Name == name && one.Name.StartsWith(name + ' ', StringComparison.Ordinal)));
            GoldenCase[] small = [.. GoldenCase.EmulatedCatalogue.Where(one => one.Name.StartsWith(one.Network.Name, StringComparison.Ordinal) && one.Network.Name.Replace("small ", "", StringComparison.Ordinal) == name)];
            Assert.Equal(3, small.Length);
            Assert.All(small, one => Assert.InRange(one.Network.Parameters.Sum(parameter => (long)parameter.Count), 1, 300_000));
        }
    }
}
