using CsCheck;
using Lottery.Networks;
using Lottery.Networks.Descriptions;
using Lottery.Numerics;
using Lottery.Tickets;

namespace Lottery.UnitTests.Tickets;

public class MaskCodecTests
{
    private static readonly Network[] Networks = [.. SomeTickets.EveryNetwork];

    [Fact]
    public void EveryMaskComesBack() => Gen.Select(Gen.Int[0, Networks.Length - 1], Gen.Double[0, 1].Array[1, 4], Gen.ULong)
        .Sample((n, densities, seed) =>
        {
            Mask mask = Random(Networks[n], densities, seed);
            byte[] bytes = MaskCodec.Write(mask);
            Assert.Equal(mask, MaskCodec.Read(bytes, Networks[n]));
            byte[] longer = [.. bytes, (byte)(seed & 1)];
            try
            {
                Assert.Equal(longer, MaskCodec.Write(MaskCodec.Read(longer, Networks[n]))); // hardly ever: another mask
            }
            catch (FormatException)
            {
            }
        }, iter: 300);

    [Theory]
    [InlineData(0.5, 0.001)]
    [InlineData(0.2, 0.002)]
    [InlineData(0.036, 0.006)]
    [InlineData(0.004, 0.02)]
    [InlineData(0.99, 0.01)]
    public void WhereNothingIsToBeLearnedItCostsHardlyMoreThanTheEntropy(double density, double most)
    {
        Mask mask = Random(Network.Lenet300100, [density], seed: 4);
        Assert.InRange(MaskCodec.Write(mask).Length, Bound(mask), (1 + most) * Bound(mask) + 20);
    }

    [Fact]
    public void InputsThatAreKeptOftenSaveBytes()
    {
        Network network = NetworkCatalogue.Get("mlp:50-300-10");
        Mask mask = SomeMask.Where(network, (layer, output, input) => layer == 0 && Dice(output, input) % 100 < (input % 5 == 0 ? 60 : 3));
        Assert.InRange(MaskCodec.Write(mask).Length, 0, 0.75 * Bound(mask));
    }

    [Theory]
    [InlineData("784 fc1=linear(300) relu output=linear(10) glorot-normal", 300)]
    [InlineData("9x9x9 flatten dropout1=dropout(0.5) fc1=linear(300) relu output=linear(10) glorot-normal", 300)]
    [InlineData("300 fc1=linear(300) relu output=linear(10) glorot-normal", 80)] // 3 × 10²
    public void KeptNeighboursSaveBytes(string description, int outputs)
    {
        Network network = NetworkReader.Read(description, "grid");
        ImageGrid grid = ImageGrid.Of(network)[0]!.Value;
        int Around(int output, int input) => // a square somewhere in each image
            Math.Max(Math.Abs(input % grid.Width - Dice(output, 1) % grid.Width), Math.Abs(input / grid.Width % grid.Height - Dice(output, 2) % grid.Height));
        Mask mask = SomeMask.Where(network, (layer, output, input) => layer == 0 && output < outputs && Around(output, input) < 2);
        Assert.InRange(MaskCodec.Write(mask).Length, 0, 0.75 * Bound(mask));
    }

    [Fact]
    public void WholeAndEmptyLayersCostNothing()
    {
        int layers = Network.Lenet300100.Parameters.Count(parameter => parameter.Prunable);
        Assert.InRange(MaskCodec.Write(Mask.Full(Network.Lenet300100)).Length, layers, 3 * layers + 1);
        Assert.InRange(MaskCodec.Write(SomeMask.Of(Network.Lenet300100, 1, 0)).Length, layers, layers + 1);
    }

