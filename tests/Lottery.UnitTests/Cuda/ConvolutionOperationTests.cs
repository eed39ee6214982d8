using CsCheck;
using Lottery.Cuda.Operations;
using Lottery.Kernels;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Operations;
using Lottery.Plans;
using Lottery.UnitTests.Kernels;

namespace Lottery.UnitTests.Cuda;

/// <summary>Every convolution of a card, in the emulator, has the bits of the engine's: y, dx, and the parameters' gradient.</summary>
public class ConvolutionOperationTests
{
    private static readonly Gen<int> s_batches = Gen.OneOf([.. new[] { 1, 16, 17, 48, 60, 64, 65 }.Select(Gen.Const)]);

    [Fact]
    public void Kept_weights() =>
        Cases(Gen.Int[1, 3], Gen.Int[0, 45]).Sample(one => Check<SparseConvolutionOperation>(one), print: Text, iter: 60, threads: 1);

    [Fact]
    public void Kept_weights_of_small_kernels() => Cases(Gen.Const(1), Gen.Int[0, 45]).Sample(
        one => Check<SparseConvolutionOperation>(one with
        {
            Kernel = 3, Padding = 1, Rows = one.Rows + 1, Columns = one.Columns + 1,
        }),
        print: Text, iter: 60, threads: 1);

    [Fact]
    public void Kept_weights_and_pooling() => Cases(Gen.Const(1), Gen.Int[0, 45]).Sample(
        one => Check<PooledConvolutionOperation>(one with
        {
            Kernel = 3, Padding = 1, Rows = (one.Rows + 3) / 2 * 2, Columns = (one.Columns + 3) / 2 * 2, Pool = true,
        }),
        print: Text, iter: 40, threads: 1);

    [Fact]
    public void Channels_by_themselves() => Cases(Gen.Int[1, 2], Gen.Int[0, 100]).Sample(
        one => Check<DepthwiseConvolutionOperation>(one with { Depthwise = true }), print: Text, iter: 40, threads: 1);

    [Fact]
    public void Every_weight_by_patches() =>
        Cases(Gen.Int[1, 3], Gen.Int[46, 100]).Sample(one => Check<DenseConvolutionOperation>(one), print: Text, iter: 40, threads: 1);

    [Fact]
    public void Every_weight_by_points() => Cases(Gen.Const(1), Gen.Int[46, 100]).Sample(
        one => Check<DenseConvolutionOperation>(one with
        {
            Kernel = 3, Padding = 1, Rows = one.Rows / 2 * 2 + 2, Columns = one.Columns / 2 * 2 + 2, Inputs = one.Inputs + 7, Outputs = one.Outputs + 7,
        }),
        print: Text, iter: 24, threads: 1);

    /// <summary>
    /// Blocks of every size: few and many targets, one and two squares of a block, numbers of both that fill no block, and so many weights
    /// that their gradient's parts are added where they are made.
    /// </summary>
    [Theory]
    [InlineData(33, 3200, 2, 33)]
    [InlineData(9, 3190, 6, 33)]
    [InlineData(3, 17, 16, 128)]
    [InlineData(6, 40, 16, 96)]
    [InlineData(5, 40, 8, 81)]
    [InlineData(37, 33, 2, 33)]
    [InlineData(4, 17, 22, 96)]
    [InlineData(7, 16, 22, 128)]
    [InlineData(18, 5, 4, 17)]
    [InlineData(33, 70, 6, 97)]
    public void Every_size_of_block(int inputs, int outputs, int side, int batch) => Check<DenseConvolutionOperation>(
        new(3, 1, 1, side, side, inputs, outputs, 100, 1, batch, batch, 7, true, inputs % 2 == 0, false, false));

    [Theory]
    [InlineData(1, 20)]
    [InlineData(1, 100)]
    [InlineData(5, 10)]
    public void A_large_image(int kernel, int percent) => Check<ConvolutionOperation>(
        new(kernel, 1, kernel / 2, 33, 35, 3, 5, percent, kernel, 17, 17, 4, true, false, false, false));

    [Theory]
    [InlineData(6, 4, 8)]
    [InlineData(6, 32, 8)]
    [InlineData(6, 8, 40)]
    [InlineData(4, 4, 8)]
    [InlineData(8, 8, 8)]
    [InlineData(4, 16, 8)]
    [InlineData(8, 32, 8)]
    [InlineData(4, 4, 40)]
    [InlineData(8, 8, 40)]
    [InlineData(4, 16, 40)]
    [InlineData(8, 32, 40)]
    public void Images_of_the_catalogue(int rows, int side, int percent) => Check<SparseConvolutionOperation>(
        new(3, 1, 1, rows, side, 9, 10, percent, 1, 17, 17, 4, true, false, false, false));

    /// <summary>A warp makes all bands of its weights' gradient, not one of them.</summary>
    [Theory]
    [InlineData(8, 40, 160, 10)]
    [InlineData(8, 40, 160, 25)]
    [InlineData(9, 40, 160, 25)]
    public void Many_weights_in_bands(int rows, int inputs, int outputs, int percent) => Check<SparseConvolutionOperation>(
        new(3, 1, 1, rows, 4, inputs, outputs, percent, 1, 60, 59, 6, true, true, false, false));

