using Lottery.Kernels;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Plans;

namespace Lottery.UnitTests.Plans;

/// <summary>The two tables of a plan, as they are printed.</summary>
public sealed class PlanTableTests
{
    [Theory]
    [InlineData("lenet-300-100", 100)]
    [InlineData("lenet-300-100", 20)]
    [InlineData("resnet-20", 100)]
    [InlineData("resnet-20", 20)]
    public void The_tables_of_a_network_are_these(string name, int percent)
    {
        Network network = NetworkCatalogue.Get(name);
        using var plan = new CompiledPlan(network, MaskOf(network, percent), KernelRegistry.Kernels);
        string file = Repository.At($"tests/Lottery.UnitTests/Plans/Tables/{name}-{percent}.txt"), tables = $"{plan.Layout}\n{plan.Buffers}".ReplaceLineEndings("\n");
        Assert.True(File.Exists(file), $"{file} is missing; it would hold:\n{tables}");
        Assert.Equal(File.ReadAllText(file).ReplaceLineEndings("\n"), tables);
    }

    /// <summary>One weight in 100 ÷ percent of each layer is kept.</summary>
    private static Mask MaskOf(Network network, int percent) => new(network,
        [.. network.Parameters.Select(parameter =>
        {
            if (!parameter.Prunable) return null;
            var bits = new BitSet(parameter.Count);
            for (int k = 0; k < bits.Length; k++) bits[k] = k % (100 / percent) == 0;
            return bits;
        })]);
}
