using System.Text.RegularExpressions;
using Lottery.Census;

namespace Lottery.RepositoryTests.Sources;

/// <summary>The shape of the tree: namespaces follow folders, names are unique, files and folders are small.</summary>
public sealed partial class ShapeTests
{
    /// <summary>The projects that have no folder of the root namespace's name: what is in them belongs to it.</summary>
    private static readonly Dictionary<string, string> s_roots = new() { ["Lottery.Engine"] = "Lottery" };

    private static readonly SourceTree s_tree = new(Repository.Root);

    private static IEnumerable<string> Sources => s_tree.Sources.Where(file => !file.Contains("/Properties/", StringComparison.Ordinal));

    [Fact]
    public void A_namespace_is_its_folder() => Assert.Empty(
        from file in Sources.Concat(s_tree.Files("tests", ".cs")).Concat(s_tree.Files("fuzz", ".cs")).Concat(s_tree.Files("bench", ".cs"))
        let parts = file.Split('/')[1..^1]
        let expected = string.Join('.', parts.Skip(1).Prepend(s_roots.GetValueOrDefault(parts[0], parts[0])))
        let found = Namespace().Match(s_tree.Read(file))
        where found.Success && found.Groups["name"].Value != expected
        select $"{file}: namespace {found.Groups["name"].Value}, expected {expected}");

    [Fact]
    public void No_alias_of_a_namespace_or_type_of_ours() => Assert.Empty(
        from file in Sources
        from match in Alias().Matches(s_tree.Read(file))
        select $"{file}: {match.Value}");

    [Fact]
    public void No_two_types_have_one_name() => Assert.Empty(
        from file in Sources
        from match in TopLevelType().Matches(s_tree.Read(file))
        where !match.Value.Contains("partial", StringComparison.Ordinal)
        group file by match.Groups["name"].Value into types
        where types.Count() > 1
        select $"{types.Key}: {string.Join(", ", types)}");

    [Fact]
    public void Folders_are_small() => Assert.Empty(s_tree.Folders().Where(folder => folder.Files > Measures.MostFiles));

    /// <summary>A file that a user names may be a pipe, a device or of any size: only these folders open files.</summary>
    private static readonly string[] s_openers =
        ["src/Lottery.Engine/Files/", "src/Lottery/Data/Downloads/", "src/Lottery.Studies/Store/Files/",];

    [Fact]
    public void Files_are_opened_and_written_in_one_place() => Assert.Empty(
        from file in Sources
        where !s_openers.Any(opener => file.StartsWith(opener, StringComparison.Ordinal))
        from match in FileAccess().Matches(s_tree.Read(file))
        select $"{file}: {match.Value}: use InputFile.Open, or AtomicFile.Write");

    [GeneratedRegex(@"\bFile\.(?:Open|OpenRead|OpenText|OpenWrite|Create|CreateText|ReadAll\w+|WriteAll\w+|Move|Replace)\(|new FileStream\(|new StreamReader\(\w*[pP]ath|new StreamWriter\(\w*[pP]ath")]
    private static partial Regex FileAccess();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^using \w+ = (?:global::)?Lottery\.[\w.<>]+;", RegexOptions.Multiline)]
    private static partial Regex Alias();

    [GeneratedRegex(@"^(?:(?:public|internal|file|static|sealed|abstract|partial|readonly|ref|unsafe)\s+)*(?:class|record\s+struct|record|struct|interface|enum)\s+(?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex TopLevelType();
}
