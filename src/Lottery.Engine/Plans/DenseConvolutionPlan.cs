using Lottery.Kernels;
using Lottery.Kernels.Convolution;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Plans;

/// <summary>
/// A convolution that stores every weight, as <c>[input][kernel row][kernel column][outputs rounded up to 16]</c>; packed
/// anew for the kernels at every pass, which costs little beside the products.
/// </summary>
internal sealed class DenseConvolutionPlan : ConvolutionPlan
{
    private readonly AlignedBuffer<float> _packed;
    private readonly AlignedBuffer<float>[] _work;

    public DenseConvolutionPlan(
        Convolution layer, Network network, (Signal Input, Signal Output) ends, int offset, KernelSet kernels, int threads)
        : base(layer, network, ends, offset, kernels)
    {
        _packed = new(DenseConvolution.PackedLength(Shape, transposed: false));
        _work = [.. Enumerable.Range(0, threads).Select(_ => new AlignedBuffer<float>(DenseConvolution.WorkspaceLength(Shape)))];
    }

    public override int Length => BiasOffset + (Bias < 0 ? 0 : Shape.PaddedOutputs);

    public override int BiasOffset => Shape.DenseWeights;

    public override void Dispose()
    {
        _packed.Dispose();
        foreach (AlignedBuffer<float> work in _work) work.Dispose();
    }

    /// <summary>Room for the work of each thread.</summary>
    public Span<float> Work(int worker) => _work[worker].Span;

    public override void Begin(NetworkPlan plan) =>
        Kernels.Run(new ConvolutionPacking { Shape = Shape, Weights = plan.ValuesOf(this), Packed = _packed.Span, Transposed = false });

    protected override void Forward(Activations x, int tile, int worker) => Kernels.Run(new ConvolutionForward
    {
        Shape = Shape, Packed = _packed.Span, Bias = BiasesOf(x.Plan), X = x.At(Input, tile), Y = x.At(Output, tile),
        Workspace = Work(worker), Relu = Relu,
    });

    protected override void Load(ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, Span<float> values)
    {
        values.Clear();
        int each = Shape.Inputs * Shape.KernelArea;
        for (int output = 0; output < Shape.Outputs; output++)
            for (int i = 0; i < each; i++) values[i * Shape.PaddedOutputs + output] = weight[output * each + i];
        bias.CopyTo(values[BiasOffset..]);
    }

    protected override void Save(ReadOnlySpan<float> values, Span<float> weight, Span<float> bias)
    {
        int each = Shape.Inputs * Shape.KernelArea;
        for (int output = 0; output < Shape.Outputs; output++)
            for (int i = 0; i < each; i++) weight[output * each + i] = values[i * Shape.PaddedOutputs + output];
        values.Slice(BiasOffset, bias.Length).CopyTo(bias);
    }
}
