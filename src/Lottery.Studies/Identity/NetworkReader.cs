using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Lottery.Networks;

namespace Lottery.Studies.Identity;

/// <summary>Makes a network of its <see cref="Network.Description"/>.</summary>
internal static partial class NetworkReader
{
    /// <summary>The network; <paramref name="name"/> is what it goes by.</summary>
    /// <exception cref="FormatException">The description has a word that means no layer or distribution.</exception>
    public static Network Read(string description, string name)
    {
        string[] words = description.Split(' ');
        if (words.Length < 3) throw new FormatException($"'{description}' describes no network");
        int inputs = Whole(words[0]), size = inputs, rectifiers = 0;
        int last = Array.FindLastIndex(words, word => LinearPattern().IsMatch(word));
        var layers = ImmutableArray.CreateBuilder<Layer>();
        for (int i = 1; i < words.Length - 1; i++)
        {
            if (LinearPattern().Match(words[i]) is { Success: true } linear)
            {
                int outputs = Whole(linear.Groups[2].Value);
                LayerKind kind = i == last ? LayerKind.Output : LayerKind.Fc;
                layers.Add(new Linear(linear.Groups[1].Value, size, outputs, kind));
                size = outputs;
            }
            else if (words[i] == "relu") layers.Add(new Relu($"relu{++rectifiers}"));
            else throw new FormatException($"its network has a layer of an unknown kind, '{words[i]}'");
        }
        return new(name, inputs, layers.ToImmutable(), KebabCase.Parse<InitialDistribution>(words[^1]));
    }

    private static int Whole(string word) => int.Parse(word, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^([^=]+)=linear\(([0-9]+)\)$")]
    private static partial Regex LinearPattern();
}