    [Fact]
    public void AnotherCountIsRefused()
    {
        byte[] bytes = MaskCodec.Write(SomeMask.Of(NetworkCatalogue.Get("mlp:30-20-5"), 2, 50));
        bytes[0]++;
        Assert.Throws<FormatException>(() => MaskCodec.Read(bytes, NetworkCatalogue.Get("mlp:30-20-5")));
        (bytes[0], bytes[1]) = (0xFF, 0x7F);
        Assert.Contains("of the 600 weights", Assert.Throws<FormatException>(
            () => MaskCodec.Read(bytes, NetworkCatalogue.Get("mlp:30-20-5"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AKeptInputAddsToItsNeighboursAndToNoneBeyondAnEdge()
    {
        (int Down, int Right, int Added)[] added =
            [(0, 1, 3), (0, 2, 2), (1, -2, 1), (1, -1, 2), (1, 0, 3), (1, 1, 2), (1, 2, 1), (2, -1, 1), (2, 0, 2), (2, 1, 1)];
        var grid = new ImageGrid(2, 4, 3);
        var neighbours = new KeptNeighbours(24, grid);
        for (int input = 0; input < 24; input++)
        {
            neighbours.Clear();
            neighbours.Add(neighbours.Positions[input]);
            for (int other = 0; other < 24; other++)
            {
                bool same = input / 12 == other / 12;
                int expected = added.Where(one => same && (other - input) % 12 == one.Down * 3 + one.Right && input / 3 + one.Down == other / 3).Sum(one => one.Added);
                Assert.Equal(expected, neighbours.Sum[neighbours.Positions[other]]);
            }
        }
    }

    [Fact]
    public void LogitsAndProbabilitiesAreThoseOfTheLogisticFunction()
    {
        for (int logit = -Logistic.MaxLogit; logit <= Logistic.MaxLogit; logit++)
            Assert.Equal(65_536 / (1 + Math.Exp(-logit / 256.0)), Logistic.ProbabilityOf(logit), 1.5);
        for (int step = 0; step < 4096; step++)
            Assert.Equal(256 * Math.Log((step + 0.5) / (4095.5 - step)), Logistic.LogitOf(step << 10), 2.5 + 16 / Math.Min(step + 0.5, 4095.5 - step));
        Assert.Equal((1, 65_535), (Logistic.ProbabilityOf(int.MinValue), Logistic.ProbabilityOf(int.MaxValue)));
    }

    [Fact]
    public void BitsComeBackWhateverTheirProbabilities() =>
        Gen.Select(Gen.Bool, Gen.OneOf(Gen.Int[1, 65_535], Gen.Int[1, 3], Gen.Int[65_533, 65_535])).Array[0, 2_000].Sample(bits =>
        {
            var encoder = new BinaryEncoder();
            foreach ((bool bit, int probability) in bits) encoder.Code(bit, probability);
            byte[] bytes = encoder.End();
            var decoder = new BinaryDecoder(bytes);
            foreach ((bool bit, int probability) in bits) Assert.Equal(bit, decoder.Code(false, probability));
            Assert.True(decoder.IsAtEnd);
            double information = bits.Sum(one => -Math.Log2((one.Item1 ? one.Item2 : 65_536 - one.Item2) / 65_536.0));
            Assert.InRange(bytes.Length, 0, information / 8 * 1.001 + 5);
        });

    private static double Bound(Mask mask)
    {
        double bits = 0;
        for (int p = 0; p < mask.Network.Parameters.Length; p++)
            if (mask[p] is { } kept && kept.Count() is int count and > 0 && count < kept.Length)
                bits -= count * Math.Log2((double)count / kept.Length) + (kept.Length - count) * Math.Log2(1 - (double)count / kept.Length);
        return bits / 8;
    }

    private static int Dice(int a, int b) => (int)(new RandomStream((ulong)a, "test").Bits(b) >> 40);

    private static Mask Random(Network network, double[] densities, ulong seed)
    {
        var bits = new BitSet?[network.Parameters.Length];
        for (int p = 0; p < bits.Length; p++)
        {
            if (!network.Parameters[p].Prunable) continue;
            BitSet kept = bits[p] = new(network.Parameters[p].Count);
            var random = new RandomStream(seed, $"test/mask/{p}");
            for (int i = 0; i < kept.Length; i++) kept[i] = random.Bernoulli(i, densities[p % densities.Length]);
        }
        return new(network, [.. bits]);
    }
}
