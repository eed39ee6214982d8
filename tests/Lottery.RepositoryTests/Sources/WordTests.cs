using Lottery.Census;

namespace Lottery.RepositoryTests.Sources;

/// <summary>Code and documents use the field's words: those of the project's early private vocabulary are refused.</summary>
public sealed class WordTests
{
    private static readonly string[] Folders =
        ["src", "tests", "bench", "fuzz", "samples", "studies", "docs", "scripts", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"];

    private static readonly SourceTree s_tree = new(Repository.Root);

    public static TheoryData<string> Words { get; } = [.. RefusedWord.All.Select(word => word.Name)];

    [Theory]
    [MemberData(nameof(Words))]
    public void A_private_word_stands_nowhere(string name)
    {
        RefusedWord word = RefusedWord.All.Single(word => word.Name == name);
        Assert.Empty(
            from folder in Folders
            from file in s_tree.Texts(folder)
            where !file.EndsWith("/WordTests.cs", StringComparison.Ordinal)
            from line in word.Lines(s_tree.Read(file))
            select $"{file}:{line}: '{name}'; write: {word.Replacement}");
    }

    [Theory]
    [InlineData("the rooms of a layer", "room")]
    [InlineData("int RoomOf(int layer)", "room")]
    [InlineData("class TicketHunt", "hunt")]
    [InlineData("Undertaken by this process", "undertak")]
    [InlineData("it is recomputed,\nor made\nagain", "made again")]
    [InlineData("var chain = new LayerChain()", "LayerChain")]
    public void A_private_word_is_recognised(string text, string name) =>
        Assert.NotEmpty(RefusedWord.All.Single(word => word.Name == name).Lines(text));

    [Theory]
    [InlineData("a mushroom, verbose, adverb, taped, roomy, LayerChainTest")]
    [InlineData("omnipresence")]
    public void Other_words_are_not(string text) => Assert.All(RefusedWord.All, word => Assert.Empty(word.Lines(text)));
}
