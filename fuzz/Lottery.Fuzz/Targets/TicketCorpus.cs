using System.Collections.Immutable;
using Lottery.Networks;
using Lottery.Networks.Descriptions;
using Lottery.Numerics;
using Lottery.Tickets;

namespace Lottery.Fuzz.Targets;

/// <summary>Whole tickets of every kind.</summary>
internal static class TicketCorpus
{
    private const string
        Units = "6 fc1=linear(5) relu output=linear(3) glorot-normal",
        Images = "1x6x6 conv1=conv(3,3,no-bias) bn1=batch-norm relu max-pool(2) conv2=conv(2,2) flatten output=linear(3,unpruned) he-normal",
        Blocks = "2x4x4 [ conv1=conv(2,3) bn1=batch-norm | ] relu [ conv2=conv(4,3,stride=2) | zero-pad(4,stride=2) ] global-average-pool output=linear(2) glorot-uniform";

    public static ImmutableArray<Ticket> All()
    {
        Mask units = MaskOf(Units, 0.4), images = MaskOf(Images, 0.3), blocks = MaskOf(Blocks, 0.7);
        return
        [
            Ticket.FromRecipe(units, new() { Seed = 1 }) with { Classes = ["cat", "dög", "fish"], Provenance = Known },
            Ticket.FromRecipe(images, new() { Seed = ulong.MaxValue, Level = 3, Mask1 = "constant-same-sign", Mask0 = "initial" }),
            Ticket.FromRecipe(blocks, new() { Seed = 7, Mask1 = "reshuffle", Rescale = true }) with { Scale = PixelScale.Standardized((100, 50), (90, 40)) },
            Ticket.FromRecipe(units, new() { Seed = 7, Level = 2, Fresh = true }),
            Ticket.FromRecipe(Mask.Full(units.Network), new() { Seed = 3 }),
            .. Enum.GetValues<ValueFormat>().Select(format => Ticket.FromTrained(images, Trained(images), format) with { Provenance = Known }),
            Ticket.FromTrained(blocks, InitialWeights.Sample(blocks.Network, 3)),
            Ticket.FromSigns(units, Trained(units)),
            Ticket.FromSigns(images, Trained(images)) with { Classes = ["a", "b", "c"] },
            Ticket.FromRecipe(MaskOf(NetworkCatalogue.Get("lenet-300-100").Description, 0.036), new() { Seed = 5 }),
        ];
    }

    private static Provenance Known => new()
    {
        Run = "0123456789abcdef", Studies = ["mask-criteria"], Data = "mnist", DataSha256 = "89abcdef01234567", Accuracy = new(9_700, 10_000), Trained = new(9_800, 10_000),
    };

    private static Mask MaskOf(string description, double density)
    {
        Network network = NetworkReader.Read(description, "small");
        var random = new RandomStream(1, "fuzz/mask");
        BitSet?[] bits = [.. network.Parameters.Select(parameter => parameter.Prunable ? new BitSet(parameter.Count) : null)];
        for (int p = 0; p < bits.Length; p++)
            for (int i = 0; bits[p] is { } kept && i < kept.Length; i++) kept[i] = random.Bernoulli(((long)p << 32) | (uint)i, density);
        return new(network, [.. bits]);
    }

    /// <summary>Weights that no seed gives, zero where pruned.</summary>
    private static Weights Trained(Mask mask)
    {
        Weights weights = InitialWeights.Sample(mask.Network, 2);
        for (int p = 0; p < mask.Network.Parameters.Length; p++)
            for (int i = 0; i < weights[p].Length; i++) weights[p][i] = mask[p]?[i] == false ? 0 : weights[p][i] + 0.125f * (i % 5);
        return weights;
    }
}
