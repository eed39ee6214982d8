using System.Collections.Immutable;
using Lottery.Kernels;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Operations;

namespace Lottery.Plans;

/// <summary>
/// A masked network, compiled: a layer that keeps every weight is dense, and one that keeps few stores its kept weights
/// alone (<see cref="StorageRule"/>). The rule depends on the mask and the data alone, and so do the bits of a result.
/// </summary>
/// <remarks>
/// Where pruned weights are frozen at a value other than zero they act, forward and backward, so every layer is dense and
/// costs what a dense layer costs. Layout, buffers and tables are made when they are first used: who predicts single examples
/// needs none of them.
/// </remarks>
internal sealed class CompiledPlan : IDisposable
{
    private AlignedBuffer<float>? _values;

    /// <summary>Compiles a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="mask">The weights that are trained.</param>
    /// <param name="kernels">The kernels.</param>
    /// <param name="frozen">True if pruned weights have values other than zero.</param>
    /// <param name="team">The threads that operations on images run on; features run on the caller's.</param>
    /// <param name="zeros">The share of zeros among the network's inputs, 0–1: it decides how fast training is, and no bit of a prediction.</param>
    public CompiledPlan(Network network, Mask mask, KernelSet kernels, bool frozen = false, ThreadTeam? team = null, double zeros = 0)
    {
        (Network, Kernels, Team) = (network, kernels, team ?? ThreadTeam.One);
        var compiler = new PlanCompiler(network, mask, frozen, Team.Threads, zeros);
        (Tensors, Operations) = (compiler.Tensors, compiler.Operations);
        Segments = FusedSegment.Forward(Operations);
        InputRows = InputRowsOf(Input);
    }

    /// <summary>The network.</summary>
    public Network Network { get; }

    /// <summary>The kernels.</summary>
    public KernelSet Kernels { get; }

    /// <summary>The threads.</summary>
    public ThreadTeam Team { get; }

    /// <summary>The tensors between operations: first the network's input, last the scores of the classes.</summary>
    public ImmutableArray<PlanTensor> Tensors { get; }

    /// <summary>The network's input.</summary>
    public PlanTensor Input => Tensors[0];

    /// <summary>The scores of the classes.</summary>
    public PlanTensor Output => Tensors[^1];

    /// <summary>The operations, each after those whose tensors it reads.</summary>
    public ImmutableArray<Operation> Operations { get; }

    /// <summary>The same operations, those together that run tile by tile in a forward pass.</summary>
    public ImmutableArray<FusedSegment> Segments { get; }

    /// <summary>The same operations, those together that run tile by tile in a backward pass, which begins with the last.</summary>
    public ImmutableArray<FusedSegment> BackwardSegments => field.IsDefault ? field = MakeBackwardSegments() : field;

    /// <summary>Where each parameter lies among <see cref="Values"/>.</summary>
    public ParameterLayout Layout => field ??= new(Network, Operations);

    /// <summary>Where each tensor's values and gradient lie.</summary>
    public BufferPlan Buffers => field ??= new(Tensors, Segments, FusedSegment.Backward(Operations));

    /// <summary>The values of every parameter.</summary>
    public AlignedBuffer<float> Values => _values ??= new(Layout.Length);

    /// <summary>For each value of an example the row of lanes that it has in the input's buffer, or −1 if nothing reads it.</summary>
    public int[] InputRows { get; }

    /// <summary>Sets the parameters from full shape.</summary>
    public void Load(Weights weights) => Layout.Load(weights, Values.Span);

    /// <summary>The parameters in full shape, zero where they are not stored.</summary>
    public Weights Save() => Layout.Save(Values.Span);

    /// <summary>Allocates the values of every tensor.</summary>
    /// <param name="batch">The most examples of a batch.</param>
    public TensorBuffers Allocate(int batch) => Buffers.Allocate(batch, Team.Threads);

    /// <summary>Allocates what a backward pass needs: the gradients, and the operations' own buffers.</summary>
    public TensorBuffers AllocateBackward(TensorBuffers x)
    {
        foreach (Operation operation in Operations) operation.AllocateBackward(x.Tiles, Team.Threads);
        return Buffers.AllocateGradients(x, Team.Threads);
    }

    /// <summary>The context of a forward pass outside training.</summary>
    public ForwardContext Evaluation(TensorBuffers x) => new() { Kernels = Kernels, Team = Team, Parameters = Values, X = x };

    /// <summary>The context of a forward pass in training.</summary>
    /// <param name="x">The values.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="step">The training step.</param>
    public ForwardContext Training(TensorBuffers x, ulong seed, int step) =>
        new() { Kernels = Kernels, Team = Team, Parameters = Values, X = x, Training = true, Seed = seed, Step = step };

    /// <summary>From the input to the scores of the classes.</summary>
    public void Forward(in ForwardContext context)
    {
        foreach (FusedSegment segment in Segments) segment.Forward(context);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Operation operation in Operations) operation.Dispose();
        _values?.Dispose();
    }

    private ImmutableArray<FusedSegment> MakeBackwardSegments()
    {
        ImmutableArray<FusedSegment> segments = FusedSegment.Backward(Operations);
        foreach (FusedSegment segment in segments) segment.Use(Buffers);
        return segments;
    }

    private static int[] InputRowsOf(PlanTensor input)
    {
        var rows = new int[input.Shape.Count];
        Array.Fill(rows, -1);
        if (input.Shape.IsFlat)
        {
            for (int i = 0; i < input.Live.Length; i++) rows[input.Live[i]] = i;
            return rows;
        }
        ImageLayout layout = input.Layout;
        for (int i = 0; i < rows.Length; i++)
        {
            int row = i / layout.Columns;
            rows[i] = layout.Offset(row / layout.Rows, row % layout.Rows, i % layout.Columns) / ImageLayout.Lanes;
        }
        return rows;
    }
}
