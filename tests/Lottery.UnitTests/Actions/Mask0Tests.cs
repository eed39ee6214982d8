using CsCheck;
using Lottery.Actions;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.UnitTests.Masks;

namespace Lottery.UnitTests.Actions;

public class Mask0Tests
{
    // Six weights of a layer. Kept before: all but the last, frozen at 0.5. Kept now: the first two.
    //                                  kept                 newly pruned        frozen
    //                          shrank      grew     shrank  grew  stayed
    private static readonly float[] Initial = [1, -1, -2, 2, 3, 4], Final = [0.5f, 2, 1, -3, -3, 0.5f];

    [Theory]
    [InlineData("zero", new[] { 1.0, -1.0, 0.0, 0.0, 0.0, 0.0 })]
    [InlineData("initial", new[] { 1.0, -1.0, -2.0, 2.0, 3.0, 4.0 })]
    [InlineData("zero-if-decreased", new[] { 1.0, -1.0, 0.0, 2.0, 3.0, 0.5 })]
    [InlineData("zero-if-decreased-kept-too", new[] { 0.0, -1.0, 0.0, 2.0, 3.0, 0.5 })]
    [InlineData("zero-if-increased", new[] { 1.0, -1.0, -2.0, 0.0, 3.0, 0.5 })]
    public void FreezesAsInTheTable(string name, double[] expected) => Assert.Equal(expected, Start(name, Initial));

    // What decreased is decided by where the level before was trained from, not by w_i, which its actions may have replaced.
    //                                          kept                  newly pruned            frozen
    //                                    grew        shrank    grew   shrank  stayed
    private static readonly float[] InitialBefore = [0.25f, -3, -0.5f, 4, 3, 0.5f];

    [Theory]
    [InlineData("zero", new[] { 1.0, -1.0, 0.0, 0.0, 0.0, 0.0 })]
    [InlineData("initial", new[] { 1.0, -1.0, -2.0, 2.0, 3.0, 4.0 })]
    [InlineData("zero-if-decreased", new[] { 1.0, -1.0, -2.0, 0.0, 3.0, 0.5 })]
    [InlineData("zero-if-decreased-kept-too", new[] { 1.0, 0.0, -2.0, 0.0, 3.0, 0.5 })]
    [InlineData("zero-if-increased", new[] { 1.0, -1.0, 0.0, 2.0, 3.0, 0.5 })]
    public void Decreased_is_measured_from_where_the_level_before_was_trained_from(string name, double[] expected) =>
        Assert.Equal(expected, Start(name, InitialBefore));

    private static IEnumerable<double> Start(string name, float[] before)
    {
        Network network = NetworkCatalogue.Get("mlp:6-1-1");
        var (initial, started, final) = (new Weights(network), new Weights(network), new Weights(network));
        Initial.CopyTo(initial[0]);
        before.CopyTo(started[0]);
        Final.CopyTo(final[0]);
        Mask Keeping(ulong bits) => new(network, [BitSet.FromWords(6, [bits]), null, BitSet.Full(1), null]);
        Weights start = MaskActions.Apply(
            Keeping(0b000011), initial, new(Keeping(0b011111), started, final), Mask1.Rewind, Mask0.Get(name), seed: 1, level: 2);
        return start[0].ToArray().Select(weight => (double)weight);
    }

    [Theory]
    [InlineData("zero")]
    [InlineData("initial")]
    [InlineData("zero-if-decreased")]
    [InlineData("zero-if-decreased-kept-too")]
    [InlineData("zero-if-increased")]
    [InlineData("zero-random")]
    public void EveryActionAgreesWithPlainLoops(string name) => SomeLayers.Starts.Sample(start =>
    {
        Weights weights = start.Weights(Mask1.Constant, Mask0.Get(name)), kept = start.Weights(Mask1.Constant, Mask0.Zero);
        foreach (int p in new[] { 0, 2 })
        {
            float[] plain = Plain(name, start, p, kept[p].ToArray());
            for (int i = 0; i < plain.Length; i++)
                Assert.Equal(BitConverter.SingleToUInt32Bits(plain[i]), BitConverter.SingleToUInt32Bits(weights[p][i]));
        }
    }, iter: 100);

    [Fact]
    public void OnlyZeroIsZero() => Assert.Equal([Mask0.Zero], Mask0.All.Where(action => action.IsZero));

    [Fact]
    public void WithoutTheLevelBeforeThereIsNoTellingWhatDecreased()
    {
        var weights = new Weights(SomeLayers.Network);
        Assert.Throws<ArgumentNullException>(() => MaskActions.Apply(
            Mask.Full(SomeLayers.Network), weights, before: null, Mask1.Rewind, Mask0.ZeroIfDecreased, 1, 1));
    }

    [Fact]
    public void RandomZerosAreAnywhere()
    {
        // 5 of 35 weights decreased; over many seeds each of the 35 is zero equally often.
        var (initial, final) = (new Weights(SomeLayers.Network), new Weights(SomeLayers.Network));
        initial[0].Fill(1);
        final[0].Fill(2);
        final[0][..5].Clear();
        var none = new Mask(SomeLayers.Network, [new(35), null, new(10), null]);
        var zeros = new int[35];
        for (ulong seed = 0; seed < 2_000; seed++)
        {
            float[] start = MaskActions.Apply(
                none, initial, new(Mask.Full(SomeLayers.Network), initial, final), Mask1.Rewind, Mask0.ZeroRandom, seed, 1)[0].ToArray();
            Assert.Equal(5, start.Count(weight => weight == 0));
            for (int i = 0; i < 35; i++) zeros[i] += start[i] == 0 ? 1 : 0;
        }
        double expected = 2_000.0 / 7, deviation = Math.Sqrt(expected * 6 / 7);
        Assert.All(zeros, count => Assert.InRange(count, expected - 5 * deviation, expected + 5 * deviation));
    }

    private static float[] Plain(string name, SomeLayers.Start start, int parameter, float[] kept)
    {
        (float[] initial, float[] final) = (start.Initial[parameter].ToArray(), start.Final[parameter].ToArray());
        float[] result = [.. kept];
        List<int> pruned = [];
        int decreased = 0;
        for (int i = 0; i < result.Length; i++)
        {
            double started = Math.Abs((double)initial[i]), ended = Math.Abs((double)final[i]);
            bool shrank = ended < started, grew = ended > started;
            if (start.Mask[parameter]![i])
            {
                if (name == "zero-if-decreased-kept-too" && shrank) result[i] = 0;
                continue;
            }
            bool before = start.Before[parameter]![i];
            if (before)
            {
                pruned.Add(i);
                decreased += shrank ? 1 : 0;
            }
            result[i] = name switch
            {
                "zero" => 0,
                "initial" => initial[i],
                _ when !before => final[i],
                "zero-if-increased" => grew ? 0 : initial[i],
                "zero-random" => initial[i],
                _ => shrank ? 0 : initial[i],
            };
        }
        string layer = SomeLayers.Network.Parameters[parameter].Name;
        var random = new RandomStream(start.Seed, $"mask-0/zero-random/level-{start.Level}/{layer}");
        if (name == "zero-random")
            foreach (int i in pruned.OrderBy(i => random.Bits(i)).Take(decreased)) result[i] = 0;
        return result;
    }
}
