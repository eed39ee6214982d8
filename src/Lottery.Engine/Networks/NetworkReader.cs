using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Lottery.Networks;

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
        int[] sizes = [.. words[0].Split('x').Select(word => Whole(word))];
        if (sizes.Length is not (1 or 3)) throw new FormatException($"'{Short(words[0])}' is no shape of an example");
        var builder = new NetworkBuilder(sizes.Length == 1 ? Shape.Flat(sizes[0]) : new(sizes[0], sizes[1], sizes[2]));
        int last = Array.FindLastIndex(words, word => word.Contains("=linear(", StringComparison.Ordinal));
        int at = 1;
        Read(words[..^1], ref at, last, builder);
        if (at < words.Length - 1) throw new FormatException($"its network has a '{words[at]}' that nothing began");
        return builder.Build(name, InitialDistributions.Get(words[^1]));
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
        int place = at;
        builder.Residual(
            body => Part(words, ref place, last, body, "|", depth), shortcut => Part(words, ref place, last, shortcut, "]", depth));
        at = place;
    }

    private static void Part(string[] words, ref int at, int last, NetworkBuilder builder, string end, int depth)
    {
        at++;
        Read(words, ref at, last, builder, depth);
        if (at == words.Length || words[at] != end) throw new FormatException($"its network has a residual block without its '{end}'");
    }

    private static void One(string word, bool last, NetworkBuilder builder)
    {
        if (WordPattern().Match(word) is not { Success: true } match) throw Unknown(word);
        string? name = match.Groups["name"].Success ? match.Groups["name"].Value : null;
        string[] values = match.Groups["values"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries);
        _ = (match.Groups["type"].Value, values.Length, name) switch
        {
            ("linear", 1 or 2, not null) when last => builder.Output(Whole(values[0]), Prunable(values[1..]), name),
            ("linear", 1 or 2, not null) => builder.Linear(Whole(values[0]), Prunable(values[1..]), name),
            ("conv", >= 2, not null) => Convolution(values, name, builder),
            ("depthwise-conv", >= 1, not null) => Depthwise(values, name, builder),
            ("batch-norm", 0, not null) => builder.BatchNormalization(name),
            ("dropout", 1, not null) => builder.Dropout(Share(values[0]), name),
            ("relu", 0, null) => builder.Relu(),
            ("flatten", 0, null) => builder.Flatten(),
            ("global-average-pool", 0, null) => builder.GlobalAveragePool(),
            ("max-pool", 1, null) => builder.MaxPool(Whole(values[0])),
            ("average-pool", 1, null) => builder.AveragePool(Whole(values[0])),
            ("zero-pad", 2, null) => builder.ZeroPad(Whole(values[0]), Whole(After(values[1..], "stride=") ?? throw Unknown(word))),
            _ => throw Unknown(word),
        };
    }

    private static NetworkBuilder Convolution(string[] values, string name, NetworkBuilder builder)
    {
        string[] options = values[2..];
        string? stride = After(options, "stride="), padding = After(options, "padding=");
        return builder.Convolution(
            Whole(values[0]), Whole(values[1]), stride is null ? 1 : Whole(stride), padding is null ? null : Whole(padding, least: 0),
            !options.Contains("no-bias"), Prunable(options), name);
    }

    private static NetworkBuilder Depthwise(string[] values, string name, NetworkBuilder builder)
    {
        string[] options = values[1..];
        string? stride = After(options, "stride="), padding = After(options, "padding=");
        return builder.DepthwiseConvolution(
            Whole(values[0]), stride is null ? 1 : Whole(stride), padding is null ? null : Whole(padding, least: 0),
            !options.Contains("no-bias"), Prunable(options), name);
    }

    private static bool Prunable(string[] options) => !options.Contains("unpruned");

    private static string? After(string[] options, string word) =>
        Array.Find(options, option => option.StartsWith(word, StringComparison.Ordinal))?[word.Length..];

    private static FormatException Unknown(string word) => new($"its network has a layer of an unknown kind, '{Short(word)}'");

    private static double Share(string word) => double.TryParse(word, CultureInfo.InvariantCulture, out double share)
        ? share
        : throw new FormatException($"its network has the share '{Short(word)}', which is no number");

    private static int Whole(string word) => Whole(word, least: 1);

    private static int Whole(string word, int least) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least
            ? number
            : throw new FormatException($"its network has the size '{Short(word)}', which is not an integer from {least} to {int.MaxValue}");

    /// <summary>What training and predicting take memory for: weights, and for each layer an image with its border.</summary>
    private static void RequireSize(Network network)
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
    private static string Short(string word) => word.Length > 60 ? word[..60] + "…" : word;

    [GeneratedRegex(@"^((?<name>[^=()]+)=)?(?<type>[a-z-]+)(\((?<values>[^()]*)\))?$")]
    private static partial Regex WordPattern();
}
