namespace Lottery.RepositoryTests.Sources;

/// <summary>tests/allowed-skips.txt, which <c>./dev test --strict</c> reads, names tests that exist.</summary>
public sealed class AllowedSkipsTests
{
    public static TheoryData<string> Lines { get; } =
        [.. Repository.Read("tests/allowed-skips.txt").Split('\n').Where(line => line.Length > 0 && line[0] != '#')];

    [Theory]
    [MemberData(nameof(Lines))]
    public void A_line_names_a_test_a_known_condition_and_a_reason(string line)
    {
        string[] fields = line.Split('|', StringSplitOptions.TrimEntries);
        Assert.Equal(3, fields.Length);
        Assert.Contains(fields[1], (string[])["always", "windows", "not-linux", "not-x64", "not-root", "no-data"]);
        Assert.NotEmpty(fields[2]);
        string[] name = fields[0]["Lottery.".Length..].Split('.');
        string folder = Repository.At($"tests/Lottery.{string.Join('/', name[..^1])}");
        if (Directory.Exists(folder))
        {
            Assert.Equal("*", name[^1]);
            return;
        }
        string source = File.ReadAllText(folder + ".cs");
        if (name[^1] != "*") Assert.Contains($" {name[^1]}(", source, StringComparison.Ordinal);
    }
}
