using System.Collections.Immutable;
using Google.Protobuf;
using Lottery.Files;
using Lottery.Networks;
using Lottery.Networks.Descriptions;

namespace Lottery.Formats.Onnx;

/// <summary>
/// Reads a network and its weights from an ONNX model (opsets 11 to 23), as PyTorch, Keras (tf2onnx) and scikit-learn export
/// it. What no layer here computes is refused by the name of its node. The file is untrusted: shapes and lengths are compared
/// before memory is taken.
/// </summary>
internal static class OnnxReader
{
    private const int Oldest = 9, Newest = 25;

    /// <summary>The network and the weights in a file.</summary>
    /// <exception cref="UserException">The file is missing or damaged, or has something that networks here do not have.</exception>
    public static OnnxModel Read(string path)
    {
        try
        {
            return Read(InputFile.ReadAll(path, Array.MaxLength), Path.GetFileNameWithoutExtension(path), Path.GetDirectoryName(path) ?? "");
        }
        catch (InvalidProtocolBufferException wrong)
        {
            throw new UserException($"{path} cannot be read as ONNX: it is damaged or something else; give a complete file.", wrong);
        }
        catch (Exception wrong) when (wrong is InvalidDataException or IOException or UnauthorizedAccessException or FormatException or OverflowException)
        {
            throw new UserException($"{path} cannot be imported: {(wrong is OverflowException ? "it has a size that is too large" : wrong.Message.TrimEnd('.'))}.", wrong);
        }
    }

    /// <summary>The network and the weights in the bytes of a file.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="name">The network's name if the model has none.</param>
    /// <param name="folder">Where external data are.</param>
    /// <exception cref="InvalidDataException">It has something that networks here do not have; the message is a clause.</exception>
    /// <exception cref="InvalidProtocolBufferException">It is no ONNX file.</exception>
    internal static OnnxModel Read(byte[] bytes, string name, string folder)
    {
        ModelProto model = ModelProto.Parser.WithDiscardUnknownFields(true).ParseFrom(bytes);
        if (model.Graph is not { Node.Count: > 0 } graph) throw new InvalidDataException("it has no nodes");
        long version = model.OpsetImport.FirstOrDefault(set => set.Domain is "" or "ai.onnx")?.Version ?? 0;
        if (version is < Oldest or > Newest) throw new InvalidDataException($"it has the operators of version {version}, and versions {Oldest} to {Newest} are read; export it with another opset");
        var constants = new OnnxConstants(folder);
        var steps = new OnnxSteps(graph, constants);
        ImmutableArray<OnnxStep> path = steps.To(graph.Output);
        var lowering = new OnnxLowering(constants, steps, path);
        Network network = lowering.Lower(path, NameOf(name));
        NetworkReader.RequireSize(network);
        Weights weights = lowering.WeightsOf(network);
        return new(Described(model, weights) ?? weights, lowering.Notes);
    }

    private static string NameOf(string name) => name.Length > 0 ? name : "model";

    /// <summary>
    /// The weights as those of the network that wrote the model: which layers are pruned and where dropout acts in training does
    /// not follow from the nodes. It is believed only if it writes the same graph.
    /// </summary>
    private static Weights? Described(ModelProto model, Weights weights)
    {
        if (model.MetadataProps.FirstOrDefault(entry => entry.Key == OnnxWriter.NetworkKey)?.Value is not { } description) return null;
        try
        {
            Network network = NetworkReader.Read(description, NetworkCatalogue.NameOf(description) ?? weights.Network.Name);
            if (!network.Parameters.Select(parameter => (parameter.Name, parameter.Count)).SequenceEqual(weights.Network.Parameters.Select(parameter => (parameter.Name, parameter.Count)))) return null;
            var own = new Weights(network);
            for (int p = 0; p < network.Parameters.Length; p++) weights[p].CopyTo(own[p]);
            return OnnxWriter.GraphOf(own).Node.Equals(model.Graph.Node) ? own : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
