using System.Text.RegularExpressions;

namespace Lottery.Census;

/// <summary>A word of the project's former private vocabulary, and the field's word that stands in its place.</summary>
/// <param name="Name">How it is reported.</param>
/// <param name="Pattern">What it matches.</param>
/// <param name="Replacement">What to write instead.</param>
internal sealed record RefusedWord(string Name, Regex Pattern, string Replacement)
{
    /// <summary>The words that redesigns are measured by.</summary>
    public static RefusedWord[] Headline { get; } =
    [
        Stem("picture", "image"),
        Word("room", "buffer, workspace"),
        Stem("crew", "thread team"),
        Stem("undertak", "active job"),
        Word("sitting", "training session"),
        Stem("hunt", "search"),
    ];

    public static RefusedWord[] All { get; } =
    [
        .. Headline,
        Stem("keeper", "run store"),
        Stem("stranger", "untrusted input"),
        Stem("misfit", "shape mismatch"),
        Stem("stencil", "kernel offsets"),
        Stem("chapter", "report section"),
        Word("treatment", "condition"),
        Word("nobody", "none; or name what does not"),
        Word("presence", "dead-channel elimination"),
        Word("verb", "command"),
        Word("tap", "kernel offset"),
        Word("aside", "staged; to a temporary path"),
        Phrase("made again", "recomputed"),
        Phrase("way back", "backward pass"),
        Phrase("silent unit", "inactive unit"),
        Phrase("level start", "rewind point"),
        Phrase("truth value", "Boolean"),
        Phrase("whole number", "integer"),
        Type("LayerChain|GradientChain", "fused segment"),
        Type("Outline|PlanDraft", "graph lowering, plan compiler"),
        Type("Kept(?:Convol|Correl|Forward|InputGradient|WeightGradient|Runs|Vector|Pass|Table|Segments)\\w*", "Sparse…, by what it computes"),
    ];

    /// <summary>Where it stands in a text: line numbers, counted from 1.</summary>
    public IEnumerable<int> Lines(string text) => Pattern.Matches(text).Select(match => text.AsSpan(0, match.Index).Count('\n') + 1);

    public int Count(SourceTree tree, string folder) => tree.Texts(folder).Sum(file => Pattern.Count(tree.Read(file)));

    /// <summary>A whole word, its plural, or a part of a name in camel case.</summary>
    private static RefusedWord Word(string word, string replacement) => new(word, Start(word, "s?(?![a-z])"), replacement);

    /// <summary>Every word that begins so.</summary>
    private static RefusedWord Stem(string stem, string replacement) => new(stem, Start(stem, ""), replacement);

    /// <summary>Several words, also as one name in camel case.</summary>
    private static RefusedWord Phrase(string phrase, string replacement)
    {
        string camel = string.Concat(phrase.Split(' ').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
        return new(phrase, new($@"(?i:(?<![a-z]){phrase.Replace(" ", @"[\s-]+")})(?![a-z])|{camel}(?![a-z])"), replacement);
    }

    private static RefusedWord Type(string pattern, string replacement) => new(pattern.Split('|', '(')[0], new($@"(?<!\w)(?:{pattern})(?!\w)"), replacement);

    private static Regex Start(string word, string end)
    {
        (char lower, char upper) = (word[0], char.ToUpperInvariant(word[0]));
        return new($"(?:(?<![A-Za-z])[{lower}{upper}]|(?<=[a-z0-9]){upper}){word[1..]}{end}");
    }
}
