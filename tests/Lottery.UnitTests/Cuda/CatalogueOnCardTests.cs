using Lottery.Networks;
using Lottery.TestSupport.Cuda;

namespace Lottery.UnitTests.Cuda;

/// <summary>
/// Every network of the catalogue, with an eighth of its channels on smaller images, on a card in the emulator: scores, gradients and running
/// statistics have the bits of the processor's, dense, pruned and with frozen weights.
/// </summary>
public class CatalogueOnCardTests
{
    public static TheoryData<string, double, int, bool> Cases()
    {
        var cases = new TheoryData<string, double, int, bool>();
        foreach (string name in NetworkCatalogue.Names.Where(name => name != "lenet-300-100"))
        {
            bool isDeep = name == "vgg-19";
            cases.Add(name, 1, isDeep ? 2 : 10, false);
            cases.Add(name, 0.2, isDeep ? 2 : 17, false);
            if (isDeep) continue;
            cases.Add(name, 0.2, 3, true);
            cases.Add(name, 0.02, 70, false);
        }
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_network_of_the_catalogue(string name, double density, int batch, bool frozen)
    {
        using var both = new PlanOnCard(PlanOnCard.Some(SmallNetwork.Of(name), density), batch, frozen, zeros: 0);
        both.Check();
    }
}
