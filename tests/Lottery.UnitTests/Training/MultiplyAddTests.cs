using Lottery.Kernels;
using Lottery.Networks;
using Lottery.Operations;

namespace Lottery.UnitTests.Training;

/// <summary>Multiply-adds as the kernels' own loops count them, product by product: a sparse layer multiplies no pruned weight, a dense one no zero.</summary>
public sealed class MultiplyAddTests
{
    private static readonly Network s_network = NetworkCatalogue.Get("mlp:160-48-32-16");

    /// <summary>Versions that count (the plain loops do not), and batches.</summary>
    public static TheoryData<string, int> VersionsAndBatches { get; } =
    [
        .. from version in KernelRegistry.Available
           where version != "reference"
           from batch in (int[])[1, 16, 60, 64, 70, 80]
           select (version, batch),
    ];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(VersionsAndBatches))]
    public void A_kept_weight_is_multiplied_once_a_lane_in_each_product(string version, int batch)
    {
        foreach (int percent in (int[])[1, 10, 50, 95])
        {
            Mask mask = SomeMask.Of(s_network, seed: 1, percent);
            using var counted = new CountedStep(version, mask, batch);
            for (int layer = 0; layer < 3; layer++)
            {
                if (percent == 95 && layer > 0)
                {
                    Assert.IsType<DenseLinearOperation>(counted.Plan.Operations[layer]);
                    continue;
                }
                int kept = ((SparseLinearOperation)counted.Plan.Operations[layer]).Table.Kept;
                long each = (long)kept * counted.Lanes;
                Assert.InRange(kept, 0, mask[2 * layer]!.Count());
                Assert.Equal((each, layer > 0 ? each : 0, each), counted.Products(layer));
            }
        }
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(VersionsAndBatches))]
    public void A_dense_layer_multiplies_what_is_not_zero(string version, int batch) =>
        Assert.All((int[])[100, 80], percent => MultipliesWhatIsNotZero(version, SomeMask.Of(s_network, seed: 1, percent), batch));

    private static void MultipliesWhatIsNotZero(string version, Mask mask, int batch)
    {
        using var counted = new CountedStep(version, mask, batch, zeros: 0.5);
        for (int layer = 0; layer < 3; layer++)
        {
            Linear linear = Assert.IsType<DenseLinearOperation>(counted.Plan.Operations[layer]).Layer;
            long active = counted.Active(layer) * linear.Outputs, most = (long)linear.Inputs * linear.Outputs * counted.Lanes;
            long back = layer > 0 ? counted.ActiveGradients(layer) * linear.Inputs : 0;
            Assert.Equal((active, back, active), counted.Products(layer));
            Assert.InRange(active, 1, most);
            Assert.InRange(back, 0, most);
        }
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(VersionsAndBatches))]
    public void Widths_that_are_not_whole_sixteens_cost_less_than_one_more(string version, int batch)
    {
        using var counted = new CountedStep(version, Mask.Full(NetworkCatalogue.Get("mlp:37-21-5-3")), batch);
        for (int layer = 0; layer < 3; layer++)
        {
            Linear linear = ((LinearOperation)counted.Plan.Operations[layer]).Layer;
            long outputs = Operation.Padded(linear.Outputs), inputs = Operation.Padded(linear.Inputs);
            long back = layer > 0 ? counted.ActiveGradients(layer) * inputs : 0;
            Assert.Equal((counted.Active(layer) * outputs, back, counted.Active(layer) * outputs), counted.Products(layer));
        }
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(VersionsAndBatches))]
    public void A_step_does_its_products_and_no_input_gradient_of_the_first_layer(string version, int batch)
    {
        foreach (int[] percent in (int[][])[[100], [10], [10, 100, 50]])
        {
            using var counted = new CountedStep(version, SomeMask.Of(s_network, seed: 2, percent), batch);
            Assert.Equal(Enumerable.Range(0, 3).Sum(layer =>
                counted.Products(layer).Forward + counted.Products(layer).Input + counted.Products(layer).Weight), counted.Whole);
        }
    }

    [Fact]
    public void A_whole_number_of_sixteens_never_costs_more_than_kept_times_batch()
    {
        foreach (string version in KernelRegistry.Available)
            foreach (int batch in (int[])[16, 32, 48, 64])
            {
                Mask mask = SomeMask.Of(s_network, seed: 3, 30, 100, 5);
                using var counted = new CountedStep(version, mask, batch);
                for (int layer = 0; layer < 3; layer++)
                {
                    long most = (long)mask[2 * layer]!.Count() * batch;
                    (long forward, long input, long weight) = counted.Products(layer);
                    Assert.InRange(forward, 0, most);
                    Assert.InRange(input, 0, most);
                    Assert.InRange(weight, 0, most);
                }
            }
    }

    [Fact]
    public void Lanes_are_the_batch_rounded_up_to_sixteen_in_each_tile()
    {
        foreach (int batch in Enumerable.Range(1, 200))
        {
            using var counted = new CountedStep("reference", Mask.Full(NetworkCatalogue.Get("mlp:3-2")), batch);
            Assert.InRange(counted.X.Tiles.Lanes, 16, BatchTiles.MaxLanes);
            Assert.InRange(counted.Lanes, batch, batch + 16 * counted.X.Tiles.Tiles - 1);
        }
    }
}
