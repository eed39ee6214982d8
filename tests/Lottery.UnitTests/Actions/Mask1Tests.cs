using CsCheck;
using Lottery.Actions;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.UnitTests.Masks;

namespace Lottery.UnitTests.Actions;

public class Mask1Tests
{
    [Theory]
    [InlineData("rewind")]
    [InlineData("reinit")]
    [InlineData("reinit-same-sign")]
    [InlineData("reshuffle")]
    [InlineData("reshuffle-same-sign")]
    [InlineData("constant")]
    [InlineData("constant-same-sign")]
    [InlineData("constant(0.05)")]
    [InlineData("constant-same-sign(0.05)")]
    [InlineData("noise")]
    [InlineData("noise(0.05)")]
    [InlineData("rewind-final-sign")]
    [InlineData("reinit-final-sign")]
    [InlineData("reshuffle-final-sign")]
    [InlineData("constant-final-sign")]
    [InlineData("constant-final-sign(0.05)")]
    public void EveryActionAgreesWithPlainLoops(string name) => SomeLayers.Starts.Sample(start =>
    {
        Weights weights = start.Weights(Mask1.Get(name), Mask0.Zero);
        foreach (int p in new[] { 0, 2 })
        {
            float[] plain = Plain(name, start, p);
            for (int i = 0; i < plain.Length; i++)
                Assert.Equal(start.Mask[p]![i] ? plain[i] : 0.0f, weights[p][i]);
        }
        Assert.All(weights[1].ToArray(), bias => Assert.Equal(0.5f, bias));
    }, iter: 50);

    [Fact]
    public void TheSignStays() => SomeLayers.Starts.Sample(start =>
        Assert.All(new[] { "reinit-same-sign", "reshuffle-same-sign", "constant-same-sign", "constant-same-sign(2)" }, name =>
        {
            Weights weights = start.Weights(Mask1.Get(name), Mask0.Zero);
            for (int i = 0; i < 35; i++)
                if (start.Mask[0]![i] && start.Initial[0][i] != 0.0f && weights[0][i] != 0.0f)
                    Assert.Equal(Math.Sign(start.Initial[0][i]), Math.Sign(weights[0][i]));
        }));

    [Fact]
    public void TheFinalSignIsTaken() => SomeLayers.Starts.Sample(start =>
        Assert.All(Mask1.All.Where(action => action.Name.EndsWith("-final-sign", StringComparison.Ordinal)), action =>
        {
            Weights weights = start.Weights(action, Mask0.Zero);
            for (int i = 0; i < 35; i++)
                if (start.Mask[0]![i] && start.Final[0][i] != 0.0f && weights[0][i] != 0.0f)
                    Assert.Equal(Math.Sign(start.Final[0][i]), Math.Sign(weights[0][i]));
        }));

    [Fact]
    public void KeepingGoesOnFromWhereEverythingEnded()
    {
        var (initial, final) = (new Weights(SomeLayers.Network), new Weights(SomeLayers.Network));
        for (int p = 0; p < 4; p++) for (int i = 0; i < final[p].Length; i++) (initial[p][i], final[p][i]) = (1, 0.1f * (i + p + 1));
        var mask = new Mask(SomeLayers.Network, [BitSet.FromWords(35, [0b101]), null, BitSet.Full(10), null]);
        Weights start = MaskActions.Apply(mask, initial, new(Mask.Full(SomeLayers.Network), initial, final), Mask1.Keep, Mask0.Zero, seed: 1, level: 1);
        Assert.Equal([final[0][0], 0, final[0][2]], start[0][..3].ToArray());
        foreach (int p in new[] { 1, 2, 3 }) Assert.Equal(final[p].ToArray(), start[p].ToArray());
        Assert.Throws<ArgumentNullException>(() => MaskActions.Apply(mask, initial, null, Mask1.Keep, Mask0.Zero, 1, 1));
    }

    [Fact]
    public void NoiseIsAsWideAsItSays()
    {
        Network network = Network.Lenet300100;
        Weights initial = InitialWeights.Sample(network, 1);
        double sigma = Math.Sqrt(2.0 / 1084.0);
        foreach (double k in new[] { 0.5, 1, 3 })
        {
            Weights start = MaskActions.Apply(Mask.Full(network), initial, null, Mask1.Get(FormattableString.Invariant($"noise({k})")), Mask0.Zero, 1, 1);
            double squares = 0;
            for (int i = 0; i < start[0].Length; i++) squares += Math.Pow(start[0][i] - initial[0][i], 2);
            Assert.Equal(k * sigma, Math.Sqrt(squares / start[0].Length), 0.01 * k * sigma);
        }
        Assert.Equal("noise", Mask1.Get("noise(1)").Name);
    }

    [Fact]
    public void ReshufflingLosesNothing() => SomeLayers.Starts.Sample(start =>
        Assert.All(new[] { Mask1.Reshuffle, Mask1.ReshuffleSameSign }, action =>
            Assert.Equal(Kept(start, start.Initial).Order(), Kept(start, start.Weights(action, Mask0.Zero)).Order())));

