using System.Runtime.CompilerServices;
using Lottery.Kernels.Convolution;
using Lottery.Networks;
using Lottery.Plans;
using Lottery.Specifications;

namespace Lottery.Studies.Execution;

/// <summary>
/// How long one thread of the processor takes for a network's training steps and forward passes: the work of each layer as a plan would
/// store it, times rates that were fitted to measured steps by least squares of the relative error. <c>./dev bench times</c> measures
/// again and compares.
/// </summary>
internal static class StepTimes
{
    // Nanoseconds of one core of an AMD EPYC (Zen 4) that is otherwise idle.
    private const double Example = 94, Value = 0.28, ValueBackward = 0.75;

    /// <summary>An update of Adam or AdamW, of SGD, and what a learned score needs besides: a sampled mask and the sigmoid's slope.</summary>
    private const double AdamUpdate = 0.29, SgdUpdate = 0.15, Score = 8;

    private static readonly ConditionalWeakTable<Network, LayerWork[]> s_layers = [];

    /// <summary>How weights are multiplied.</summary>
    private enum Products
    {
        None, DenseLinear, SparseLinear, Winograd, Patches, SparseConvolution,
    }

    /// <summary>The seconds of a training step, and those of one example's forward pass.</summary>
    /// <param name="network">The network.</param>
    /// <param name="training">Its training.</param>
    /// <param name="kept">The share of a layer's weights that is kept, 0–1, by kind.</param>
    /// <param name="zeros">The share of zeros among the network's inputs, 0–1.</param>
    /// <param name="hasScores">True if scores are trained in place of weights.</param>
    public static (double Step, double Example) Of(
        Network network, TrainingSpecification training, Func<LayerKind, double> kept, double zeros, bool hasScores = false)
    {
        double forward = Example, backward = 0, weights = 0;
        foreach (LayerWork layer in s_layers.GetValue(network, LayerWork.Of))
        {
            (double ofForward, double ofBackward) = layer.Nanoseconds(layer.IsPrunable ? kept(layer.Kind) : 1, layer.IsFirst ? zeros : layer.Zeros, out double stored);
            forward += ofForward;
            backward += ofBackward;
            weights += stored;
        }
        double update = (training.Optimizer is Sgd ? SgdUpdate : AdamUpdate) + (hasScores ? Score : 0);
        return (1e-9 * (training.Batch * (forward + backward) + weights * update), 1e-9 * forward);
    }

    /// <summary>Nanoseconds of a multiply-add forward, and of one of the two products backward.</summary>
    private static (double Forward, double Backward) Rate(Products products) => products switch
    {
        Products.DenseLinear => (0.0354, 0.0406),
        Products.SparseLinear => (0.0323, 0.029),
        Products.Winograd => (0.0094, 0.0121),
        Products.Patches => (0.0413, 0.0373),
        Products.SparseConvolution => (0.0252, 0.0327),
        _ => (0, 0),
    };

    /// <summary>What a layer does, dense.</summary>
    private sealed record LayerWork
    {
        /// <summary>The layer; null for an addition of a residual block.</summary>
        private Layer? Layer { get; init; }

        public LayerKind Kind { get; private init; }

        public bool IsPrunable { get; private init; }

        /// <summary>True if it reads the network's input, which needs no gradient.</summary>
        public bool IsFirst { get; private init; }

        /// <summary>The share of zeros among its inputs where these are not the network's.</summary>
        public double Zeros { get; private init; }

        private double MultiplyAdds { get; init; }

        private int Weights { get; init; }

        /// <summary>Values that pass through memory.</summary>
        private int Values { get; init; }

        private bool HasRelu { get; init; }

        private Products Dense { get; init; }

        public static LayerWork[] Of(Network network)
        {
            var graph = new NetworkGraph(network);
            Dictionary<string, double> zeros = graph.ZerosOfInputs(0);
            return [.. graph.Nodes.Select(node => node.Match(
                apply => Of(apply, graph.Tensors, zeros[apply.Layer.Name]), fork => new LayerWork(),
                join => new LayerWork { Values = graph.Tensors[join.Output].Shape.Count }))];
        }

        /// <summary>The nanoseconds of an example, forward and backward, and the number of weights that are stored.</summary>
        /// <param name="kept">The share of its weights that is kept.</param>
        /// <param name="zeros">The share of zeros among its inputs.</param>
        /// <param name="stored">The number of weights that are stored, and updated in each step.</param>
        public (double Forward, double Backward) Nanoseconds(double kept, double zeros, out double stored)
        {
            bool isSparse = Layer is not null && kept < 1 && kept <= StorageRule.Densest(Layer, zeros);
            Products products = !isSparse ? Dense : Dense is Products.DenseLinear ? Products.SparseLinear : Products.SparseConvolution;
            bool skipsZeros = products is Products.DenseLinear;
            double all = MultiplyAdds * (isSparse ? kept : 1), forward = all * (skipsZeros ? 1 - zeros : 1);
            double input = IsFirst ? 0 : all * (skipsZeros && HasRelu ? 1 - StorageRule.ZerosAfterRelu : 1);
            stored = Weights * (isSparse ? kept : 1);
            (double rate, double backwardRate) = Rate(products);
            return (forward * rate + Values * Value, (forward + input) * backwardRate + Values * ValueBackward);
        }

        private static ConvolutionShape ShapeOf(Convolution layer, Shape input) =>
            new(layer.Inputs, layer.Outputs, layer.Kernel, layer.Stride, layer.Padding, input.Height, input.Width, layer.Padding, layer.Padding);

        private static LayerWork Of(Node.Apply node, IReadOnlyList<GraphTensor> tensors, double zeros)
        {
            (Shape input, GraphTensor output) = (tensors[node.Input].Shape, tensors[node.Output]);
            Parameter? weight = node.Layer.Parameters.FirstOrDefault(parameter => parameter.Role == ParameterRole.Weight);
            Products dense = node.Layer switch
            {
                Linear => Products.DenseLinear,
                Convolution layer => DenseConvolution.UsesWinograd(ShapeOf(layer, input)) ? Products.Winograd : Products.Patches,
                DepthwiseConvolution => Products.SparseConvolution,
                _ => Products.None,
            };
            return new()
            {
                Layer = node.Layer, Kind = weight?.Kind ?? default, IsPrunable = weight?.Prunable ?? false, IsFirst = node.Input == 0, Zeros = zeros,
                MultiplyAdds = node.Layer.MultiplyAdds(input), Weights = weight?.Count ?? 0, HasRelu = output.HasRelu, Dense = dense,
                Values = input.IsFlat || node.Layer is Flatten ? 0 : output.Shape.Count,
            };
        }
    }
}
