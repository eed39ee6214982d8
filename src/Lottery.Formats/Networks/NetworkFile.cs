using System.Globalization;
using Lottery.Formats.Onnx;
using Lottery.Formats.Yaml;
using Lottery.Networks;

namespace Lottery.Formats.Networks;

/// <summary>
/// A network as a YAML file: <c>input: 3x32x32</c>, an optional <c>initial</c> distribution and the <c>layers</c>, each a
/// word (<c>relu</c>) or a word with its size or settings (<c>conv: { channels: 64, kernel: 3 }</c>). Unknown keys are
/// errors; shapes are checked layer by layer, and the error says where the layer stands.
/// </summary>
public static class NetworkFile
{
    private const long MostValues = 1L << 28;

    /// <summary>The network of that name (see <see cref="NetworkCatalogue"/>), or in that YAML file or ONNX model.</summary>
    /// <exception cref="UserException">There is none, or the file is wrong; the message says where.</exception>
    public static Network Get(string nameOrPath) => IsModel(nameOrPath) ? OnnxReader.Read(nameOrPath).Network
        : IsPath(nameOrPath) ? Read(nameOrPath) : NetworkCatalogue.Get(nameOrPath);

    /// <summary>True for what is called like an ONNX model, which has weights of its own.</summary>
    internal static bool IsModel(string nameOrPath) => nameOrPath.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase);

    /// <summary>The network in a file.</summary>
    /// <exception cref="UserException">The file cannot be read or is wrong; the message says where.</exception>
    public static Network Read(string path) => Of(YamlReader.ReadFile(path), Path.GetFileNameWithoutExtension(path));

    /// <summary>The network that a document states.</summary>
    /// <param name="document">The document.</param>
    /// <param name="name">What it goes by where the document does not say.</param>
    /// <exception cref="UserException">The document is wrong; the message says where.</exception>
    internal static Network Of(YamlNode document, string name)
    {
        var keys = Keys.Of(document, "a network", "network", "input", "initial", "layers");
        if (keys["network"] is { } named) name = named.Text;
        if (keys["input"] is not { } input) throw Wrong(document, "a network needs its input: write the shape of an example, as in input: 3x32x32");
        if (keys["layers"] is not YamlList layers) throw Wrong(document, "a network needs its layers: write a list of them");
        var builder = new NetworkBuilder(ShapeOf(input));
        if (layers.Items.IsEmpty) throw Wrong(layers, "a network needs its layers: write at least one, the last an output");
        var reader = new LayerReader(builder);
        reader.Read(layers);
        InitialDistribution initial = InitialOf(keys["initial"]);
        return Built(reader.PlaceOf, () => Bounded(builder.Build(name, initial)));
    }

    internal static UserException Wrong(YamlNode node, string what) =>
        new($"{node.Location}: {what}{(what.EndsWith('?') ? "" : ".")}");

    /// <summary>What <paramref name="build"/> makes; its complaint gets the place where the layer stands.</summary>
    internal static T Built<T>(YamlNode node, Func<T> build) => Built(_ => node, build);

    /// <param name="place">The layer that a complaint is about.</param>
    /// <param name="build">Makes it.</param>
    private static T Built<T>(Func<string, YamlNode> place, Func<T> build)
    {
        try
        {
            return build();
        }
        catch (Exception mismatch) when (mismatch is ArgumentException or OverflowException)
        {
            string what = mismatch is OverflowException ? "the layer has more weights than are possible" : mismatch.Message.TrimEnd('.');
            throw new UserException($"{place(what).Location}: {what}: change its settings or those of a layer before it.", mismatch);
        }
    }

    private static Network Bounded(Network network) => network.Parameters.Sum(parameter => (long)parameter.Count) <= MostValues
        ? network
        : throw new ArgumentException($"The network has more than {MostValues} weights, which is more than are possible");

    private static bool IsPath(string text) => text.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase)
        || text.EndsWith(".yml", StringComparison.OrdinalIgnoreCase) || text.AsSpan().IndexOfAny('/', '\\') >= 0;

    private static Shape ShapeOf(YamlNode node)
    {
        int[] sizes = [.. node.Text.Split('x').Select(word =>
            int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int size) ? size : 0)];
        bool fits = sizes.Length is 1 or 3 && sizes.All(size => size is > 0 and <= 1 << 20)
            && sizes.Aggregate(1L, (product, size) => Math.Min(product * size, MostValues)) < MostValues;
        if (!fits) throw Wrong(node, $"the input '{node.Text}' is no shape: write 784, or channels, rows and columns as in 3x32x32");
        return sizes.Length == 1 ? Shape.Flat(sizes[0]) : new(sizes[0], sizes[1], sizes[2]);
    }

    private static InitialDistribution InitialOf(YamlNode? node)
    {
        if (node is null) return InitialDistribution.GlorotNormal;
        try
        {
            return InitialDistribution.Get(node.Text);
        }
        catch (UserException unknown)
        {
            throw new UserException($"{node.Location}: {unknown.Message}", unknown);
        }
    }
}