    [Fact]
    public void SignsAreSampledEvenly()
    {
        Network network = Network.Lenet300100;
        Weights initial = InitialWeights.Sample(network, 1);
        initial[4].Clear(); // where w_i is 0 the sign is sampled in both forms
        Weights constant = MaskActions.Apply(Mask.Full(network), initial, null, Mask1.Constant, Mask0.Zero, 1, 1);
        Assert.Equal(2, constant[0].ToArray().Distinct().Count());
        Assert.InRange(constant[0].ToArray().Count(w => w > 0), 117_600 - 1_000, 117_600 + 1_000);
        Assert.All(new[] { Mask1.Get("constant-same-sign(1)"), Mask1.ReinitSameSign }, action =>
        {
            Weights start = MaskActions.Apply(Mask.Full(network), initial, null, action, Mask0.Zero, 1, 1);
            Assert.InRange(start[4].ToArray().Count(w => w > 0), 500 - 65, 500 + 65);
        });
    }

    [Fact]
    public void AlphaIsAboutTheNominalDeviation()
    {
        Network network = Network.Lenet300100;
        Weights start = MaskActions.Apply(
            Mask.Full(network), InitialWeights.Sample(network, 1), null, Mask1.Constant, Mask0.Zero, seed: 1, level: 1);
        Assert.Equal(Math.Sqrt(2.0 / 1084.0), Math.Abs(start[0][0]), 0.0005);
    }

    [Fact]
    public void EveryPermutationIsEquallyLikely()
    {
        Network network = NetworkCatalogue.Get("mlp:3-1-1");
        var initial = new Weights(network);
        ((ReadOnlySpan<float>)[1, 2, 3]).CopyTo(initial[0]);
        Dictionary<string, int> counts = [];
        for (ulong seed = 0; seed < 6_000; seed++)
        {
            Weights start = MaskActions.Apply(Mask.Full(network), initial, null, Mask1.Reshuffle, Mask0.Zero, seed, 1);
            string order = string.Join(' ', start[0].ToArray());
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }
        Assert.Equal(6, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 1_000 - 150, 1_000 + 150));
    }

    private static float[] Kept(SomeLayers.Start start, Weights weights)
    {
        float[] values = weights[0].ToArray();
        return [.. values.Where((_, i) => start.Mask[0]![i])];
    }

    private static float[] Plain(string name, SomeLayers.Start start, int parameter)
    {
        Parameter layer = SomeLayers.Network.Parameters[parameter];
        float[] initial = start.Initial[parameter].ToArray();
        RandomStream Stream(string use) => new(start.Seed, $"mask-1/{use}/level-{start.Level}/{layer.Name}");
        var alpha = (float)(name.EndsWith(')') ? 0.05 : Deviation(initial));
        double sigma = (name.EndsWith(')') ? 0.05 : 1) * Deviation(initial);
        float[] signless = name.Split('(')[0].Replace("-same-sign", "", StringComparison.Ordinal).Replace("-final-sign", "", StringComparison.Ordinal) switch
        {
            "rewind" => initial,
            "reinit" => [.. initial.Select((_, i) => (float)(Stream("reinit").TruncatedNormal(i)
                * (Math.Sqrt(2.0 / (layer.FanIn + layer.FanOut)) / NormalDistribution.TruncatedStandardDeviation)))],
            "reshuffle" => Reshuffled(initial, start.Mask[parameter]!, Stream, name.EndsWith("-same-sign", StringComparison.Ordinal)),
            "noise" => [.. initial.Select((w, i) => (float)(w + sigma * Stream("noise").Normal(i)))],
            _ => [.. initial.Select((_, i) => Stream("constant").Uniform(i) < 0.5 ? alpha : -alpha)],
        };
        float[] final = start.Final[parameter].ToArray();
        if (name.Contains("-final-sign", StringComparison.Ordinal))
            return [.. signless.Select((w, i) => final[i] == 0 ? w : final[i] > 0 ? Math.Abs(w) : -Math.Abs(w))];
        bool keepsSign = name.Contains("-same-sign", StringComparison.Ordinal);
        if (!keepsSign || name.StartsWith("reshuffle", StringComparison.Ordinal)) return signless;
        return [.. signless.Select((w, i) => initial[i] == 0 ? w : initial[i] > 0 ? Math.Abs(w) : -Math.Abs(w))];
    }

    private static float[] Reshuffled(float[] initial, BitSet kept, Func<string, RandomStream> stream, bool sameSign)
    {
        float[] result = [.. initial];
        List<int> all = [], positive = [], negative = [];
        for (int i = 0; i < initial.Length; i++)
        {
            if (!kept[i]) continue;
            all.Add(i);
            bool up = initial[i] > 0 || (initial[i] == 0 && stream("reshuffle/sign").Uniform(i) < 0.5);
            (up ? positive : negative).Add(i);
        }
        void Shuffle(List<int> positions, string use)
        {
            int[] order = stream(use).Permutation(positions.Count);
            for (int i = 0; i < order.Length; i++) result[positions[i]] = initial[positions[order[i]]];
        }
        if (!sameSign) Shuffle(all, "reshuffle");
        else
        {
            Shuffle(positive, "reshuffle/positive");
            Shuffle(negative, "reshuffle/negative");
        }
        return result;
    }

    private static double Deviation(float[] values)
    {
        double mean = 0, square = 0;
        for (int i = 0; i < values.Length; i++) mean += values[i];
        mean /= values.Length;
        for (int i = 0; i < values.Length; i++) square += (values[i] - mean) * (values[i] - mean);
        return Math.Sqrt(square / values.Length);
    }
}
