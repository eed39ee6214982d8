using Lottery.Formats.Yaml;
using Lottery.Networks;
using Lottery.Networks.Descriptions;

namespace Lottery.Formats.Networks;

/// <summary>Adds the layers of a list to a network.</summary>
internal sealed class LayerReader(NetworkBuilder builder)
{
    private readonly List<(string Name, YamlNode Place)> _places = [];

    /// <summary>Where the layer stands that a complaint names last; where the last layer stands, if it names none.</summary>
    public YamlNode PlaceOf(string complaint)
    {
        string[] words = complaint.Split(' ', ':', '.');
        return _places.AsEnumerable().Reverse().MaxBy(layer =>
            complaint.Contains($"'{layer.Name}'", StringComparison.Ordinal) ? words.Length : Array.LastIndexOf(words, layer.Name)).Place;
    }

    /// <summary>Adds them, first to last.</summary>
    public void Read(YamlList layers)
    {
        foreach (YamlNode layer in layers.Items)
        {
            (string kind, YamlNode settings) = layer switch
            {
                YamlScalar alone => (alone.Value, new YamlMap([], alone.Location)),
                YamlMap { Entries: [var only] } => (only.Key.Value, only.Value),
                _ => throw NetworkFile.Wrong(layer, "a layer is a word, as in 'relu', or a word with its settings, as in 'conv: 64'"),
            };
            LayerWord word = LayerWords.All.FirstOrDefault(known => known.Name == kind) ?? throw Unknown(layer, kind);
            int before = builder.Layers.Length;
            NetworkFile.Built(layer, () => word.Add(builder, Keys.Of(settings, word)));
            _places.AddRange(builder.Layers.Skip(before).SelectMany(Below).Select(one => (one.Name, layer)));
        }
    }

    private static IEnumerable<Layer> Below(Layer layer) =>
        layer is Residual block ? [.. block.Body.SelectMany(Below), .. block.Shortcut.SelectMany(Below), layer] : [layer];

    private static UserException Unknown(YamlNode layer, string kind)
    {
        string[] kinds = [.. LayerWords.All.Select(word => word.Name)];
        return NetworkFile.Wrong(layer, Suggestion.Nearest(kind, kinds) is { } nearest
            ? $"there is no layer '{kind}'; did you mean '{nearest}'?"
            : $"there is no layer '{kind}': take {string.Join(", ", kinds)}");
    }
}