    /// <summary>There are warps enough for patches of y and dx.</summary>
    [Theory]
    [InlineData(32, 32, 30, 29, 17, true)]
    [InlineData(31, 33, 27, 31, 44, false)]
    public void Many_pixels(int rows, int columns, int inputs, int outputs, int percent, bool relu) => Check<SparseConvolutionOperation>(
        new(3, 1, 1, rows, columns, inputs, outputs, percent, 1, 60, 60, 8, true, relu, false, false));

    [Fact]
    public void Many_channels() => Check<SparseConvolutionOperation>(new(3, 1, 1, 8, 8, 24, 40, 20, 3, 32, 20, 5, true, true, false, false));

    [Fact]
    public void A_first_layer_has_no_gradient_at_its_input()
    {
        Check<DenseConvolutionOperation>(new(3, 1, 1, 8, 8, 3, 20, 100, 3, 60, 60, 6, true, true, false, false), first: true);
        Check<SparseConvolutionOperation>(new(3, 1, 1, 8, 8, 3, 20, 30, 3, 60, 60, 6, true, true, false, false), first: true);
    }

    private static Gen<ConvolutionCase> Cases(Gen<int> strides, Gen<int> percents) =>
        from kernel in Gen.Int[1, 5]
        from stride in strides
        from padding in Gen.Int[0, kernel - 1]
        from size in Gen.Select(Gen.Int[kernel, 10], Gen.Int[kernel, 10])
        from channels in Gen.Select(Gen.Int[1, 9], Gen.Int[1, 11])
        from percent in percents
        from border in Gen.OneOf(Gen.Const(1), Gen.Const(3), Gen.Const(5))
        from batch in s_batches
        from missing in Gen.Frequency((3, Gen.Const(0)), (1, Gen.Int[0, batch - 1]))
        from seed in Gen.Int[0, int.MaxValue]
        from flags in Gen.Select(Gen.Bool, Gen.Bool)
        select new ConvolutionCase(kernel, stride, padding, size.Item1, size.Item2, channels.Item1, channels.Item2, percent, border, batch,
            batch - missing, seed, flags.Item1, flags.Item2, false, false);

    private static string Text(ConvolutionCase one) => one.ToString();

    private static void Check<T>(ConvolutionCase one, bool first = false) where T : ConvolutionOperation
    {
        Network network = one.Network(first);
        using var plan = new CompiledPlan(network, one.Mask(network), KernelRegistry.Kernels);
        Operation operation = plan.Operations.First(operation => operation.Name == "tested");
        Assert.IsAssignableFrom<T>(operation);
        if (operation.Input.Live.Length == 0 || operation.Output.Live.Length == 0) return;
        using var pair = new OperationPair(plan, operation, one.Batch, one.Count, one.Seed);
        string? difference = pair.Difference(of => CudaConvolutions.Of((ConvolutionOperation)of));
        Assert.True(difference is null, $"{one}, {operation.GetType().Name}: {difference}");
    }

    private sealed record ConvolutionCase(
        int Kernel, int Stride, int Padding, int Rows, int Columns, int Inputs, int Outputs, int Percent, int Border, int Batch, int Count, int Seed,
        bool Bias, bool Relu, bool Pool, bool Depthwise)
    {
        /// <summary>A convolution that makes the tested one's input, the tested one, and at the end one whose kernel gives images their border.</summary>
        public Network Network(bool first)
        {
            var builder = new NetworkBuilder(new Shape(first ? Inputs : 2, Rows, Columns));
            if (!first) builder.Convolution(Inputs, 1, prunable: false);
            if (!first && Seed % 3 != 0) builder.Relu();
            if (Depthwise) builder.DepthwiseConvolution(Kernel, Stride, Padding, Bias, name: "tested");
            else builder.Convolution(Outputs, Kernel, Stride, Padding, Bias, name: "tested");
            if (Relu) builder.Relu();
            if (Pool) builder.MaxPool(2);
            return builder.Convolution(2, Border, prunable: false).Flatten().Output(2).Build("one");
        }

        /// <summary>Rows without a weight, with one, with all, and with some.</summary>
        public Mask Mask(Network network)
        {
            var random = new CaseData(Seed);
            return new(network,
            [
                .. network.Parameters.Select(parameter =>
                {
                    if (!parameter.Prunable) return null;
                    if (parameter.Name != "tested.weight") return BitSet.Full(parameter.Count);
                    var bits = new BitSet(parameter.Count);
                    int outputs = parameter.Shape[0], each = parameter.Count / outputs;
                    for (int output = 0; output < outputs; output++)
                    {
                        int kind = Percent > 45 ? 9 : random.Below(8), one = random.Below(each);
                        for (int i = 0; i < each; i++)
                            bits[output * each + i] = kind switch { 0 => false, 1 => i == one, 2 => true, _ => random.Chance(Percent) };
                    }
                    if (Percent <= 45 && bits.Count() > 0.45 * bits.Length)
                        for (int i = 0; i < bits.Length; i++) bits[i] &= i % 3 == 2;
                    // Above this the engine stores every weight.
                    return Percent > 45 && !Depthwise && bits.Count() <= 0.45 * bits.Length ? BitSet.Full(bits.Length) : bits;
                }),
            ]);
        }
    }
}
