using Lottery.Actions;
using Lottery.Masks;
using Lottery.Networks;
using Lottery.Specifications;

namespace Lottery.UnitTests.Actions;

public class MaskActionsTests
{
    [Fact]
    public void RewindAndZeroAreMaskTimesInitial()
    {
        Network network = Network.Lenet300100;
        Weights initial = InitialWeights.Sample(network, 1), final = InitialWeights.Sample(network, 2);
        initial[1].Fill(0.25f); // biases of a late rewind
        Mask mask = Pruner.CutTo(Mask.Full(initial.Network), initial, final, Criterion.LargeFinal, new(0.1m, 0.2m, 0.1m), PruneScope.Layer, 1, 5).Mask;
        Weights start = MaskActions.Apply(mask, initial, before: null, Mask1.Rewind, Mask0.Zero, seed: 1, level: 5);
        for (int p = 0; p < network.Parameters.Length; p++)
            for (int i = 0; i < start[p].Length; i++)
            {
                float expected = mask[p]?[i] ?? true ? initial[p][i] : 0.0f;
                if (BitConverter.SingleToUInt32Bits(expected) != BitConverter.SingleToUInt32Bits(start[p][i]))
                    Assert.Fail($"{network.Parameters[p].Name}[{i}] starts from {start[p][i]}, not {expected}.");
            }
    }

    [Fact]
    public void NothingThatIsGivenChanges()
    {
        Network network = NetworkCatalogue.Get("mlp:4-3-2");
        Weights initial = InitialWeights.Sample(network, 1);
        float[] before = initial[0].ToArray();
        MaskActions.Apply(new(network, [new(12), null, new(6), null]), initial, null, Mask1.Rewind, Mask0.Zero, 1, 1);
        Assert.Equal(before, initial[0].ToArray());
    }
}
