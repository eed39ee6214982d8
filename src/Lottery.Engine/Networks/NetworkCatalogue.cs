using System.Collections.Immutable;
using System.Globalization;

namespace Lottery.Networks;

/// <summary>The networks that have a name, and the rule for <c>mlp:784-300-100-10</c>.</summary>
public static class NetworkCatalogue
{
    private const string Prefix = "mlp:", Example = "mlp:784-300-100-10";
    private const long MostWeights = 1L << 28;

    /// <summary>The names, in the order in which they are listed.</summary>
    public static ImmutableArray<string> Names { get; } =
        ["lenet-300-100", "conv-2", "conv-4", "conv-6", "conv-2-dropout", "conv-4-dropout", "conv-6-dropout", "resnet-18", "resnet-20", "vgg-19"];

    private static readonly Lazy<Dictionary<string, string>> ByDescription =
        new(() => Names.Reverse().ToDictionary(name => Get(name).Description));

    /// <summary>What the network of a <see cref="Network.Description"/> is called; null where it has no name.</summary>
    public static string? NameOf(string description) => ByDescription.Value.GetValueOrDefault(description);

    /// <summary>The network called <paramref name="name"/>.</summary>
    /// <exception cref="UserException">No network is called that, or its sizes are impossible.</exception>
    public static Network Get(string name) => name switch
    {
        "lenet-300-100" => Mlp(name, [784, 300, 100, 10]),
        "conv-2" => PaperConv.Build(name, 2),
        "conv-4" => PaperConv.Build(name, 4),
        "conv-6" => PaperConv.Build(name, 6),
        "conv-2-dropout" => PaperConv.Build(name, 2, dropout: true),
        "conv-4-dropout" => PaperConv.Build(name, 4, dropout: true),
        "conv-6-dropout" => PaperConv.Build(name, 6, dropout: true),
        "resnet-18" => PaperResNet.Build(name, projections: true),
        "resnet-20" => PaperResNet.Build(name, projections: false),
        "vgg-19" => PaperVgg.Build(name),
        _ when name.StartsWith(Prefix, StringComparison.Ordinal) => Mlp(name, Sizes(name)),
        _ => throw Unknown(name),
    };

    private static UserException Unknown(string name) => new(Suggestion.Nearest(name, Names) is { } nearest
        ? $"There is no network called '{name}'; did you mean '{nearest}'?"
        : $"There is no network called '{name}': take {string.Join(", ", Names)}, or name the sizes as in {Example}.");

    private static ImmutableArray<int> Sizes(string name)
    {
        string[] words = name[Prefix.Length..].Split('-');
        if (words.Length < 2)
            throw new UserException($"The network '{name}' needs at least two sizes, inputs and classes, as in {Example}.");
        ImmutableArray<int> sizes = [.. words.Select(word => Size(name, word))];
        double weights = sizes.Zip(sizes.Skip(1), (inputs, outputs) => (double)inputs * outputs).Sum();
        return weights <= MostWeights ? sizes : throw new UserException(string.Create(CultureInfo.InvariantCulture,
            $"The network '{name}' would have {weights:N0} weights, and at most {MostWeights:N0} are possible: take smaller sizes, as in {Example}."));
    }

    private static int Size(string name, string word) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size is > 0 and <= (int)MostWeights
            ? size
            : throw new UserException(
                $"The network '{name}' has the size '{word}', which is not an integer from 1 to {MostWeights}: write it as in {Example}.");

    private static Network Mlp(string name, ImmutableArray<int> sizes)
    {
        var builder = new NetworkBuilder(Shape.Flat(sizes[0]));
        foreach (int size in sizes[1..^1]) builder.Linear(size).Relu();
        return builder.Output(sizes[^1]).Build(name);
    }
}
