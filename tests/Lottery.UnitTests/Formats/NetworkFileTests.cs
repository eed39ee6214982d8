using Lottery.Formats.Networks;
using Lottery.Formats.Yaml;
using Lottery.Networks;
using Lottery.UnitTests.Networks.Descriptions;

namespace Lottery.UnitTests.Formats;

/// <summary>Networks in YAML: what is written is read back, and errors have a source location.</summary>
public static class NetworkFileTests
{
    public static TheoryData<string> Names => [.. NetworkCatalogue.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public static void A_network_of_the_catalogue_is_read_back_from_its_text(string name)
    {
        Network network = NetworkCatalogue.Get(name);
        Network read = Read(string.Join('\n', NetworkText.Lines(network)));
        Assert.Equal(network.Description, read.Description);
        Assert.Equal(name, read.Name);
    }

    [Fact]
    public static void Every_kind_of_layer_is_read_back_from_its_text() => Assert.All(LayerWordTests.Everything, network =>
        Assert.Equal(network, Read(string.Join('\n', NetworkText.Lines(network)))));

    [Fact]
    public static void Every_setting_is_read()
    {
        Network network = Read("""
            network: mine
            input: 1x9x9
            initial: he-normal
            layers:
              - conv: { channels: 4, kernel: 5, stride: 2, padding: 1, bias: false, prune: false, name: stem }
              - batch-norm: { name: stem_bn }
              - relu
              - residual:
                  body:
                    - conv: 4
                  shortcut:
                    - conv: { channels: 4, kernel: 1 }
              - average-pool: 2
              - dropout: 0.25
              - flatten
              - fc: { units: 7, prune: false }
              - relu
              - output: { classes: 3, name: scores }
            """);
        Assert.Equal("mine", network.Name);
        Assert.Equal(
            "1x9x9 stem=conv(4,5,stride=2,padding=1,no-bias,unpruned) stem_bn=batch-norm relu [ conv1=conv(4,3) | conv2=conv(4,1) ] "
            + "average-pool(2) dropout1=dropout(0.25) flatten fc1=linear(7,unpruned) relu scores=linear(3) he-normal",
            network.Description);
        Assert.Equal(network.Description, Read(string.Join('\n', NetworkText.Lines(network))).Description);
    }

    [Theory]
    [InlineData("input: 3x4x4\nlayers:\n  - convv: 8\n  - output: 2", "3:5", "did you mean 'conv'")]
    [InlineData("input: 3x4x4\nlayers:\n  - conv: { channels: 8, kernal: 3 }", "3:26", "did you mean 'kernel'")]
    [InlineData("input: 3x4x4\nlayers:\n  - fc: 8\n  - output: 2", "3:5", "fc1")]
    [InlineData("input: 3x4x4\nlayers:\n  - conv: { channels: 8, kernel: 9, padding: 0 }", "3:5", "conv1")]
    [InlineData("input: 3x4x4\nlayers:\n  - conv: eight", "3:11", "integer")]
    [InlineData("input: 3x4\nlayers: []", "1:8", "no shape")]
    [InlineData("input: 99999999999x9x9\nlayers: []", "1:8", "no shape")]
    [InlineData("input: 4\nlayers:\n  - output: 2\n  - relu: 3", "4:11", "no settings")]
    [InlineData("input: 4\nlayers:\n  - dropout: 1\n  - output: 2", "3:14", "below 1")]
    [InlineData("input: 4\ninitial: glorot\nlayers:\n  - output: 2", "2:10", "glorot-normal")]
    [InlineData("input: 4\nlayers:\n  - fc: 1000000\n  - fc: 1000000\n  - output: 2", "4:5", "weights")]
    [InlineData("input: 3x4x4\nlayers:\n  - relu", "3:5", "one score a class")]
    [InlineData("input: 4\nlayers:\n  - fc: { units: 3, name: a }\n  - relu\n  - fc: { units: 3, name: a }\n  - output: 2", "5:5", "Two layers are called a")]
    [InlineData("input: 4\nlayers:\n  - output: { classes: 3, name: first }\n  - relu\n  - output: 2", "3:5", "first is Output")]
    [InlineData("input: 4\nlayers:\n  - fc: 3\n  - relu", "3:5", "fc1 is Fc")]
    [InlineData("input: 4\nlayers:\n  - fc: { units: 3, name: a b }\n  - output: 2", "3:5", "is none")]
    [InlineData("input: 4\nlayers: []", "2:9", "at least one")]
    [InlineData("layers: []", "1:1", "input")]
    [InlineData("input: 4\nlayers:\n  - [relu]", "3:5", "a layer is a word")]
    public static void Errors_have_a_source_location(string text, string where, string what)
    {
        string message = Assert.Throws<UserException>(() => Read(text)).Message;
        Assert.Contains($".yaml:{where}:", message, StringComparison.Ordinal);
        Assert.Contains(what, message, StringComparison.Ordinal);
    }

    private static Network Read(string text)
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.yaml");
        File.WriteAllText(path, text);
        try
        {
            return NetworkFile.Of(YamlReader.ReadFile(path), "unnamed");
        }
        finally
        {
            File.Delete(path);
        }
    }
}
