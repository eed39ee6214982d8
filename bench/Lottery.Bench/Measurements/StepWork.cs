using Lottery.Bench.Timing;
using Lottery.Kernels;
using Lottery.Kernels.Convolution;
using Lottery.Networks;
using Lottery.Operations;
using Lottery.Plans;

namespace Lottery.Bench.Measurements;

/// <summary>
/// The work of a training step with Adam, counted from the plan: what a machine's peaks bound the step's time with. Vectors have
/// sixteen values.
/// </summary>
/// <remarks>
/// A sparse layer multiplies its kept weights with every lane; a dense one skips the inputs that are zero, as many as
/// <see cref="StorageRule"/> supposes; a dense 3×3 convolution takes 2.25 times fewer by Winograd's transforms, which are not counted. Loads a multiply-add: 5/4 in
/// sparse linear layers (four of inputs and one of the weight for four), 9/8 in sparse convolutions, 8/7 in dense linear layers,
/// 1/2 in dense convolutions. Bytes: weights and indices once a pass, 32 a stored value for gradient and update, and each
/// tensor written once and read once.
/// </remarks>
/// <param name="Products">For each layer its multiply-adds and loads, in vectors.</param>
/// <param name="Updated">Stored values, which the optimizer updates.</param>
/// <param name="Bytes">Bytes that are read and written.</param>
/// <param name="WorkingSet">Bytes of weights, moments, gradients and tensors.</param>
internal sealed record StepWork(IReadOnlyList<(double MultiplyAdds, double Loads)> Products, double Updated, double Bytes, double WorkingSet)
{
    private const int Lanes = ImageLayout.Lanes;

    /// <summary>Multiply-adds of one value.</summary>
    public double MultiplyAdds => Lanes * Products.Sum(product => product.MultiplyAdds);

    /// <summary>The work of a step.</summary>
    /// <param name="mask">The kept weights.</param>
    /// <param name="batch">Examples, at most 64.</param>
    /// <param name="zeros">The share of zeros among the network's inputs.</param>
    public static StepWork Of(Mask mask, int batch, double zeros)
    {
        using var plan = new CompiledPlan(mask.Network, mask, KernelRegistry.Kernels, zeros: zeros);
        Dictionary<string, double> zerosOf = new NetworkGraph(mask.Network).ZerosOfInputs(zeros);
        int groups = (batch + Lanes - 1) / Lanes;
        var products = new List<(double, double)>();
        double bytes = 0, tensors = 0;
        foreach (Operation operation in plan.Operations)
        {
            bool isFirst = products.Count == 0;
            int passes = isFirst ? 2 : 3;
            tensors += operation.Outputs.Sum(tensor => tensor.ValuesOf is null ? 4.0 * tensor.TileLength(Lanes) * groups : 0);
            double activeAfter = operation.Output.HasRelu ? 1 - StorageRule.ZerosAfterRelu : 1;
            switch (operation)
            {
                case SparseLinearOperation sparse:
                    Add((double)sparse.Table.Kept * groups * passes, 5.0 / 4);
                    bytes += 8.0 * sparse.Table.Kept * passes;
                    break;
                case DenseLinearOperation dense:
                    double weights = (double)dense.Layer.Inputs * dense.Layer.Outputs;
                    Add(weights / Lanes * batch * (2 * (1 - zerosOf[dense.Layer.Name]) + (isFirst ? 0 : activeAfter)), 8.0 / 7);
                    bytes += 4 * weights * passes;
                    break;
                case SparseConvolutionOperation sparse:
                    Add((double)sparse.Table.Kept * sparse.Shape.OutputPixels * groups * passes, 9.0 / 8);
                    bytes += 8.0 * sparse.Table.Kept * passes;
                    break;
                case DenseConvolutionOperation { Shape: var shape }:
                    double fewer = DenseConvolution.UsesWinograd(shape) ? 2.25 : 1;
                    Add((double)shape.Inputs * shape.Outputs * shape.KernelArea * shape.OutputPixels * groups * passes / fewer, 0.5);
                    bytes += 4.0 * shape.DenseWeights * passes;
                    break;
            }
        }
        double values = plan.Layout.Length;
        return new(products, values, bytes + 32 * values + 2 * tensors, 16 * values + tensors);

        void Add(double multiplyAdds, double loads) => products.Add((multiplyAdds, multiplyAdds * loads));
    }

    /// <summary>
    /// Seconds that the step takes at least: the products of each layer, by multiply-adds or by loads, then the update, by roots; or the
    /// traffic, if that takes longer.
    /// </summary>
    /// <param name="rates">The machine's peaks.</param>
    /// <param name="bandwidth">Bytes a second in the working set.</param>
    public (double Seconds, string By) Bound(MachineRates rates, double bandwidth)
    {
        double multiplyAdds = 0, loads = 0, update = Updated / Lanes / rates.Roots, traffic = Bytes / bandwidth;
        foreach ((double adds, double loaded) in Products)
            if (adds / rates.MultiplyAdds >= loaded / rates.Loads) multiplyAdds += adds / rates.MultiplyAdds;
            else loads += loaded / rates.Loads;
        double most = new[] { multiplyAdds, loads, update }.Max(), sum = multiplyAdds + loads + update;
        return traffic > sum ? (traffic, "traffic") : (sum, most == update ? "update" : most == loads ? "loads" : "multiply-adds");
    }
}
