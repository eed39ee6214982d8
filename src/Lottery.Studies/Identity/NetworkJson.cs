using System.Text.Json.Nodes;
using Lottery.Networks;

namespace Lottery.Studies.Identity;

/// <summary>A network as a run's identity states it: its layers and initial distribution, whatever it is called.</summary>
internal static class NetworkJson
{
    public static JsonObject Write(Network network) => new()
    {
        ["inputs"] = network.Inputs,
        ["initial"] = KebabCase.Of(network.Initial),
        ["layers"] = new JsonArray([.. network.Layers.Select(Write)]),
    };

    public static Network Read(JsonNode json, string name) => new(
        name,
        json["inputs"]!.GetValue<int>(),
        [.. json["layers"]!.AsArray().Select(layer => Read(layer!))],
        KebabCase.Parse<InitialDistribution>(json["initial"]!.GetValue<string>()));

    private static JsonObject Write(Layer layer) => layer switch
    {
        Linear linear => new()
        {
            ["type"] = "linear",
            ["name"] = linear.Name,
            ["inputs"] = linear.Inputs,
            ["outputs"] = linear.Outputs,
            ["kind"] = KebabCase.Of(linear.Kind),
        },
        Relu => new() { ["type"] = "relu", ["name"] = layer.Name },
        _ => throw new NotSupportedException($"Layer {layer.Name} has no spelling in a run's identity."),
    };

    private static Layer Read(JsonNode layer)
    {
        string name = layer["name"]!.GetValue<string>(), type = layer["type"]!.GetValue<string>();
        return type switch
        {
            "linear" => new Linear(name, layer["inputs"]!.GetValue<int>(), layer["outputs"]!.GetValue<int>(),
                KebabCase.Parse<LayerKind>(layer["kind"]!.GetValue<string>())),
            "relu" => new Relu(name),
            _ => throw new FormatException($"layer {name} is of the unknown type '{type}'"),
        };
    }
}
