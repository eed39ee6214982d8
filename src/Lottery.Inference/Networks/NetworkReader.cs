using System.Globalization;
using System.Text.RegularExpressions;

namespace Lottery.Networks;

/// <summary>Makes a network of its <see cref="Network.Description"/>.</summary>
public static partial class NetworkReader
{
    /// <summary>The network; <paramref name="name"/> is what it goes by.</summary>
    /// <exception cref="FormatException">The description has a word that means no layer or distribution.</exception>
    public static Network Read(string description, string name)
    {
        string[] words = description.Split(' ');
        if (words.Length < 3) throw new FormatException($"'{description}' describes no network");
        int[] sizes = [.. words[0].Split('x').Select(Whole)];
        if (sizes.Length is not (1 or 3)) throw new FormatException($"'{words[0]}' is no shape of an example");
        var builder = new NetworkBuilder(sizes.Length == 1 ? Shape.Flat(sizes[0]) : new(sizes[0], sizes[1], sizes[2]));
        int last = Array.FindLastIndex(words, word => word.Contains("=linear(", StringComparison.Ordinal));
        int at = 1;
        Read(words[..^1], ref at, last, builder);
        if (at < words.Length - 1) throw new FormatException($"its network has a '{words[at]}' that nothing began");
        return builder.Build(name, InitialDistributions.Get(words[^1]));
    }

    /// <summary>Reads layers up to the end of a block or of the words.</summary>
    private static void Read(string[] words, ref int at, int last, NetworkBuilder builder)
    {
        for (; at < words.Length && words[at] is not ("|" or "]"); at++)
        {
            if (words[at] == "[") Block(words, ref at, last, builder);
            else One(words[at], at == last, builder);
        }
    }

    private static void Block(string[] words, ref int at, int last, NetworkBuilder builder)
    {
        int place = at;
        builder.Residual(body => Part(words, ref place, last, body, "|"), shortcut => Part(words, ref place, last, shortcut, "]"));
        at = place;
    }

    private static void Part(string[] words, ref int at, int last, NetworkBuilder builder, string end)
    {
        at++;
        Read(words, ref at, last, builder);
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
            ("batch-norm", 0, not null) => builder.BatchNormalization(name),
            ("dropout", 1, not null) => builder.Dropout(double.Parse(values[0], CultureInfo.InvariantCulture), name),
            ("relu", 0, null) => builder.Relu(),
            ("flatten", 0, null) => builder.Flatten(),
            ("global-average-pool", 0, null) => builder.GlobalAveragePool(),
            ("max-pool", 1, null) => builder.MaxPool(Whole(values[0])),
            ("average-pool", 1, null) => builder.AveragePool(Whole(values[0])),
            ("zero-pad", 2, null) => builder.ZeroPad(Whole(values[0]), Whole(After(values[1..], "stride=")!)),
            _ => throw Unknown(word),
        };
    }

    private static NetworkBuilder Convolution(string[] values, string name, NetworkBuilder builder)
    {
        string[] options = values[2..];
        string? stride = After(options, "stride="), padding = After(options, "padding=");
        return builder.Convolution(
            Whole(values[0]), Whole(values[1]), stride is null ? 1 : Whole(stride), padding is null ? null : Whole(padding),
            !options.Contains("no-bias"), Prunable(options), name);
    }

    private static bool Prunable(string[] options) => !options.Contains("unpruned");

    private static string? After(string[] options, string word) =>
        Array.Find(options, option => option.StartsWith(word, StringComparison.Ordinal))?[word.Length..];

    private static FormatException Unknown(string word) => new($"its network has a layer of an unknown kind, '{word}'");

    private static int Whole(string word) => int.Parse(word, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^((?<name>[^=()]+)=)?(?<type>[a-z-]+)(\((?<values>[^()]*)\))?$")]
    private static partial Regex WordPattern();
}
