using Lottery.Kernels;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Operations;

/// <summary>Collects the steps that predict a single example, and the buffers that they need.</summary>
internal sealed class SinglePlanBuilder
{
    /// <summary>Values behind the last one of a buffer: kernels round lengths up, and some read a zero there.</summary>
    private const int Slack = 64;

    private readonly PlanTensor _input;
    private readonly List<SingleStep> _steps = [];
    private readonly List<int> _lengths = [];
    private readonly (int Buffer, Plane Plane)[] _locations;
    private int _workspace = -1;

    /// <summary>A builder without steps.</summary>
    /// <param name="tensors">The plan's tensors, the network's input first.</param>
    /// <param name="mask">Which weights are kept.</param>
    /// <param name="weights">Every parameter in full shape.</param>
    /// <param name="kernels">The kernels.</param>
    public SinglePlanBuilder(IReadOnlyList<PlanTensor> tensors, Mask mask, Weights weights, KernelSet kernels)
    {
        (Mask, Weights, Kernels) = (mask, weights, kernels);
        _input = tensors[0];
        _locations = new (int, Plane)[tensors.Count];
        Plane plane = Plane.Of(_input);
        _locations[0] = (NewBuffer(_input.Shape.IsFlat ? _input.Shape.Count : plane.Length), plane);
    }

    /// <summary>Which weights are kept.</summary>
    public Mask Mask { get; }

    /// <summary>Every parameter in full shape.</summary>
    public Weights Weights { get; }

    /// <summary>The kernels.</summary>
    public KernelSet Kernels { get; }

    /// <summary>The steps so far.</summary>
    public IReadOnlyList<SingleStep> Steps => _steps;

    /// <summary>The length of each buffer.</summary>
    public IReadOnlyList<int> Lengths => _lengths;

    /// <summary>Where a tensor lies: its buffer, and its layout if it is an image.</summary>
    public (int Buffer, Plane Plane) this[PlanTensor tensor] => _locations[tensor.Index];

    /// <summary>An operation's parameters as a plan stores them; the caller disposes of them.</summary>
    public AlignedBuffer<float> ParametersOf(Operation operation)
    {
        var values = new AlignedBuffer<float>(operation.Length);
        foreach (ParameterSlot slot in operation.Parameters) slot.Map.Load(Weights[slot.Parameter], values.Span.Slice(slot.Start, slot.Length));
        return values;
    }

    /// <summary>Adds a step.</summary>
    public void Add(SingleStep step) => _steps.Add(step);

    /// <summary>A new buffer of <paramref name="length"/> values and the slack behind them.</summary>
    public int NewBuffer(int length)
    {
        _lengths.Add(length + Slack);
        return _lengths.Count - 1;
    }

    /// <summary>The buffer of at least <paramref name="length"/> values that all steps share for what none of them leaves to another: it stays in the cache.</summary>
    public int Workspace(int length)
    {
        if (_workspace < 0) _workspace = NewBuffer(length);
        Extend(_workspace, length);
        return _workspace;
    }

    /// <summary>Makes a buffer at least so long, slack included.</summary>
    public void Extend(int buffer, int length) => _lengths[buffer] = Math.Max(_lengths[buffer], length);

    /// <summary>Gives a tensor a buffer of its own.</summary>
    public (int Buffer, Plane Plane) Allocate(PlanTensor tensor) => Allocate(tensor, Plane.Of(tensor));

    /// <summary>Gives a tensor a buffer of its own with that layout.</summary>
    public (int Buffer, Plane Plane) Allocate(PlanTensor tensor, Plane plane) =>
        _locations[tensor.Index] = (NewBuffer(tensor.Shape.IsFlat ? tensor.Live.Length : plane.Length), plane);

    /// <summary>Lets a tensor lie where another lies.</summary>
    public void Share(PlanTensor tensor, PlanTensor with) => _locations[tensor.Index] = _locations[with.Index];

    /// <summary>The number of features that lie in a tensor's buffer: of the network's input all, of others the live ones.</summary>
    public int StoredFeatures(PlanTensor tensor) => tensor == _input ? tensor.Shape.Count : tensor.Live.Length;

    /// <summary>For each feature of a tensor its index in the buffer; undefined for dead features.</summary>
    public int[] FeatureIndices(PlanTensor tensor)
    {
        int[] indices = [.. Enumerable.Range(0, tensor.Shape.Count)];
        for (int i = 0; i < tensor.Live.Length && tensor != _input; i++) indices[tensor.Live[i]] = i;
        return indices;
    }
}
