using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Lottery.Cli.Options;
using Lottery.Formats.Networks;
using Lottery.Networks;
using Lottery.Report.Tables;
using Lottery.Studies.Identity;

namespace Lottery.Cli.Commands;

/// <summary>One network, layer by layer.</summary>
internal sealed class NetworkShowCommand : Verb
{
    private readonly Argument<string> _name = new("NETWORK") { Description = "A name, sizes as in mlp:784-300-100-10, or a YAML file." };

    private readonly Option<bool> _yaml = new("--yaml") { Description = "As a file to change and to give to --network." };

    public NetworkShowCommand(Terminal terminal)
        : base("show", "Show a network's layers and their weights.", "lottery network show conv-2 --yaml", terminal)
    {
        Add(_name);
        Add(_yaml);
    }

    protected override int Run(ParseResult parsed)
    {
        NetworkSummary summary = NetworkSummary.Of(NetworkFile.Get(parsed.GetValue(_name)!));
        if (parsed.GetValue(Common.Json)) Write(Json(summary));
        else if (parsed.GetValue(_yaml)) Write(NetworkText.Lines(summary.Network));
        else Write(TextGrid.Lines([.. Cells(summary)], false, false, false, false, true, true, true));
        return 0;
    }

    private static IEnumerable<string[]> Cells(NetworkSummary summary) =>
    [
        ["layer", "kind", "gives", "shape", "weights", "biases", "initial deviation"],
        .. summary.Layers.Select(layer => layer.Kind is { } kind
            ? new[]
            {
                layer.Name, layer.Prunable || layer.Weights == 0 ? KebabCase.Of(kind) : $"{KebabCase.Of(kind)}, unpruned", Said(layer.Output),
                string.Join('×', layer.Shape), layer.Weights > 0 ? NumberFormat.Count(layer.Weights) : "", NumberFormat.Count(layer.Biases),
                layer.Deviation?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "",
            }
            : [layer.Name, layer.Type, Said(layer.Output), "", "", "", ""]),
        [
            summary.Network.Name, "", "", "", NumberFormat.Count(summary.Weights), NumberFormat.Count(summary.Biases),
            KebabCase.Of(summary.Network.Initial),
        ],
    ];

    private static string Said(Shape shape) => shape.ToString().Replace('x', '×');

    private static JsonObject Json(NetworkSummary summary) => new()
    {
        ["network"] = summary.Network.Name,
        ["inputs"] = summary.Network.Inputs,
        ["classes"] = summary.Network.Outputs,
        ["initial"] = KebabCase.Of(summary.Network.Initial),
        ["weights"] = summary.Weights,
        ["prunable_weights"] = summary.PrunableWeights,
        ["biases"] = summary.Biases,
        ["multiply_adds"] = summary.MultiplyAdds,
        ["layers"] = new JsonArray([.. summary.Layers.Select(Json)]),
    };

    private static JsonNode Json(LayerSummary layer) => new JsonObject
    {
        ["layer"] = layer.Name,
        ["type"] = layer.Type,
        ["kind"] = layer.Kind is { } kind ? KebabCase.Of(kind) : null,
        ["shape"] = new JsonArray([.. layer.Shape.Select(size => (JsonNode)size)]),
        ["weights"] = layer.Weights,
        ["biases"] = layer.Biases,
        ["initial_deviation"] = layer.Deviation,
        ["output"] = $"{layer.Output}",
        ["multiply_adds"] = layer.MultiplyAdds,
    };
}
