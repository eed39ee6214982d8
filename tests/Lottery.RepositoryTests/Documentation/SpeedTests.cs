namespace Lottery.RepositoryTests.Documentation;

/// <summary>The page on speed says what was measured.</summary>
public class SpeedTests
{
    public static TheoryData<string> Results { get; } =
        [.. Directory.GetFiles(Repository.At("bench/results"), "*.md").Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Results))]
    public void Its_figures_are_those_of_the_results(string result)
    {
        string page = Repository.Read("docs/speed.md");
        Assert.Contains($"(../bench/results/{result})", page, StringComparison.Ordinal);
        string[] table = [.. Repository.Read("bench/results/" + result).Split('\n').SkipWhile(line => line != "| | aim | measured | |")
            .TakeWhile(line => line.StartsWith('|'))];
        Assert.True(table.Length > 2);
        Assert.Contains(string.Join('\n', table), page, StringComparison.Ordinal);
    }
}
