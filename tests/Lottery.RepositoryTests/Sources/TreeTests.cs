using System.Text.RegularExpressions;
using Lottery.Census;

namespace Lottery.RepositoryTests.Sources;

/// <summary>What holds for the files as such.</summary>
public partial class TreeTests
{
    private static readonly string[] Folders = ["src", "tests", "docs", "scripts", "tools", ".ci", "bench", "fuzz", "studies"];
    private static readonly string[] Endings =
        [".cs", ".csproj", ".props", ".slnx", ".json", ".md", ".cff", ".sh", ".py", ".yaml", ".yml", "/dev", "/lottery", "/run"];

    [Fact]
    public void Licence_and_citation_say_what_they_must()
    {
        Assert.StartsWith("MIT License", Repository.Read("LICENSE"), StringComparison.Ordinal);
        string citation = Repository.Read("CITATION.cff");
        Assert.All(["arXiv:1803.03635", "arXiv:1905.01067", "Frankle", "Carbin", "Zhou", "Lan", "Liu", "Yosinski"],
            fact => Assert.Contains(fact, citation, StringComparison.Ordinal));
    }

    [Fact]
    public void Files_are_short()
    {
        Assert.Empty(OwnFiles().Where(file => file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".py", StringComparison.Ordinal))
            .Where(file => File.ReadLines(Repository.At(file)).Count() > Measures.MostLines));
    }

    [Fact]
    public void No_file_names_a_machine() =>
        Assert.Empty(OwnFiles().Where(file => MachinePath().IsMatch(Repository.Read(file))));

    [Theory]
    [InlineData("see /ho" + "me/ada/lottery", true)]
    [InlineData("cd /wo" + "rk/tree", true)]
    [InlineData("C:" + @"\Users\ada", true)]
    [InlineData("~/.cache/lottery, /usr/share/datasets", false)]
    public void A_machine_is_recognised(string text, bool named) => Assert.Equal(named, MachinePath().IsMatch(text));

    private static IEnumerable<string> OwnFiles() =>
        Directory.EnumerateFiles(Repository.Root).Select(path => Path.GetFileName(path))
            .Concat(Folders.Where(folder => Directory.Exists(Repository.At(folder))).SelectMany(folder => Repository.Files(folder, "")))
            .Where(file => Endings.Any(ending => ("/" + file).EndsWith(ending, StringComparison.Ordinal)));

    [GeneratedRegex(@"(?<![\w.])/(wo[r]k|ro[o]t|ho[m]e|Us[e]rs|m[n]t)/\w|[A-Z]:\\\w")]
    private static partial Regex MachinePath();
}
