using CsCheck;
using Lottery.Data;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.UnitTests.Plans;

/// <summary>A network, a mask of every kind, weights and a batch: what a plan can be asked to run.</summary>
/// <param name="Name">The network.</param>
/// <param name="Styles">How each layer is masked, one digit a layer; see <see cref="Keeps"/>.</param>
/// <param name="Batch">Examples in a batch.</param>
/// <param name="Seed">The seed of everything else.</param>
internal sealed record PlanCase(string Name, string Styles, int Batch, ulong Seed)
{
    public static Gen<PlanCase> Gen { get; } = CsCheck.Gen.Select(
        CsCheck.Gen.OneOf(CsCheck.Gen.Int[1, 40], CsCheck.Gen.Int[100, 250]), CsCheck.Gen.Int[1, 24].Array[0, 2],
        CsCheck.Gen.Int[2, 6], CsCheck.Gen.Int[0, 7].Array[3], CsCheck.Gen.Int[1, 80], CsCheck.Gen.ULong[0, 1_000_000],
        (inputs, hidden, classes, styles, batch, seed) => new PlanCase(
            $"mlp:{string.Join('-', (int[])[inputs, .. hidden, classes])}",
            string.Concat(styles.Take(hidden.Length + 1)), batch, seed));

    private static readonly RandomStream s_keeps = new(1, "test/keeps");
    private Mask? _mask;
    private Examples? _examples;

    public Network Network => NetworkCatalogue.Get(Name);

    public Mask Mask => _mask ??= SomeMask.Where(Network, Keeps);

    /// <summary>Three batches' worth.</summary>
    public Examples Examples => _examples ??= SmallData.Examples(3 * Batch, Network.Inputs, Network.Outputs, Seed);

    /// <summary>Weights, and biases that are not zero: at zero a ReLU has no gradient that all agree on.</summary>
    public Weights Start()
    {
        Weights start = InitialWeights.Sample(Network, Seed);
        for (int i = 0; i < Network.Parameters.Length; i++)
        {
            var random = new RandomStream(Seed, $"test/bias/{i}");
            for (int k = 0; k < start[i].Length; k++)
                start[i][k] = Mask[i] is not { } kept ? (float)(0.3 * random.Normal(k)) : kept[k] ? start[i][k] : 0;
        }
        return start;
    }

    /// <summary>The examples of a step: each batch overlaps the next, none in order.</summary>
    public int[] Indices(int step) => [.. Enumerable.Range(0, Batch).Select(i => (i * 7 + step * Batch / 2) % (3 * Batch))];

    private bool Keeps(int layer, int output, int input)
    {
        long place = ((long)Seed << 40) | ((long)layer << 32) | ((long)output << 16) | (long)input;
        return Styles[layer] switch
        {
            '0' or '1' => true,
            '2' => s_keeps.Bernoulli(place, 0.5),
            '3' => s_keeps.Bernoulli(place, 0.1),
            '4' => output == (int)(Seed % 2) && input == 0,
            '5' => (output + (int)Seed) % 3 > 0 && (input + (int)Seed) % 3 > 0,
            '6' => input > 0,
            _ => output > 0 && s_keeps.Bernoulli(place, 0.3),
        };
    }
}
