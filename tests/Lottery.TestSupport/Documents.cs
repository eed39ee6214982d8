using System.Text.RegularExpressions;

namespace Lottery.TestSupport;

/// <summary>The documents, and what is written in them.</summary>
internal static partial class Documents
{
    /// <summary>README.md, the other documents next to it, and all of docs/, as paths from the root.</summary>
    public static string[] All { get; } =
        ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", .. Repository.Files("docs", ".md")];

    /// <summary>The lines of the fenced blocks of a language, a continued line joined to its first.</summary>
    public static IEnumerable<string> Blocks(string document, string language) =>
        Fence().Matches(Repository.Read(document))
            .Where(match => match.Groups["language"].Value == language)
            .Select(match => match.Groups["text"].Value.Replace("\\\n", " ", StringComparison.Ordinal));

    /// <summary>What stands between single back quotes outside of blocks.</summary>
    public static IEnumerable<string> Quoted(string document) =>
        Quote().Matches(Fence().Replace(Repository.Read(document), "")).Select(match => match.Groups["text"].Value);

    /// <summary>Every command that begins with <c>./NAME</c> (or <c>NAME</c>, between back quotes), without its comment.</summary>
    public static IEnumerable<string> Commands(string document, string name) =>
        Blocks(document, "sh").SelectMany(block => block.Split('\n')).Concat(Quoted(document))
            .Select(line => line.Split(" #")[0].Trim())
            .Where(line => line.StartsWith($"./{name} ", StringComparison.Ordinal) || line.StartsWith($"{name} ", StringComparison.Ordinal))
            .Distinct();

    /// <summary>Targets of links within the repository, with the document that each is in.</summary>
    public static IEnumerable<(string Document, string Target)> Links() =>
        from document in All
        from Match match in Link().Matches(Repository.Read(document))
        let target = match.Groups["target"].Value
        where !target.Contains("://", StringComparison.Ordinal)
        select (document, target);

    /// <summary>The anchors that a document's headings give, as GitHub forms them.</summary>
    public static IEnumerable<string> Anchors(string document) =>
        File.ReadLines(Repository.At(document)).Where(line => line.StartsWith('#'))
            .Select(line => NotInAnchor().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    /// <summary>The hunks of the diffs in a document: for each the file and the lines that the diff expects there, in order.</summary>
    public static IEnumerable<(string File, string[] Lines)> Hunks(string document)
    {
        foreach (string[] diff in Blocks(document, "diff").Select(block => block.Split('\n')))
        {
            string file = "";
            var expected = new List<string>();
            foreach (string line in diff.Append("@@"))
            {
                bool isFile = line.StartsWith("--- a/", StringComparison.Ordinal);
                if (isFile || line.StartsWith("@@", StringComparison.Ordinal))
                {
                    if (expected.Count > 0) yield return (file, [.. expected]);
                    expected.Clear();
                }
                if (isFile) file = line["--- a/".Length..];
                else if (line.StartsWith(' ') || line.StartsWith('-')) expected.Add(line[1..]);
            }
        }
    }

    [GeneratedRegex(@"^```(?<language>\w*)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"`(?<text>[^`\n]+)`")]
    private static partial Regex Quote();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();
}
