using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Lottery.Cli.Options;
using Lottery.Cli.Output;
using Lottery.Formats.Networks;
using Lottery.Formats.Onnx;
using Lottery.Formats.Safetensors;
using Lottery.Formats.Yaml;
using Lottery.Networks;

namespace Lottery.Cli.Commands;

/// <summary>Writes the network and the weights of an ONNX model.</summary>
internal sealed class NetworkImportCommand : LotteryCommand
{
    private const string Yaml = ".yaml", Tensors = ".safetensors";

    private readonly Argument<string> _model = new("MODEL") { Description = "An ONNX model, as PyTorch, Keras or scikit-learn exports it." };

    private readonly OutputOption _output = new("The YAML file of the network; its weights are written next to it, as .safetensors.", required: true);

    public NetworkImportCommand(Terminal terminal)
        : base("import", "Write the network of an ONNX model as YAML, and its weights as safetensors.", "lottery network import model.onnx -o net.yaml", terminal)
    {
        Add(_model);
        foreach (Option option in _output.All) Add(option);
    }

    protected override int Run(ParseResult parsed)
    {
        string path = _output.FileOf(parsed);
        if (!path.EndsWith(Yaml, StringComparison.OrdinalIgnoreCase)) throw new UserException($"{path} is no name of a network file: end it with {Yaml}, as in -o net.yaml.");
        string weights = path[..^Yaml.Length] + Tensors;
        OutputFile.RequireFree(weights, _output.Name, _output.IsForced(parsed));
        OnnxModel model = OnnxReader.Read(parsed.GetValue(_model)!);
        foreach (string note in model.Notes) Terminal.Say(note);
        string text = string.Join('\n', NetworkText.Lines(model.Network)) + '\n';
        _output.Write(path, Encoding.UTF8.GetBytes(text));
        _output.Write(weights, SafetensorsWriter.Write(NetworkTensors.Of(Renamed(model.Weights, NetworkFile.Of(YamlReader.ReadText(path, text), model.Network.Name)))));
        if (parsed.GetValue(Common.Json)) Write(new JsonObject { ["network"] = path, ["weights"] = weights, ["description"] = model.Network.Description });
        else Write($"{path} and {weights}; next: lottery find --network {Hints.Quoted(path)} --final {Hints.Quoted(weights)} --data DATA --levels 3 --epochs 5");
        return 0;
    }

    /// <summary>The weights under the names of the file's network, in which layers are numbered by kind.</summary>
    private static Weights Renamed(Weights weights, Network network)
    {
        var renamed = new Weights(network);
        for (int p = 0; p < network.Parameters.Length; p++) weights[p].CopyTo(renamed[p]);
        return renamed;
    }
}
