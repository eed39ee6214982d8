using System.Text.RegularExpressions;
using Lottery.Formats.Networks;
using Lottery.Formats.Yaml;
using Lottery.Networks;

namespace Lottery.RepositoryTests.Documentation;

/// <summary>docs/networks.md says what the catalogue has, and its example is read.</summary>
public class NetworkDocumentTests
{
    private static readonly string Page = Repository.Read("docs/networks.md");

    [Fact]
    public void Every_network_is_there_with_its_number_of_prunable_weights() => Assert.All(NetworkCatalogue.Names, name =>
    {
        string row = Page.Split('\n').First(line => line.StartsWith("| `", StringComparison.Ordinal) && line.Contains($"`{name}`", StringComparison.Ordinal));
        Assert.Contains(FormattableString.Invariant($"{NetworkCatalogue.Get(name).PrunableCount:N0}"), row, StringComparison.Ordinal);
    });

    [Fact]
    public void The_example_is_read()
    {
        string yaml = Regex.Match(Page, "```yaml\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;
        Network network = NetworkFile.Of(YamlReader.ReadText("docs/networks.md", yaml), "");
        Assert.Equal("small", network.Name);
        Assert.Equal(10, network.Outputs);
    }
}
