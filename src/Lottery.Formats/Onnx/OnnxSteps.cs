using System.Collections.Immutable;

namespace Lottery.Formats.Onnx;

/// <summary>A step from the input to the output: a node, or the addition at which two branches end.</summary>
/// <param name="Node">The node.</param>
/// <param name="Body">The steps of the first branch; null if the node is no addition of branches.</param>
/// <param name="Shortcut">The steps of the other branch.</param>
internal sealed record OnnxStep(OnnxNode Node, ImmutableArray<OnnxStep>? Body = null, ImmutableArray<OnnxStep>? Shortcut = null);

/// <summary>
/// Orders the nodes of a graph as steps. Each value is known by the value that all paths to it pass (its dominator): an addition
/// of two branches is a residual block that begins at the dominator of its sum.
/// </summary>
internal sealed class OnnxSteps
{
    private const int MostNodes = 5_000, DeepestBlock = 16;
    private readonly OnnxConstants _constants;

    /// <summary>Of each value: the node, the values that it is computed from, the dominator, and its distance from the input.</summary>
    private readonly Dictionary<string, Value> _values = [];

    /// <summary>Integer vectors that are computed from shapes, by their node.</summary>
    private readonly Dictionary<string, OnnxNode> _sides = [];

    private readonly HashSet<OnnxNode> _used = [];

    public OnnxSteps(GraphProto graph, OnnxConstants constants)
    {
        _constants = constants;
        constants.Add(graph);
        ValueInfoProto[] inputs = [.. graph.Input.Where(input => !constants.Contains(input.Name))];
        if (inputs is not [var input]) throw new InvalidDataException($"it has {inputs.Length} inputs ({string.Join(", ", inputs.Take(8).Select(one => OnnxNode.Short(one.Name)))}), and networks here have one");
        Input = input;
        _values[input.Name] = new(null, [], null, 0);
        if (graph.Node.Count > MostNodes) throw new InvalidDataException($"it has {graph.Node.Count:N0} nodes, and at most {MostNodes:N0} are possible");
        foreach (NodeProto node in graph.Node) Add(new(node));
    }

    /// <summary>The input that is no constant.</summary>
    public ValueInfoProto Input { get; }

    /// <summary>The node that computes an integer vector from shapes; null for another value.</summary>
    public OnnxNode? SideOf(string name) => _sides.GetValueOrDefault(name);

    /// <summary>The steps from the input to one of the outputs.</summary>
    /// <exception cref="InvalidDataException">There is no such path, or branches are not residual blocks.</exception>
    public ImmutableArray<OnnxStep> To(IEnumerable<ValueInfoProto> outputs)
    {
        ValueInfoProto[] all = [.. outputs];
        ValueInfoProto[] found = [.. all.Where(output => _values.ContainsKey(output.Name))];
        // Classifiers of scikit-learn give a label and probabilities.
        if (found.Length > 1) found = [.. found.Where(IsScores)];
        return found is [var one] ? Between(one.Name, Input.Name, 0) : throw new InvalidDataException(
            $"it has {all.Length} outputs ({string.Join(", ", all.Take(8).Select(output => OnnxNode.Short(output.Name)))}), of which {found.Length} are scores; export one with the scores alone");
    }

    private static bool IsScores(ValueInfoProto output) =>
        output.Type?.TensorType is { ElemType: (int)TensorProto.Types.DataType.Float, Shape.Dim.Count: 2 };

    private void Add(OnnxNode node)
    {
        if (node.Outputs.Count == 0 || node.Outputs.FirstOrDefault(IsKnown) is { } twice) throw node.Wrong("has no output of its own");
        if (node.Inputs.FirstOrDefault(name => name.Length > 0 && !IsKnown(name)) is { } missing)
            throw node.Wrong($"takes '{OnnxNode.Short(missing)}', which no node before it gives: it is missing, or the nodes form a cycle");
        if (node is { Type: "Constant", IsStandard: true }) _constants.Add(node);
        else if (node.Type == "Identity" && _constants.Contains(node.Input(0))) _constants.AddAlias(node.Outputs[0], node.Input(0));
        else if (node.Type == "Transpose" && _constants.Contains(node.Input(0)) && _constants[node.Input(0)].Shape.Length == 2) AddTransposed(node);
        else if (node.Type == "Shape" || node.Inputs.All(name => name.Length == 0 || _constants.Contains(name) || _sides.ContainsKey(name)))
            foreach (string output in node.Outputs) _sides.Add(output, node);
        else AddValue(node);
    }

    private bool IsKnown(string name) => _values.ContainsKey(name) || _sides.ContainsKey(name) || _constants.Contains(name);

    private void AddTransposed(OnnxNode node)
    {
        if (node.Ints("perm") is null or [1, 0]) _constants.AddTransposed(node.Outputs[0], node.Input(0));
        else _constants.AddAlias(node.Outputs[0], node.Input(0));
    }

    private void AddValue(OnnxNode node)
    {
        string[] from = [.. node.Inputs.Where(_values.ContainsKey)];
        string dominator = from.Aggregate(CommonOf);
        foreach (string output in node.Outputs.Where(output => output.Length > 0))
            _values.Add(output, new(node, from, dominator, _values[dominator].Depth + 1));
    }

    private string CommonOf(string a, string b)
    {
        while (a != b)
        {
            if (_values[a].Depth < _values[b].Depth) (a, b) = (b, a);
            a = _values[a].Dominator!;
        }
        return a;
    }

    /// <summary>The steps after <paramref name="start"/> that end with <paramref name="value"/>.</summary>
    private ImmutableArray<OnnxStep> Between(string value, string start, int depth)
    {
        if (depth > DeepestBlock) throw new InvalidDataException($"it has branches more than {DeepestBlock} deep in one another");
        var steps = new List<OnnxStep>();
        while (value != start)
        {
            (OnnxNode? node, string[] from, string? dominator, _) = _values[value];
            if (!_used.Add(node!)) throw node!.Wrong("is part of two branches; branches here share no layers");
            if (node!.Outputs[0] != value) throw node.Wrong($"gives '{OnnxNode.Short(value)}', an output of training that networks here do not have");
            steps.Add(from switch
            {
                [_] => new(node),
                [var a, var b] when node.Type == "Add" && a != b => new(node, Between(a, dominator!, depth + 1), Between(b, dominator!, depth + 1)),
                _ => throw node.Wrong($"joins {from.Length} values of the network; branches here are added, two at a time and each of its own"),
            });
            value = dominator!;
        }
        steps.Reverse();
        return [.. steps];
    }

    private sealed record Value(OnnxNode? Node, string[] From, string? Dominator, int Depth);
}
