using System.Collections.Immutable;
using Lottery.Numerics;

namespace Lottery.Operations;

/// <summary>How much of a tensor an operation reads in its backward pass.</summary>
internal enum BackwardUse
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Of each tile its own values, while the tile is worked on.</summary>
    Tile,

    /// <summary>All tiles, after the last one.</summary>
    Batch,
}

/// <summary>
/// What a compiled plan runs for one layer: the forward and the backward pass over a batch, and the steps that predict
/// one example.
/// </summary>
/// <remarks>
/// The batch is innermost in memory, so one weight multiplies a contiguous run of lanes. An operation reads the live
/// channels or features of its input and writes those of its output. Its work is split into parts that may run on any
/// thread in any order: an operation on images has one part an image tile, so that consecutive ones can be fused, and any
/// other operation has <see cref="Parts"/>.
/// </remarks>
/// <param name="name">The layer's name.</param>
/// <param name="input">The tensor that it reads.</param>
/// <param name="output">The tensor that it writes.</param>
internal abstract class Operation(string name, PlanTensor input, PlanTensor output) : IDisposable
{
    private readonly List<IDisposable> _owned = [];

    /// <summary>The layer's name.</summary>
    public string Name { get; } = name;

    /// <summary>The tensor that it reads.</summary>
    public PlanTensor Input { get; } = input;

    /// <summary>The tensor that it writes.</summary>
    public PlanTensor Output { get; } = output;

    /// <summary>Every tensor that it reads.</summary>
    public virtual ImmutableArray<PlanTensor> Inputs => [Input];

    /// <summary>Every tensor that it writes.</summary>
    public virtual ImmutableArray<PlanTensor> Outputs => [Output];

    /// <summary>Where its parameters begin among the plan's.</summary>
    public int Offset { get; set; }

    /// <summary>Where it stores each of its parameters.</summary>
    public ImmutableArray<ParameterSlot> Parameters => field.IsDefault ? field = Slots() : field;

    /// <summary>The number of stored parameters, padding included: a multiple of 16.</summary>
    public int Length => Parameters.IsEmpty ? 0 : Parameters[^1].Start + Parameters[^1].Length;

    /// <summary>True if it stores pruned weights, which must not move.</summary>
    public bool HasFrozenWeights { get; init; }

    /// <summary>True for an operation on images whose parts are image tiles.</summary>
    public virtual bool IsTiled => false;

    /// <summary>
    /// True for a tiled operation that reads its whole input before the tiles of a forward pass, and the whole gradient of its output
    /// before those of a backward pass.
    /// </summary>
    public virtual bool BeginsWithBatch => false;

    /// <summary>The number of parts of an operation that is not tiled.</summary>
    public virtual int Parts => 1;

    /// <summary>Bytes that the forward pass over an image tile leaves for the backward pass.</summary>
    public virtual int IndexBytes => 0;

    /// <summary>What the backward pass reads of the input's values.</summary>
    public abstract BackwardUse InputUse { get; }

    /// <summary>What the backward pass reads of the output's values.</summary>
    public virtual BackwardUse OutputUse => BackwardUse.None;

    /// <summary>What the backward pass reads of the output's gradient.</summary>
    public virtual BackwardUse GradientUse => BackwardUse.Tile;

    /// <summary>True if computing an output tile again costs less than reading it from memory.</summary>
    public virtual bool IsCheapToRecompute => false;

    /// <summary>Makes <see cref="Parameters"/> when they are first asked for: what predicts single examples needs none.</summary>
    protected virtual ImmutableArray<ParameterSlot> Slots() => [];

    /// <summary>Runs once before the parts of a forward pass.</summary>
    public virtual void BeginForward(in ForwardContext context)
    {
    }

    /// <summary>Computes the output from the input.</summary>
    /// <param name="context">The forward pass.</param>
    /// <param name="part">Which image tile, or which of <see cref="Parts"/>.</param>
    /// <param name="worker">The index of the thread that runs it.</param>
    public abstract void Forward(in ForwardContext context, int part, int worker);

    /// <summary>Allocates what the backward pass needs.</summary>
    /// <param name="tiles">The batch.</param>
    /// <param name="threads">The number of threads.</param>
    public virtual void AllocateBackward(BatchTiles tiles, int threads)
    {
    }

    /// <summary>Runs once before the parts of a backward pass.</summary>
    public virtual void BeginBackward(in BackwardContext context)
    {
    }

    /// <summary>
    /// Computes the gradient of the input, unless that is the network's input, and that of the parameters. The output's
    /// gradient is already zero where the operation's own ReLU let nothing through; the input's gradient is zeroed where
    /// the ReLU that ends the operation before let nothing through.
    /// </summary>
    /// <param name="context">The backward pass.</param>
    /// <param name="part">Which image tile, or which of <see cref="Parts"/>.</param>
    /// <param name="worker">The index of the thread that runs it.</param>
    public abstract void Backward(in BackwardContext context, int part, int worker);

    /// <summary>Runs once after the parts of a backward pass: the sink receives what is still missing of the parameters' gradient.</summary>
    public virtual void EndBackward(in BackwardContext context)
    {
    }

    /// <summary>Adds the steps that do the same to a single example.</summary>
    public abstract void AddTo(SinglePlanBuilder single);

    /// <summary>Rounds up to a multiple of <paramref name="unit"/>.</summary>
    public static int Padded(int count, int unit = 16) => (count + unit - 1) / unit * unit;

    /// <summary>Frees the buffers.</summary>
    public void Dispose()
    {
        foreach (IDisposable owned in _owned) owned.Dispose();
    }

    /// <summary>Makes something that is disposed of with the operation.</summary>
    protected T Own<T>(T owned) where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    /// <summary>A buffer of zeros, freed with the operation.</summary>
    protected AlignedBuffer<float> Allocate(int length) => Own(new AlignedBuffer<float>(length));

    /// <summary>Buffers of zeros, one for each of <paramref name="count"/> threads or tiles, freed with the operation.</summary>
    protected AlignedBuffer<float>[] Allocate(int count, int length)
    {
        var buffers = new AlignedBuffer<float>[count];
        for (int i = 0; i < count; i++) buffers[i] = Allocate(length);
        return buffers;
    }
}
