using System.Collections.Immutable;
using System.Globalization;

namespace Lottery.Networks;

/// <summary>The networks that have a name, and the rule for <c>mlp:784-300-100-10</c>.</summary>
public static class NetworkCatalogue
{
    /// <summary>The names, in the order in which they are listed.</summary>
    public static ImmutableArray<string> Names { get; } = ["lenet-300-100"];

    /// <summary>The network called <paramref name="name"/>.</summary>
    /// <exception cref="ArgumentException">No network is called that, or its sizes are impossible.</exception>
    public static Network Get(string name) => name switch
    {
        "lenet-300-100" => Mlp(name, [784, 300, 100, 10]),
        _ when name.StartsWith("mlp:", StringComparison.Ordinal) => Mlp(name, Sizes(name)),
        _ => throw new ArgumentException($"There is no network called '{name}'.", nameof(name)),
    };

    private static ImmutableArray<int> Sizes(string name) =>
        [.. name["mlp:".Length..].Split('-').Select(size => int.Parse(size, NumberStyles.None, CultureInfo.InvariantCulture))];

    private static Network Mlp(string name, ImmutableArray<int> sizes)
    {
        var layers = ImmutableArray.CreateBuilder<Layer>();
        for (int i = 1; i < sizes.Length; i++)
        {
            bool last = i == sizes.Length - 1;
            layers.Add(new Linear(last ? "output" : $"fc{i}", sizes[i - 1], sizes[i], last ? LayerKind.Output : LayerKind.Fc));
            if (!last) layers.Add(new Relu($"relu{i}"));
        }
        return new(name, sizes[0], layers.ToImmutable());
    }
}
