using System.CommandLine;
using System.Text.Json.Nodes;
using Lottery.Cli.Options;
using Lottery.Networks;
using Lottery.Report.Tables;

namespace Lottery.Cli.Commands;

/// <summary>The catalogue.</summary>
internal sealed class NetworkListCommand(Terminal terminal)
    : Verb("list", "List the networks that have a name.", "lottery network list", terminal)
{
    protected override int Run(ParseResult parsed)
    {
        NetworkSummary[] networks = [.. NetworkCatalogue.Names.Select(name => NetworkSummary.Of(NetworkCatalogue.Get(name)))];
        if (parsed.GetValue(Common.Json)) Write(new JsonArray([.. networks.Select(Json)]));
        else
        {
            Write(TextGrid.Lines([["network", "example", "classes", "prunable weights"], .. networks.Select(Cells)], false, true, true, true));
            Write(["", "Any fully connected network has a name, too: mlp:784-300-100-10; others are YAML files (docs/networks.md)."]);
        }
        return 0;
    }

    private static string[] Cells(NetworkSummary summary) =>
    [
        summary.Network.Name, summary.Network.Input.ToString().Replace('x', '×'), NumberFormat.Count(summary.Network.Outputs),
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
