using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Lottery.Networks.Descriptions;

/// <summary>
/// Makes a network of its <see cref="Network.Description"/>. It may come from an untrusted file, so it is bounded: in
/// layers, in weights, in the values between layers, and in how deep blocks lie in blocks.
/// </summary>
internal static partial class NetworkReader
{
    private const long MostWeights = 1L << 28, MostValues = 1L << 26;
    private const int DeepestBlock = 16, MostWords = 10_000;

    /// <summary>The network; <paramref name="name"/> is what it goes by.</summary>
    /// <exception cref="FormatException">
    /// The description is not one that a network has of itself, letter by letter, or is of too large a network.
    /// </exception>
    public static Network Read(string description, string name)
    {
        try
        {
            Network network = Built(description, name);
            RequireSize(network);
            return network.Description == description
                ? network
                : throw new FormatException($"its network '{Short(description)}' is not written as it would be");
        }
        catch (Exception wrong) when (wrong is ArgumentException or OverflowException)
        {
            string why = wrong is OverflowException ? "it has a size that is too large" : wrong.Message.TrimEnd('.');
            throw new FormatException($"its network is impossible ({why})", wrong);
        }
    }

    private static Network Built(string description, string name)
    {
        string[] words = description.Split(' ', MostWords + 1);
        if (words.Length > MostWords) throw new FormatException($"its network has more than the {MostWords} layers that are possible");
        if (words.Length < 3) throw new FormatException($"'{Short(description)}' describes no network");
        int[] sizes = [.. words[0].Split('x').Select(DescribedSettings.Size)];
        if (sizes.Length is not (1 or 3)) throw new FormatException($"'{Short(words[0])}' is no shape of an example");
        var builder = new NetworkBuilder(sizes.Length == 1 ? Shape.Flat(sizes[0]) : new(sizes[0], sizes[1], sizes[2]));
        int last = Array.FindLastIndex(words, word => word.Contains("=linear(", StringComparison.Ordinal));
        int at = 1;
        Read(words[..^1], ref at, last, builder);
        if (at < words.Length - 1) throw new FormatException($"its network has a '{words[at]}' that nothing began");
        return builder.Build(name, InitialOf(words[^1]));
    }

    private static InitialDistribution InitialOf(string word)
    {
        try
        {
            return InitialDistribution.Get(word);
        }
        catch (UserException unknown)
        {
            throw new FormatException($"its network has an unknown initial distribution, '{Short(word)}'", unknown);
        }
    }

    /// <summary>Reads layers up to the end of a block or of the words.</summary>
    private static void Read(string[] words, ref int at, int last, NetworkBuilder builder, int depth = 0)
    {
        if (depth > DeepestBlock) throw new FormatException($"its network has blocks more than {DeepestBlock} deep in one another");
        for (; at < words.Length && words[at] is not ("|" or "]"); at++)
        {
            if (words[at] == "[") Block(words, ref at, last, builder, depth + 1);
            else One(words[at], at == last, builder);
        }
    }

    private static void Block(string[] words, ref int at, int last, NetworkBuilder builder, int depth)
    {
        int next = at;
        builder.Residual(
            body => Part(words, ref next, last, body, "|", depth), shortcut => Part(words, ref next, last, shortcut, "]", depth));
        at = next;
    }

    private static void Part(string[] words, ref int at, int last, NetworkBuilder builder, string end, int depth)
    {
        at++;
        Read(words, ref at, last, builder, depth);
        if (at == words.Length || words[at] != end) throw new FormatException($"its network has a residual block without its '{end}'");
    }

    private static void One(string text, bool last, NetworkBuilder builder)
    {
        if (WordPattern().Match(text) is not { Success: true } match) throw Unknown(text);
        string? name = match.Groups["name"].Success ? match.Groups["name"].Value : null;
        // Of the linear layers the last one is the output.
        IEnumerable<LayerWord> words = LayerWords.All.Where(word => word.Described == match.Groups["type"].Value && word.IsNamed == name is not null);
        if ((last ? words.LastOrDefault() : words.FirstOrDefault()) is not { } word) throw Unknown(text);
        word.Add(builder, new DescribedSettings(word, name, match.Groups["values"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries)));
    }

    /// <summary>The error of a word that stands for no layer.</summary>
    internal static FormatException Unknown(string word) => new($"its network has a layer of an unknown kind, '{Short(word)}'");

    /// <summary>What training and predicting take memory for: weights, and for each layer an image with its border.</summary>
    /// <exception cref="FormatException">It is more than is possible.</exception>
    public static void RequireSize(Network network)
    {
        if (network.Parameters.Sum(parameter => (long)parameter.Count) > MostWeights)
            throw new FormatException($"its network has more than the {MostWeights} weights that are possible");
        long border = network.AllLayers.Select(layer => (long)layer.Border).DefaultIfEmpty(0).Max();
        if (Values(network.Layers, network.Input, border) > MostValues)
            throw new FormatException($"its network has more than the {MostValues} values between layers that are possible");
    }

    /// <summary>Values of an example after the layers, and between them.</summary>
    private static double Values(ImmutableArray<Layer> layers, Shape shape, long border)
    {
        double values = WithBorder(shape, border);
        foreach (Layer layer in layers)
        {
            if (layer is Residual block) values += Values(block.Body, shape, border) + Values(block.Shortcut, shape, border);
            shape = layer.Output(shape);
            values += WithBorder(shape, border);
        }
        return values;
    }

    private static double WithBorder(Shape shape, double border) =>
        shape.IsFlat ? shape.Count : shape.Channels * (shape.Height + 2 * border) * (shape.Width + 2 * border);

    /// <summary>The start of a word from an untrusted file, to be quoted in an error message.</summary>
    internal static string Short(string word) => word.Length > 60 ? word[..60] + "…" : word;

    [GeneratedRegex(@"^((?<name>[^=()]+)=)?(?<type>[a-z-]+)(\((?<values>[^()]*)\))?$")]
    private static partial Regex WordPattern();
}
