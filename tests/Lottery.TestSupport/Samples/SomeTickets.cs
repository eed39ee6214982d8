using System.Collections.Immutable;
using Lottery.Actions;
using Lottery.Networks;
using Lottery.Networks.Descriptions;
using Lottery.Numerics;
using Lottery.Tickets;

namespace Lottery.TestSupport.Samples;

/// <summary>Small tickets of every kind, and networks with every layer.</summary>
internal static class SomeTickets
{
    private static readonly ImmutableArray<string> Networks =
    [
        "16 fc1=linear(9) relu fc2=linear(7) relu output=linear(4) glorot-normal",
        "12 fc1=linear(9,unpruned) dropout(0.25) output=linear(4) he-normal",
        "1x9x7 conv1=conv(4,3) relu conv2=conv(6,2,stride=2,padding=1,no-bias) bn1=batch-norm relu max-pool(2) flatten fc1=linear(20) "
            + "relu output=linear(3,unpruned) lecun-normal",
        "3x8x8 conv1=conv(4,3,no-bias) bn1=batch-norm relu [ conv2=conv(8,3,stride=2,no-bias) bn2=batch-norm relu conv3=conv(8,3,no-bias) "
            + "bn3=batch-norm | zero-pad(8,stride=2) ] relu [ conv4=conv(8,1,unpruned) | ] average-pool(2) global-average-pool "
            + "output=linear(5) glorot-uniform",
        "27 output=linear(6) he-uniform",
        "6x2x2 flatten dropout1=dropout(0.5) output=linear(5) glorot-normal-plain",
        "9 fc1=linear(8) relu output=linear(5) normal(0.05)",
    ];

    /// <summary>One network a line of the list, of every layer and distribution.</summary>
    public static IEnumerable<Network> EveryNetwork => Networks.Select((description, i) =>
        NetworkReader.Read(description.Replace("dropout(0.25)", "dropout1=dropout(0.25)", StringComparison.Ordinal), $"some-{i}"));

    /// <summary>A recipe with every action, and every format of values, in turn over the networks.</summary>
    public static IEnumerable<Ticket> Every()
    {
        Network[] networks = [.. EveryNetwork];
        Recipe[] recipes =
        [
            .. Mask1.All.Where(action => !action.NeedsFinal).Select((action, i) => new Recipe { Seed = (ulong)i + 7, Level = i, Mask1 = action.Name }),
            new() { Seed = ulong.MaxValue, Level = 2, Mask1 = "constant(0.05)" },
            new() { Seed = 6, Level = 2, Mask1 = "noise(0.5)" },
            new() { Seed = 1, Level = 4, Mask1 = "constant-same-sign(1E-05)", Mask0 = "initial" },
            new() { Seed = 2, Level = 3, Fresh = true },
            new() { Seed = 2, Level = 3, Fresh = true, Draw = 2 },
            new() { Seed = 3, Mask1 = "constant-same-sign", Rescale = true },
        ];
        for (int i = 0; i < recipes.Length; i++) yield return Ticket.FromRecipe(Mask(networks[i % networks.Length], i), recipes[i]);
        for (int i = 0; i < networks.Length; i++)
        {
            Mask mask = Mask(networks[i], i);
            foreach (ValueFormat format in Enum.GetValues<ValueFormat>())
                yield return Ticket.FromTrained(mask, Trained(mask, mask0: i % 2 == 0 ? "zero" : "initial"), format);
            yield return Ticket.FromSigns(mask, Trained(mask, "zero"));
        }
    }

    /// <summary>Kept weights at random positions: a third, half or all of a layer's, or none.</summary>
    public static Mask Mask(Network network, int seed)
    {
        ReadOnlySpan<double> densities = [0.3, 0.5, 0.1, 1, 0];
        var bits = new BitSet?[network.Parameters.Length];
        for (int p = 0; p < bits.Length; p++)
        {
            if (!network.Parameters[p].Prunable) continue;
            BitSet kept = bits[p] = new(network.Parameters[p].Count);
            var random = new RandomStream((ulong)seed, $"test/ticket/{p}");
            for (int i = 0; i < kept.Length; i++) kept[i] = random.Bernoulli(i, densities[(p + seed) % densities.Length]);
        }
        return new(network, [.. bits]);
    }

    /// <summary>Weights, biases and averages that no seed gives.</summary>
    public static Weights Trained(Mask mask, string mask0)
    {
        Weights weights = new Recipe { Seed = 5, Mask0 = mask0 }.Weights(mask);
        for (int p = 0; p < mask.Network.Parameters.Length; p++)
            for (int i = 0; i < weights[p].Length; i++)
                if (weights[p][i] != 0 || mask[p] is null) weights[p][i] += 0.01f * (i % 7 - 3);
        return weights;
    }
}
