using System.Text.RegularExpressions;

namespace Lottery.TestSupport;

/// <summary>The documents, and what is written in them.</summary>
internal static partial class Documents
{
    /// <summary>README.md and all of docs/, as paths from the root.</summary>
    public static string[] All { get; } = ["README.md", .. Repository.Files("docs", ".md")];

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

    [GeneratedRegex(@"^```(?<language>\w*)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"`(?<text>[^`\n]+)`")]
    private static partial Regex Quote();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();
}
