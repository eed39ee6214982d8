using System.Reflection;
using Lottery.Networks;
using Lottery.Networks.Descriptions;

namespace Lottery.UnitTests.Networks.Descriptions;

/// <summary>Every kind of layer can be written and read: a layer without its words fails here.</summary>
public class LayerWordTests
{
    private static IEnumerable<Type> Kinds => typeof(Layer).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Layer)));

    [Fact]
    public void Every_kind_of_layer_has_its_words_in_the_list() => Assert.Equal(
        Kinds.SelectMany(WordsOf).Order(), LayerWords.All.Select(word => word.Name).Order());

    [Fact]
    public void Every_kind_of_layer_has_a_word() => Assert.All(Kinds, kind => Assert.NotEmpty(WordsOf(kind)));

    [Fact]
    public void A_layer_states_only_settings_whose_keys_its_word_has() => Assert.All(Everything.SelectMany(network => network.AllLayers), layer =>
        Assert.Subset(layer.Text.Word.Keys.ToHashSet(), layer.Text.Settings.Select(setting => setting.Key).ToHashSet()));

    [Fact]
    public void Networks_with_every_kind_of_layer_are_read_from_their_descriptions()
    {
        Assert.Equal(Kinds.ToHashSet(), Everything.SelectMany(network => network.AllLayers).Select(layer => layer.GetType()).ToHashSet());
        Assert.All(Everything, network => Assert.Equal(network, NetworkReader.Read(network.Description, network.Name)));
    }

    /// <summary>Networks with every kind of layer, where no setting has its default.</summary>
    internal static Network[] Everything =>
    [
        Images().Flatten().Linear(7, prunable: false, name: "hidden").Output(3, prunable: false, name: "scores").Build("flattened"),
        Images().GlobalAveragePool().Output(3).Build("averaged"),
    ];

    private static NetworkBuilder Images() => new NetworkBuilder(new(2, 16, 16))
        .Convolution(4, kernel: 5, stride: 2, padding: 1, bias: false, prunable: false, name: "first").BatchNormalization("norm").Relu()
        .DepthwiseConvolution(kernel: 5, stride: 1, padding: 3, bias: false, prunable: false, name: "depth")
        .Residual(body => body.Convolution(8, 3, stride: 2).MaxPool(1), shortcut => shortcut.ZeroPad(8, stride: 2))
        .AveragePool(2).Dropout(0.25, "noise")
        .Residual(body => body.Relu());

    private static IEnumerable<string> WordsOf(Type kind) => kind.GetProperties(BindingFlags.Static | BindingFlags.NonPublic)
        .Where(property => property.PropertyType == typeof(LayerWord)).Select(property => ((LayerWord)property.GetValue(null)!).Name);
}
