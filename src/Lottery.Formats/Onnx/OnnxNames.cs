using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Lottery.Formats.Onnx;

/// <summary>
/// The names of imported layers: those of the model's weights, as PyTorch exports them (<c>fc1.weight</c>), so that the layers
/// are called alike in every file; by kind and number if any weight is called otherwise, as where an exporter folded layers.
/// </summary>
internal sealed partial class OnnxNames
{
    private const string Weight = ".weight";
    private readonly Dictionary<OnnxNode, string> _names = [];

    public OnnxNames(ImmutableArray<OnnxStep> steps, OnnxConstants constants)
    {
        foreach (OnnxNode node in NodesOf(steps).Where(node => node.Type is "Conv" or "Gemm" or "MatMul" or "BatchNormalization"))
        {
            // Equal weights are stored once, and Identity nodes call them by their names.
            string weight = node.Input(1).EndsWith(Weight, StringComparison.Ordinal) || !constants.Contains(node.Input(1)) ? node.Input(1) : constants[node.Input(1)].Name;
            string name = weight.EndsWith(Weight, StringComparison.Ordinal) ? weight[..^Weight.Length] : "";
            if (!NamePattern().IsMatch(name) || OwnPattern().IsMatch(name) || _names.ContainsValue(name))
            {
                _names.Clear();
                return;
            }
            _names[node] = name;
        }
    }

    /// <summary>The name of a node's layer; null for its kind and number.</summary>
    public string? Of(OnnxNode node) => _names.GetValueOrDefault(node);

    /// <summary>The nodes of all steps.</summary>
    public static IEnumerable<OnnxNode> NodesOf(ImmutableArray<OnnxStep> steps) =>
        steps.SelectMany(step => NodesOf(step.Body ?? []).Concat(NodesOf(step.Shortcut ?? [])).Append(step.Node));

    [GeneratedRegex("^[A-Za-z0-9_.-]{1,100}$")]
    private static partial Regex NamePattern();

    /// <summary>What layers without weights are called here.</summary>
    [GeneratedRegex("^(relu|flatten|pool|pad|block|dropout)[0-9]+$")]
    private static partial Regex OwnPattern();
}
