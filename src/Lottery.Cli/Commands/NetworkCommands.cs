using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Lottery.Cli.Options;
using Lottery.Cli.Output;
using Lottery.Cli.Searches;
using Lottery.Cli.Studies;
using Lottery.Cli.Tables;
using Lottery.Formats.Networks;
using Lottery.Formats.Onnx;
using Lottery.Networks;
using Lottery.Report.Tables;
using Lottery.Studies.Identity;
using Lottery.Studies.Settings;

namespace Lottery.Cli.Commands;

/// <summary>Networks by name or file.</summary>
internal sealed class NetworkCommand : Command
{
    public NetworkCommand(Terminal terminal) : base("network", "List networks, show one layer by layer, or import one.")
    {
        Add(new NetworkListCommand(terminal));
        Add(new NetworkShowCommand(terminal));
        Add(new NetworkImportCommand(terminal));
    }

    /// <summary>A shape as people write it: <c>3×32×32</c>.</summary>
    public static string Sizes(Shape shape) => shape.ToString().Replace('x', '×');
}

/// <summary>Lists the catalogue.</summary>
internal sealed class NetworkListCommand(Terminal terminal)
    : LotteryCommand("list", "List the networks that have a name.", "lottery network list", terminal)
{
    protected override int Run(ParseResult parsed)
    {
        NetworkSummary[] networks = [.. NetworkCatalogue.Names.Select(name => NetworkSummary.Of(NetworkCatalogue.Get(name)))];
        if (parsed.GetValue(Common.Json))
        {
            Write(new JsonArray([.. networks.Select(Json)]));
            return 0;
        }
        Write(new TextTable(
            new Column("network"), new("input", ColumnKind.Number), new("classes", ColumnKind.Number), new("prunable weights", ColumnKind.Number))
            .Add(networks.Select(Cells)));
        Write("");
        Write("A fully connected network is named by its sizes, as in mlp:784-300-100-10; any other is described in a YAML file (docs/networks.md).");
        return 0;
    }

    private static string[] Cells(NetworkSummary summary) =>
    [
        summary.Network.Name, NetworkCommand.Sizes(summary.Network.Input), NumberFormat.Count(summary.Network.Outputs),
        NumberFormat.Count(summary.PrunableWeights),
    ];

    private static JsonNode Json(NetworkSummary summary) => new JsonObject
    {
        ["network"] = summary.Network.Name,
        ["inputs"] = summary.Network.Inputs,
        ["classes"] = summary.Network.Outputs,
        ["weights"] = summary.Weights,
        ["prunable_weights"] = summary.PrunableWeights,
        ["biases"] = summary.Biases,
    };
}

/// <summary>Shows one network, layer by layer.</summary>
internal sealed class NetworkShowCommand : LotteryCommand
{
    private readonly Argument<string> _name = new("NETWORK") { Description = "A name, sizes as in mlp:784-300-100-10, a YAML file, or an ONNX model." };

    private readonly Option<bool> _yaml = new("--yaml") { Description = "Print a YAML file that --network takes, for a network of your own." };

    public NetworkShowCommand(Terminal terminal)
        : base("show", "Show a network's layers and their weights.", "lottery network show conv-2 --yaml", terminal)
    {
        Add(_name);
        Add(_yaml);
    }

    protected override int Run(ParseResult parsed)
    {
        string name = parsed.GetValue(_name)!;
        NetworkSummary summary = NetworkSummary.Of(NetworkFile.IsModel(name) ? Imported(name) : NetworkFile.Get(name));
        if (parsed.GetValue(Common.Json)) Write(Json(summary));
        else if (parsed.GetValue(_yaml)) Write(NetworkText.Lines(summary.Network));
        else
        {
            Write(new TextTable(
                new Column("layer"), new("kind"), new("output"), new("shape"), new("weights", ColumnKind.Number), new("biases", ColumnKind.Number),
                new("initial std", ColumnKind.Number, IsSecondary: true)).Add(Rows(summary)));
            Write(ProtocolText.Lines(summary.Network).SelectMany(line => TextTable.Hanging(line, Terminal.Width)));
        }
        return 0;
    }

    private Network Imported(string path)
    {
        OnnxModel model = OnnxReader.Read(path);
        foreach (string note in model.Notes) Terminal.Say(note);
        return model.Network;
    }

    private static IEnumerable<string[]> Rows(NetworkSummary summary) =>
    [
        .. summary.Layers.Select(layer => layer.Kind is { } kind
            ? new[]
            {
                layer.Name, layer.Prunable || layer.Weights == 0 ? KebabCase.Of(kind) : $"{KebabCase.Of(kind)}, unpruned", NetworkCommand.Sizes(layer.Output),
                string.Join('×', layer.Shape), layer.Weights > 0 ? NumberFormat.Count(layer.Weights) : "", NumberFormat.Count(layer.Biases),
                layer.StandardDeviation?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "",
            }
            : [layer.Name, layer.Type, NetworkCommand.Sizes(layer.Output), "", "", "", ""]),
        [
            summary.Network.Name, "", "", "", NumberFormat.Count(summary.Weights), NumberFormat.Count(summary.Biases),
            summary.Network.Initial.Name,
        ],
    ];

    private static JsonObject Json(NetworkSummary summary) => new()
    {
        ["network"] = summary.Network.Name,
        ["inputs"] = summary.Network.Inputs,
        ["classes"] = summary.Network.Outputs,
        ["initial"] = summary.Network.Initial.Name,
        ["weights"] = summary.Weights,
        ["prunable_weights"] = summary.PrunableWeights,
        ["biases"] = summary.Biases,
        ["multiply_adds"] = summary.MultiplyAdds,
        ["layers"] = new JsonArray([.. summary.Layers.Select(Json)]),
        ["protocol"] = Protocol.Of(summary.Network, isSupermask: false) is { } pruning ? StudySummary.Json(pruning.Settings) : null,
        ["supermask_protocol"] = Protocol.Of(summary.Network, isSupermask: true) is { } supermask ? StudySummary.Json(supermask.Settings) : null,
    };

    private static JsonNode Json(LayerSummary layer) => new JsonObject
    {
        ["layer"] = layer.Name,
        ["type"] = layer.Type,
        ["kind"] = layer.Kind is { } kind ? KebabCase.Of(kind) : null,
        ["shape"] = new JsonArray([.. layer.Shape.Select(size => (JsonNode)size)]),
        ["weights"] = layer.Weights,
        ["biases"] = layer.Biases,
        ["initial_std"] = layer.StandardDeviation,
        ["output"] = $"{layer.Output}",
        ["multiply_adds"] = layer.MultiplyAdds,
    };
}
